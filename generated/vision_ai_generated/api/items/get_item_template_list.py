"""`POST /api/get_item_template_list`"""

from __future__ import annotations

from typing import Any

from ...operation import Field, Operation
from ...types import (
    read_list,
    read_str,
)


def _decode(data: Any) -> list[str]:
    return [
        item if type(item) is str else read_str(item, "list[str][]") for item in read_list(data, "list[str]")
    ]


OPERATION: Operation[list[str]] = Operation(
    name="get_item_template_list",
    method="POST",
    path="/api/get_item_template_list",
    effect="read",
    response="envelope",
    returns="list",
    body="json",
    error_codes=(-6128, -6200, -6202, -6210, -6213),
    versions=("v2",),
    decode=_decode,
    fields=(Field(name="id", python_name="id", kind="string", min_length=1),),
)
