"""`POST /api/result_feedback`"""

from __future__ import annotations

from typing import Any

from ...operation import Field, Operation


def _decode(data: Any) -> None:
    return None


OPERATION: Operation[None] = Operation(
    name="result_feedback",
    method="POST",
    path="/api/result_feedback",
    effect="act",
    response="envelope",
    returns="nothing",
    body="json",
    error_codes=(-6128, -6200, -6202, -6209, -6210, -6213),
    title_in_v2="Report the product that was chosen",
    decode=_decode,
    fields=(
        Field(name="sid", python_name="sid", kind="string", min_length=1),
        Field(name="id", python_name="id", kind="string", alias="item_id", min_length=1),
        Field(name="name", python_name="name", kind="string", alias="item_name", min_length=1),
        Field(name="intop", python_name="intop", kind="boolean"),
    ),
)
