"""`POST /api/start_backup`"""

from __future__ import annotations

from typing import Any

from ...operation import Operation


def _decode(data: Any) -> None:
    return None


OPERATION: Operation[None] = Operation(
    name="start_backup",
    method="POST",
    path="/api/start_backup",
    effect="act",
    response="envelope",
    returns="nothing",
    error_codes=(-6128, -6203, -6204, -6209, -6210),
    title_in_v2="Export the templates",
    decode=_decode,
)
