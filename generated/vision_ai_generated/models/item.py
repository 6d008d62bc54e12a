from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    check_object,
    check_str,
)

T = TypeVar("T", bound="Item")


@_attrs_define
class Item:
    """A product that the module can recognise."""

    id: str
    """ The product's number in the terminal's catalogue. It is text; leading zeros count. """
    name: str
    """ The product's name, UTF-8 (A9, A15). """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        name = self.name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "Item"))
        id = v if type(v := d.pop("id", UNSET)) is str else check_str(v, "Item.id")
        name = v if type(v := d.pop("name", UNSET)) is str else check_str(v, "Item.name")
        item = cls(
            id=id,
            name=name,
        )

        item.additional_properties = d
        return item

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
