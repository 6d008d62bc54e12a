"""`POST /api/set_calib`"""

from __future__ import annotations

from typing import Any

from ...operation import Field, Operation, SumLimit


def _decode(data: Any) -> None:
    return None


OPERATION: Operation[None] = Operation(
    name="set_calib",
    method="POST",
    path="/api/set_calib",
    effect="set",
    response="envelope",
    returns="nothing",
    body="json",
    error_codes=(-6200, -6203, -6210, -6213),
    versions=("v1", "v2"),
    decode=_decode,
    fields=(
        Field(name="left", python_name="left", kind="integer", minimum=0, maximum=1279),
        Field(name="top", python_name="top", kind="integer", minimum=0, maximum=719),
        Field(name="width", python_name="width", kind="integer", minimum=1, maximum=1280),
        Field(name="height", python_name="height", kind="integer", minimum=1, maximum=720),
    ),
    sums=(
        SumLimit(fields=("left", "width"), maximum=1280),
        SumLimit(fields=("top", "height"), maximum=720),
    ),
)
