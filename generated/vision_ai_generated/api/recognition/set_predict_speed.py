"""`POST /api/set_predict_speed`"""

from __future__ import annotations

from typing import Any

from ...operation import Field, Operation


def _decode(data: Any) -> None:
    return None


OPERATION: Operation[None] = Operation(
    name="set_predict_speed",
    method="POST",
    path="/api/set_predict_speed",
    effect="set",
    response="envelope",
    returns="nothing",
    body="json",
    error_codes=(-6200, -6203, -6210, -6213),
    versions=("v2",),
    decode=_decode,
    fields=(Field(name="speed", python_name="speed", kind="string", values=("normal", "fast")),),
)
