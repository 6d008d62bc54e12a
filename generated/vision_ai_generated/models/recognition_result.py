from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..models.recognized_item import RecognizedItem
from ..types import (
    UNSET,
    Model,
    check_origin,
    read_list,
    read_object,
    read_str,
    replace_infinities,
)


class RecognitionResult(Model):
    """One recognition of the product on the pan."""

    __match_args__ = (
        "items",
        "sid",
    )

    REQUIRED = {
        "v1": (
            ("items", "RecognitionResult.items"),
            ("sid", "RecognitionResult.sid"),
        ),
        "v2": (("items", "RecognitionResult.items"),),
    }

    items: list[RecognizedItem]
    """The guesses, the most likely first. The vendor suggests up to ten. A robust client also accepts a
    single object or null (A21).
    """
    sid: str | None
    """The number of this recognition, for the feedback. Only documented for V1."""

    _all_items: list[RecognizedItem] | None = None

    def __init__(
        self,
        items: list[RecognizedItem],
        sid: str | None = None,
    ) -> None:
        self.items = items
        self.sid = sid
        self.additional_properties: dict[str, Any] = {}

    @property
    def all_items(self) -> list[RecognizedItem]:
        """All guesses of the module, the most likely first. They are those of `items`, except with
        `only_catalog=True`: `items` then lacks the products that are not in the catalog.
        """
        return self.items if self._all_items is None else self._all_items

    @all_items.setter
    def all_items(self, value: list[RecognizedItem]) -> None:
        self._all_items = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else read_object(src_dict, "RecognitionResult"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.items = [
            RecognizedItem.from_dict(
                item if type(item) is dict else read_object(item, "RecognitionResult.items[]")
            )
            for item in read_list(d.pop("items", UNSET), "RecognitionResult.items", d)
        ]
        model.sid = (
            (v if type(v := d.pop("sid")) is str else read_str(v, "RecognitionResult.sid", d))
            if "sid" in d
            else None
        )
        if len(src_dict) - len(d) < 1:
            check_origin(
                src_dict,
                "RecognitionResult",
                (
                    "items",
                    "sid",
                ),
            )
        model.additional_properties = replace_infinities(d) if d else d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        d["items"] = [item.to_dict() for item in self.items]
        if self.sid is not None:
            d["sid"] = self.sid
        return d
