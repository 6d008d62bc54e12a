"""`POST /api/set_learnmode`"""

from __future__ import annotations

from typing import Any

from ...operation import Field, Operation


def _decode(data: Any) -> None:
    return None


OPERATION: Operation[None] = Operation(
    name="set_learnmode",
    method="POST",
    path="/api/set_learnmode",
    effect="set",
    response="envelope",
    returns="nothing",
    body="json",
    error_codes=(-6200, -6203, -6210, -6213),
    title_in_v2="Set the learning mode",
    decode=_decode,
    fields=(Field(name="mode", python_name="mode", kind="integer", values=(0, 1)),),
)
