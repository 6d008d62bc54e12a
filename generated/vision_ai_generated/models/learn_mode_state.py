from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..models.learn_mode import LearnMode
from ..types import (
    UNSET,
    Model,
    read_int,
    read_object,
    replace_infinities,
)


class LearnModeState(Model):
    """The learning mode."""

    __match_args__ = ("mode",)

    mode: LearnMode
    """Whether the module learns from feedback. Firmware may add values: keep unknown numbers."""

    def __init__(
        self,
        mode: LearnMode,
    ) -> None:
        self.mode = mode
        self.additional_properties: dict[str, Any] = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else read_object(src_dict, "LearnModeState"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.mode = LearnMode(read_int(d.pop("mode", UNSET), "LearnModeState.mode"))
        model.additional_properties = replace_infinities(d) if d else d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        d["mode"] = self.mode.value
        return d
