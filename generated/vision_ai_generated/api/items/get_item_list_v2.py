"""`GET /api/get_item_list`"""

from __future__ import annotations

from typing import Any

from ... import models
from ...operation import Operation
from ...types import (
    read_list,
    read_object,
)


def _decode(data: Any) -> list[models.Item]:
    return [
        models.Item.from_dict(item if type(item) is dict else read_object(item, "list[Item][]"))
        for item in read_list(data, "list[Item]")
    ]


OPERATION: Operation[list[models.Item]] = Operation(
    name="get_item_list",
    method="GET",
    path="/api/get_item_list",
    effect="read",
    response="envelope",
    returns="list",
    error_codes=(-6128, -6209, -6210),
    versions=("v2",),
    decode=_decode,
)
