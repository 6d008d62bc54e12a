from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import (
    UNSET,
    Model,
    check_object,
    check_str,
)


class RegisteredItem(Model):
    """A template picture in the cache, which is not committed."""

    __match_args__ = (
        "id",
        "image_id",
        "name",
    )

    id: str
    """The number of the product in the picture, a string with significant leading zeros."""
    image_id: str
    """The number of the picture. A robust client also accepts an array of numbers (A7)."""
    name: str
    """The name of the product, UTF-8 (A15)."""

    def __init__(
        self,
        id: str,
        image_id: str,
        name: str,
    ) -> None:
        self.id = id
        self.image_id = image_id
        self.name = name
        self.additional_properties = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "RegisteredItem"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.id = v if type(v := d.pop("id", UNSET)) is str else check_str(v, "RegisteredItem.id")
        model.image_id = (
            v if type(v := d.pop("image_id", UNSET)) is str else check_str(v, "RegisteredItem.image_id")
        )
        model.name = v if type(v := d.pop("name", UNSET)) is str else check_str(v, "RegisteredItem.name")
        model.additional_properties = d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        d["id"] = self.id
        d["image_id"] = self.image_id
        d["name"] = self.name
        return d
