"""`POST /api/clear_all_template`"""

from __future__ import annotations

from typing import Any

from ...operation import Operation


def _decode(data: Any) -> None:
    return None


OPERATION: Operation[None] = Operation(
    name="clear_all_template",
    method="POST",
    path="/api/clear_all_template",
    effect="destructive",
    response="envelope",
    returns="nothing",
    error_codes=(-6128, -6210, -6217),
    versions=("v2",),
    decode=_decode,
)
