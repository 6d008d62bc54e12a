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


class ItemTemplate(Model):
    """A new template of a product."""

    __match_args__ = (
        "image",
        "sid",
    )

    image: str
    """The picture, in base64."""
    sid: str | None
    """The number of the template, for its deletion."""

    def __init__(
        self,
        image: str,
        sid: str | None = None,
    ) -> None:
        self.image = image
        self.sid = sid
        self.additional_properties: dict[str, Any] = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else read_object(src_dict, "ItemTemplate"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.image = v if type(v := d.pop("image", UNSET)) is str else read_str(v, "ItemTemplate.image")
        model.sid = v if type(v := d.pop("sid", UNSET)) is str else read_str(v, "ItemTemplate.sid", d)
        if len(src_dict) - len(d) < 2:
            check_origin(
                src_dict,
                "ItemTemplate",
                (
                    "image",
                    "sid",
                ),
            )
        model.additional_properties = replace_infinities(d) if d else d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        d["image"] = self.image
        if self.sid is not None:
            d["sid"] = self.sid
        return d
