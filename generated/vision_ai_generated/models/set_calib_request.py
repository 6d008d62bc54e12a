from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    check_int,
    check_object,
)

T = TypeVar("T", bound="SetCalibRequest")


@_attrs_define
class SetCalibRequest:
    """The part of the picture in which products are to be looked for: a rectangle in pixels of the 1280x720 picture,
    counted from its upper left corner. It must not be empty, nor reach beyond the picture.

    """

    left: int
    """ The left edge, in pixels from the left of the picture, 0 to 1279. """
    top: int
    """ The upper edge, in pixels from the top of the picture, 0 to 719. """
    width: int
    """ The width in pixels, 1 to 1280; `left + width` is at most 1280. """
    height: int
    """ The height in pixels, 1 to 720; `top + height` is at most 720. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        left = self.left

        top = self.top

        width = self.width

        height = self.height

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "left": left,
                "top": top,
                "width": width,
                "height": height,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "SetCalibRequest"))
        left = check_int(d.pop("left", UNSET), "SetCalibRequest.left")
        top = check_int(d.pop("top", UNSET), "SetCalibRequest.top")
        width = check_int(d.pop("width", UNSET), "SetCalibRequest.width")
        height = check_int(d.pop("height", UNSET), "SetCalibRequest.height")
        set_calib_request = cls(
            left=left,
            top=top,
            width=width,
            height=height,
        )

        set_calib_request.additional_properties = d
        return set_calib_request

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
