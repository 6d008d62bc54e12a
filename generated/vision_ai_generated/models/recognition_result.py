from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    check_list,
    check_object,
    check_str,
)

if TYPE_CHECKING:
    from ..models.recognized_item import RecognizedItem


T = TypeVar("T", bound="RecognitionResult")


@_attrs_define
class RecognitionResult:
    """One recognition, what the module takes the product on the pan for."""

    items: list[RecognizedItem]
    """ The guesses, at most ten, the likeliest first. """
    sid: str
    """ The number of this recognition, to be sent back with the clerk's choice. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        sid = self.sid

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "items": items,
                "sid": sid,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recognized_item import RecognizedItem  # noqa: PLC0415

        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "RecognitionResult"))
        items = [
            RecognizedItem.from_dict(
                item if type(item) is dict else check_object(item, "RecognitionResult.items[]")
            )
            for item in check_list(d.pop("items", UNSET), "RecognitionResult.items")
        ]
        sid = v if type(v := d.pop("sid", UNSET)) is str else check_str(v, "RecognitionResult.sid")
        recognition_result = cls(
            items=items,
            sid=sid,
        )

        recognition_result.additional_properties = d
        return recognition_result

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
