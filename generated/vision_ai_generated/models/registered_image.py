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

T = TypeVar("T", bound="RegisteredImage")


@_attrs_define
class RegisteredImage:
    """A template picture that was taken just now and put into the cache."""

    image: str
    """ The picture, a JPEG in base64. """
    image_id: str
    """ The number of the picture, by which it can be dropped from the cache. It is text of digits, too long for an
    integer. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        image = self.image

        image_id = self.image_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "image": image,
                "image_id": image_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "RegisteredImage"))
        image = v if type(v := d.pop("image", UNSET)) is str else check_str(v, "RegisteredImage.image")
        image_id = (
            v if type(v := d.pop("image_id", UNSET)) is str else check_str(v, "RegisteredImage.image_id")
        )
        registered_image = cls(
            image=image,
            image_id=image_id,
        )

        registered_image.additional_properties = d
        return registered_image

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
