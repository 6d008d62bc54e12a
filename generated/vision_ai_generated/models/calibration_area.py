from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import (
    UNSET,
    Model,
    check_origin,
    read_int,
    read_object,
    replace_infinities,
)


class CalibrationArea(Model):
    """The part of the picture in which the module recognizes products: a rectangle in pixels of the
    1280x720 picture, relative to its upper left corner. The numbers are whole (A22). It is not
    documented whether a module that was never calibrated returns zeros. An area without width or height
    means that no area is set.
    """

    __match_args__ = (
        "left",
        "top",
        "width",
        "height",
    )

    left: int | None
    """The left edge, in pixels from the left of the picture."""
    top: int | None
    """The upper edge, in pixels from the top of the picture."""
    width: int | None
    """The width in pixels; 0 if no area is set."""
    height: int | None
    """The height in pixels; 0 if no area is set."""

    def __init__(
        self,
        left: int | None = None,
        top: int | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> None:
        self.left = left
        self.top = top
        self.width = width
        self.height = height
        self.additional_properties: dict[str, Any] = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else read_object(src_dict, "CalibrationArea"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.left = v if type(v := d.pop("left", UNSET)) is int else read_int(v, "CalibrationArea.left", d)
        model.top = v if type(v := d.pop("top", UNSET)) is int else read_int(v, "CalibrationArea.top", d)
        model.width = (
            v if type(v := d.pop("width", UNSET)) is int else read_int(v, "CalibrationArea.width", d)
        )
        model.height = (
            v if type(v := d.pop("height", UNSET)) is int else read_int(v, "CalibrationArea.height", d)
        )
        if len(src_dict) - len(d) < 4:
            check_origin(
                src_dict,
                "CalibrationArea",
                (
                    "left",
                    "top",
                    "width",
                    "height",
                ),
            )
        model.additional_properties = replace_infinities(d) if d else d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        if self.left is not None:
            d["left"] = self.left
        if self.top is not None:
            d["top"] = self.top
        if self.width is not None:
            d["width"] = self.width
        if self.height is not None:
            d["height"] = self.height
        return d
