from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.learn_mode import LearnMode
from ..types import (
    UNSET,
    check_int,
    check_object,
)

T = TypeVar("T", bound="LearnModeState")


@_attrs_define
class LearnModeState:
    """The learning mode, as it is or as it is to be."""

    mode: LearnMode
    """ Whether the module learns from feedback. Firmware may add values: keep a number you do not know.
     """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        mode = self.mode.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "mode": mode,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "LearnModeState"))
        mode = LearnMode(check_int(d.pop("mode", UNSET), "LearnModeState.mode"))
        learn_mode_state = cls(
            mode=mode,
        )

        learn_mode_state.additional_properties = d
        return learn_mode_state

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
