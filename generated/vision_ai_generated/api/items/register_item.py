"""`POST /api/register_item`"""

from __future__ import annotations

from typing import Any

from ... import models
from ...operation import Field, Operation
from ...types import (
    read_object,
)


def _decode(data: Any) -> models.RegisteredImage:
    return models.RegisteredImage.from_dict(
        data if type(data) is dict else read_object(data, "RegisteredImage")
    )


OPERATION: Operation[models.RegisteredImage] = Operation(
    name="register_item",
    method="POST",
    path="/api/register_item",
    effect="act",
    response="envelope",
    returns="one",
    body="json",
    contains_bytes=True,
    error_codes=(-6103, -6128, -6200, -6203, -6209, -6210, -6213),
    decode=_decode,
    fields=(
        Field(name="id", python_name="id", kind="string", alias="item_id", min_length=1),
        Field(name="name", python_name="name", kind="string", alias="item_name", min_length=1),
    ),
)
