from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import (
    UNSET,
    Model,
    check_int,
    check_object,
)


class CalibrationArea(Model):
    """The part of the picture in which the module recognizes products: a rectangle in pixels of the
    1280x720 picture, relative to its upper left corner. It is not documented whether a module that was
    never calibrated returns zeros. An area without width or height means that no area is set.
    """

    __match_args__ = (
        "left",
        "top",
        "width",
        "height",
    )

    left: int
    """The left edge, in pixels from the left of the picture, 0 to 1279."""
    top: int
    """The upper edge, in pixels from the top of the picture, 0 to 719."""
    width: int
    """The width in pixels, 0 to 1280; 0 if no area is set."""
    height: int
    """The height in pixels, 0 to 720; 0 if no area is set."""

    def __init__(
        self,
        left: int,
        top: int,
        width: int,
        height: int,
    ) -> None:
        self.left = left
        self.top = top
        self.width = width
        self.height = height
        self.additional_properties = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "CalibrationArea"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.left = check_int(d.pop("left", UNSET), "CalibrationArea.left")
        model.top = check_int(d.pop("top", UNSET), "CalibrationArea.top")
        model.width = check_int(d.pop("width", UNSET), "CalibrationArea.width")
        model.height = check_int(d.pop("height", UNSET), "CalibrationArea.height")
        model.additional_properties = d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        d["left"] = self.left
        d["top"] = self.top
        d["width"] = self.width
        d["height"] = self.height
        return d
