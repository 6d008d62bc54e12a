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

T = TypeVar("T", bound="RegisteredItem")


@_attrs_define
class RegisteredItem:
    """A template picture in the cache, not committed yet."""

    id: str
    """ The number of the product that the picture shows. It is text; leading zeros count. """
    image_id: str
    """ The number of the picture. A careful client also takes an array of numbers here (A7). """
    name: str
    """ The product's name, UTF-8 (A15). """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        image_id = self.image_id

        name = self.name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "image_id": image_id,
                "name": name,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "RegisteredItem"))
        id = v if type(v := d.pop("id", UNSET)) is str else check_str(v, "RegisteredItem.id")
        image_id = (
            v if type(v := d.pop("image_id", UNSET)) is str else check_str(v, "RegisteredItem.image_id")
        )
        name = v if type(v := d.pop("name", UNSET)) is str else check_str(v, "RegisteredItem.name")
        registered_item = cls(
            id=id,
            image_id=image_id,
            name=name,
        )

        registered_item.additional_properties = d
        return registered_item

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
