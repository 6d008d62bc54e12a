"""`POST /api/reboot`"""

from __future__ import annotations

from typing import Any

from ...operation import Operation


def _decode(data: Any) -> None:
    return None


OPERATION: Operation[None] = Operation(
    name="reboot",
    method="POST",
    path="/api/reboot",
    effect="act",
    response="envelope",
    returns="nothing",
    error_codes=(-6210,),
    title_in_v2="Restart the module",
    decode=_decode,
)
