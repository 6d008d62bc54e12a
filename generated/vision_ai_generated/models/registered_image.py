from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import (
    UNSET,
    Model,
    check_object,
    check_str,
)


class RegisteredImage(Model):
    """A new template picture in the cache."""

    __match_args__ = (
        "image",
        "image_id",
    )

    image: str
    """The picture, a JPEG in base64."""
    image_id: str
    """The number of the picture, for its deletion from the cache. It is a string of digits, too long for
    an integer.
    """

    def __init__(
        self,
        image: str,
        image_id: str,
    ) -> None:
        self.image = image
        self.image_id = image_id
        self.additional_properties = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "RegisteredImage"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.image = v if type(v := d.pop("image", UNSET)) is str else check_str(v, "RegisteredImage.image")
        model.image_id = (
            v if type(v := d.pop("image_id", UNSET)) is str else check_str(v, "RegisteredImage.image_id")
        )
        model.additional_properties = d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        d["image"] = self.image
        d["image_id"] = self.image_id
        return d
