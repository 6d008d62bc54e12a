"""`POST /api/delete_item_template`"""

from __future__ import annotations

from typing import Any

from ...operation import Field, Operation


def _decode(data: Any) -> None:
    return None


OPERATION: Operation[None] = Operation(
    name="delete_item_template",
    method="POST",
    path="/api/delete_item_template",
    effect="act",
    response="envelope",
    returns="nothing",
    body="json",
    error_codes=(-6128, -6200, -6202, -6210, -6213, -6217),
    versions=("v2",),
    decode=_decode,
    fields=(
        Field(name="id", python_name="id", kind="string", min_length=1),
        Field(name="sid", python_name="sid", kind="string", min_length=1),
    ),
)
