from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import (
    UNSET,
    Model,
    check_origin,
    read_object,
    read_str,
    replace_infinities,
)


class RegisteredItem(Model):
    """A template picture in the cache, which is not committed."""

    __match_args__ = (
        "id",
        "image_id",
        "name",
    )

    id: str | None
    """The number of the product in the picture, a string with significant leading zeros."""
    image_id: str | None
    """The number of the picture. A robust client also accepts an array of numbers (A7)."""
    name: str | None
    """The name of the product, UTF-8 (A15)."""

    def __init__(
        self,
        id: str | None = None,
        image_id: str | None = None,
        name: str | None = None,
    ) -> None:
        self.id = id
        self.image_id = image_id
        self.name = name
        self.additional_properties: dict[str, Any] = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else read_object(src_dict, "RegisteredItem"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.id = v if type(v := d.pop("id", UNSET)) is str else read_str(v, "RegisteredItem.id", d)
        model.image_id = (
            v if type(v := d.pop("image_id", UNSET)) is str else read_str(v, "RegisteredItem.image_id", d)
        )
        model.name = v if type(v := d.pop("name", UNSET)) is str else read_str(v, "RegisteredItem.name", d)
        if len(src_dict) - len(d) < 3:
            check_origin(
                src_dict,
                "RegisteredItem",
                (
                    "id",
                    "image_id",
                    "name",
                ),
            )
        model.additional_properties = replace_infinities(d) if d else d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        if self.id is not None:
            d["id"] = self.id
        if self.image_id is not None:
            d["image_id"] = self.image_id
        if self.name is not None:
            d["name"] = self.name
        return d
