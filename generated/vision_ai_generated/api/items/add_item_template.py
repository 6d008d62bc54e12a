"""`POST /api/add_item_template`"""

from __future__ import annotations

from typing import Any

from ... import models
from ...operation import Field, Operation
from ...types import (
    read_object,
)


def _decode(data: Any) -> models.ItemTemplate:
    return models.ItemTemplate.from_dict(data if type(data) is dict else read_object(data, "ItemTemplate"))


OPERATION: Operation[models.ItemTemplate] = Operation(
    name="add_item_template",
    method="POST",
    path="/api/add_item_template",
    effect="act",
    response="envelope",
    returns="one",
    body="json",
    contains_bytes=True,
    error_codes=(-6103, -6128, -6200, -6203, -6209, -6210, -6213, -6217),
    versions=("v2",),
    decode=_decode,
    fields=(Field(name="id", python_name="id", kind="string", min_length=1),),
)
