from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    check_float,
    check_object,
    check_str,
)

T = TypeVar("T", bound="RecognizedItem")


@_attrs_define
class RecognizedItem:
    """One guess."""

    id: str
    """ The product's number. It is text; leading zeros count. """
    score: float
    """ How sure the module is, from 0 to 1; higher is surer. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        score = self.score

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "score": score,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "RecognizedItem"))
        id = v if type(v := d.pop("id", UNSET)) is str else check_str(v, "RecognizedItem.id")
        score = check_float(d.pop("score", UNSET), "RecognizedItem.score")
        recognized_item = cls(
            id=id,
            score=score,
        )

        recognized_item.additional_properties = d
        return recognized_item

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
