from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import (
    UNSET,
    Model,
    check_float,
    check_object,
    check_str,
)


class RecognizedItem(Model):
    """One guess."""

    __match_args__ = (
        "id",
        "score",
    )

    id: str
    """The product number, a string with significant leading zeros."""
    score: float
    """The confidence of the module, from 0 to 1."""

    def __init__(
        self,
        id: str,
        score: float,
    ) -> None:
        self.id = id
        self.score = score
        self.additional_properties = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "RecognizedItem"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.id = v if type(v := d.pop("id", UNSET)) is str else check_str(v, "RecognizedItem.id")
        model.score = check_float(d.pop("score", UNSET), "RecognizedItem.score")
        model.additional_properties = d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        d["id"] = self.id
        d["score"] = self.score
        return d
