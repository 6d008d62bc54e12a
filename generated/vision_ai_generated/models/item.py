from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import (
    UNSET,
    Model,
    check_object,
    check_str,
)


class Item(Model):
    """A product that the module can recognize."""

    __match_args__ = (
        "id",
        "name",
    )

    id: str
    """The product number in the terminal's catalog, a string with significant leading zeros."""
    name: str
    """The name of the product, UTF-8 (A9, A15)."""

    def __init__(
        self,
        id: str,
        name: str,
    ) -> None:
        self.id = id
        self.name = name
        self.additional_properties = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "Item"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.id = v if type(v := d.pop("id", UNSET)) is str else check_str(v, "Item.id")
        model.name = v if type(v := d.pop("name", UNSET)) is str else check_str(v, "Item.name")
        model.additional_properties = d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        d["id"] = self.id
        d["name"] = self.name
        return d
