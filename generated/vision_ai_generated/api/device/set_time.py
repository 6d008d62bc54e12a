"""`POST /api/set_time`"""

from __future__ import annotations

from typing import Any

from ...operation import Field, Operation


def _decode(data: Any) -> None:
    return None


OPERATION: Operation[None] = Operation(
    name="set_time",
    method="POST",
    path="/api/set_time",
    effect="set",
    response="envelope",
    returns="nothing",
    body="json",
    error_codes=(-6200, -6210, -6213),
    versions=("v2",),
    decode=_decode,
    fields=(
        Field(name="sec", python_name="sec", kind="integer", minimum=0),
        Field(name="usec", python_name="usec", kind="integer", minimum=0, maximum=999999),
    ),
)
