from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import (
    UNSET,
    Model,
    check_origin,
    read_object,
    read_str,
    replace_infinities,
)


class RegisteredImage(Model):
    """A new template picture in the cache."""

    __match_args__ = (
        "image",
        "image_id",
    )

    image: str
    """The picture, a JPEG in base64."""
    image_id: str | None
    """The number of the picture, for its deletion from the cache. It is a string of digits, too long for
    an integer.
    """

    def __init__(
        self,
        image: str,
        image_id: str | None = None,
    ) -> None:
        self.image = image
        self.image_id = image_id
        self.additional_properties: dict[str, Any] = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else read_object(src_dict, "RegisteredImage"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.image = v if type(v := d.pop("image", UNSET)) is str else read_str(v, "RegisteredImage.image")
        model.image_id = (
            v if type(v := d.pop("image_id", UNSET)) is str else read_str(v, "RegisteredImage.image_id", d)
        )
        if len(src_dict) - len(d) < 2:
            check_origin(
                src_dict,
                "RegisteredImage",
                (
                    "image",
                    "image_id",
                ),
            )
        model.additional_properties = replace_infinities(d) if d else d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        d["image"] = self.image
        if self.image_id is not None:
            d["image_id"] = self.image_id
        return d
