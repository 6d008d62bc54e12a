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

T = TypeVar("T", bound="DeleteRegisteredImageRequest")


@_attrs_define
class DeleteRegisteredImageRequest:
    """The template picture to drop from the cache."""

    id: str
    """ The product's number in the terminal's catalogue. It is text; leading zeros count (A1). """
    image_id: str
    """ The number of the picture, as `/api/register_item` or `/api/get_registered_item_list` answered it. """
    item_id: str | Unset = UNSET
    """ The same as `id`, under the name of the vendor's table (A1). Where it is sent, it has the value of `id`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        image_id = self.image_id

        item_id = self.item_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "image_id": image_id,
            }
        )
        if item_id is not UNSET:
            field_dict["item_id"] = item_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(
            src_dict if type(src_dict) is dict else check_object(src_dict, "DeleteRegisteredImageRequest")
        )
        id = v if type(v := d.pop("id", UNSET)) is str else check_str(v, "DeleteRegisteredImageRequest.id")
        image_id = (
            v
            if type(v := d.pop("image_id", UNSET)) is str
            else check_str(v, "DeleteRegisteredImageRequest.image_id")
        )
        item_id = (
            (
                v
                if type(v := d.pop("item_id")) is str
                else check_str(v, "DeleteRegisteredImageRequest.item_id")
            )
            if "item_id" in d
            else UNSET
        )
        delete_registered_image_request = cls(
            id=id,
            image_id=image_id,
            item_id=item_id,
        )

        delete_registered_image_request.additional_properties = d
        return delete_registered_image_request

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
