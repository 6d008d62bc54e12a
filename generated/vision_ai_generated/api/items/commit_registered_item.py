"""`POST /api/commit_registered_item`"""

from __future__ import annotations

from typing import Any

from ...operation import Field, Operation


def _decode(data: Any) -> None:
    return None


OPERATION: Operation[None] = Operation(
    name="commit_registered_item",
    method="POST",
    path="/api/commit_registered_item",
    effect="act",
    response="envelope",
    returns="nothing",
    body="json",
    error_codes=(-6128, -6200, -6202, -6203, -6209, -6210, -6213),
    decode=_decode,
    fields=(Field(name="id", python_name="id", kind="string", alias="item_id", min_length=1),),
)
