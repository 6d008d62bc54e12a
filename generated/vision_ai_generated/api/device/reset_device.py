"""`POST /api/reset_device`"""

from __future__ import annotations

from typing import Any

from ...operation import Operation


def _decode(data: Any) -> None:
    return None


OPERATION: Operation[None] = Operation(
    name="reset_device",
    method="POST",
    path="/api/reset_device",
    effect="destructive",
    response="envelope",
    returns="nothing",
    error_codes=(-6203, -6210),
    title_in_v2="Reset to factory settings",
    decode=_decode,
)
