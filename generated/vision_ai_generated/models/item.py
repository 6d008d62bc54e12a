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


class Item(Model):
    """A product that the module can recognize."""

    __match_args__ = (
        "id",
        "name",
    )

    id: str | None
    """The product number in the terminal's catalog, a string with significant leading zeros."""
    name: str | None
    """The name of the product, UTF-8 (A9, A15)."""

    def __init__(
        self,
        id: str | None = None,
        name: str | None = None,
    ) -> None:
        self.id = id
        self.name = name
        self.additional_properties = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else read_object(src_dict, "Item"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.id = v if type(v := d.pop("id", UNSET)) is str else read_str(v, "Item.id", d)
        model.name = v if type(v := d.pop("name", UNSET)) is str else read_str(v, "Item.name", d)
        if len(src_dict) - len(d) < 2:
            check_origin(
                src_dict,
                "Item",
                (
                    "id",
                    "name",
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
        return d
