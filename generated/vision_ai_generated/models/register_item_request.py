from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    Unset,
    check_object,
    check_str,
)

T = TypeVar("T", bound="RegisterItemRequest")


@_attrs_define
class RegisterItemRequest:
    """The product of which a template picture is to be taken."""

    id: str
    """ The product's number in the terminal's catalogue. It is text; leading zeros count (A1). """
    name: str
    """ The product's name, UTF-8 (A1, A15). """
    item_id: str | Unset = UNSET
    """ The same as `id`, under the name of the vendor's table (A1). Where it is sent, it has the value of `id`. """
    item_name: str | Unset = UNSET
    """ The same as `name`, under the name of the vendor's table (A1). Where it is sent, it has the value of `name`.
    """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        name = self.name

        item_id = self.item_id

        item_name = self.item_name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
            }
        )
        if item_id is not UNSET:
            field_dict["item_id"] = item_id
        if item_name is not UNSET:
            field_dict["item_name"] = item_name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "RegisterItemRequest"))
        id = v if type(v := d.pop("id", UNSET)) is str else check_str(v, "RegisterItemRequest.id")
        name = v if type(v := d.pop("name", UNSET)) is str else check_str(v, "RegisterItemRequest.name")
        item_id = (
            (v if type(v := d.pop("item_id")) is str else check_str(v, "RegisterItemRequest.item_id"))
            if "item_id" in d
            else UNSET
        )
        item_name = (
            (v if type(v := d.pop("item_name")) is str else check_str(v, "RegisterItemRequest.item_name"))
            if "item_name" in d
            else UNSET
        )
        register_item_request = cls(
            id=id,
            name=name,
            item_id=item_id,
            item_name=item_name,
        )

        register_item_request.additional_properties = d
        return register_item_request

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
