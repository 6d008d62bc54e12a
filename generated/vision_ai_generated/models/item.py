from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import (
    UNSET,
    Model,
    check_origin,
    read_int,
    read_object,
    read_str,
    replace_infinities,
)


class Item(Model):
    """A product that the module can recognize."""

    __match_args__ = (
        "id",
        "name",
        "count",
    )

    REQUIRED = {
        "v1": (
            ("id", "Item.id"),
            ("name", "Item.name"),
        ),
        "v2": (
            ("id", "Item.id"),
            ("count", "Item.count"),
        ),
    }

    id: str | None
    """The product number in the terminal's catalog, a string with significant leading zeros."""
    name: str | None
    """The name of the product, UTF-8 (A9, A15). Only documented for V1."""
    count: int | None
    """How many templates the product has. Only documented for V2."""

    def __init__(
        self,
        id: str | None = None,
        name: str | None = None,
        count: int | None = None,
    ) -> None:
        self.id = id
        self.name = name
        self.count = count
        self.additional_properties: dict[str, Any] = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else read_object(src_dict, "Item"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.id = v if type(v := d.pop("id", UNSET)) is str else read_str(v, "Item.id", d)
        model.name = (
            (v if type(v := d.pop("name")) is str else read_str(v, "Item.name", d)) if "name" in d else None
        )
        model.count = (
            (v if type(v := d.pop("count")) is int else read_int(v, "Item.count", d))
            if "count" in d
            else None
        )
        if len(src_dict) - len(d) < 2:
            check_origin(
                src_dict,
                "Item",
                (
                    "id",
                    "name",
                    "count",
                ),
            )
        model.additional_properties = replace_infinities(d) if d else d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        if self.id is not None:
            d["id"] = self.id
        if self.name is not None:
            d["name"] = self.name
        if self.count is not None:
            d["count"] = self.count
        return d
