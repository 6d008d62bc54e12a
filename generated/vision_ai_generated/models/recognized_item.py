from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..types import (
    INF,
    UNSET,
    Model,
    read_float,
    read_object,
    read_str,
    replace_infinities,
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
    """The confidence of the module, a fraction from 0 to 1. Rounding can put it slightly outside."""

    name: str | None = None
    """The product's name in the client's catalog; None without one, and for a product that is not in it.
    No module sends it.
    """

    def __init__(
        self,
        id: str,
        score: float,
    ) -> None:
        self.id = id
        self.score = score
        self.additional_properties: dict[str, Any] = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else read_object(src_dict, "RecognizedItem"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.id = v if type(v := d.pop("id", UNSET)) is str else read_str(v, "RecognizedItem.id")
        model.score = (
            v
            if type(v := d.pop("score", UNSET)) is float and -INF < v < INF
            else read_float(v, "RecognizedItem.score")
        )
        model.additional_properties = replace_infinities(d) if d else d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        d["id"] = self.id
        d["score"] = self.score
        return d
