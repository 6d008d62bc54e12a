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

T = TypeVar("T", bound="CalibrationArea")


@_attrs_define
class CalibrationArea:
    """The part of the picture in which products lie: a rectangle in pixels of the 1280x720 picture, counted from its
    upper left corner. Whether a module that was never calibrated answers zeros, or something else, is not
    documented; an area without width or height is none.

    """

    left: int
    """ The left edge, in pixels from the left of the picture, 0 to 1279. """
    top: int
    """ The upper edge, in pixels from the top of the picture, 0 to 719. """
    width: int
    """ The width in pixels, 0 to 1280; 0 where no area is set. """
    height: int
    """ The height in pixels, 0 to 720; 0 where no area is set. """
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
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "CalibrationArea"))
        left = check_int(d.pop("left", UNSET), "CalibrationArea.left")
        top = check_int(d.pop("top", UNSET), "CalibrationArea.top")
        width = check_int(d.pop("width", UNSET), "CalibrationArea.width")
        height = check_int(d.pop("height", UNSET), "CalibrationArea.height")
        calibration_area = cls(
            left=left,
            top=top,
            width=width,
            height=height,
        )

        calibration_area.additional_properties = d
        return calibration_area

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
