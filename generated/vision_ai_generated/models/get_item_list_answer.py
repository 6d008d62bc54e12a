from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    Unset,
    check_int,
    check_list,
    check_none,
    check_object,
    check_union,
)

if TYPE_CHECKING:
    from ..models.item import Item


T = TypeVar("T", bound="GetItemListAnswer")


@_attrs_define
class GetItemListAnswer:
    """The answer of `/api/get_item_list`."""

    code: int
    """ 0 for success; any other number is an error, see `ErrorCode`. """
    data: list[Item] | None | Unset = UNSET
    """ The recognisable products (A7); null or absent when the call failed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        data: list[dict[str, Any]] | None | Unset
        if isinstance(self.data, Unset):
            data = UNSET
        elif isinstance(self.data, list):
            data = []
            for data_type_0_item_data in self.data:
                data_type_0_item = data_type_0_item_data.to_dict()
                data.append(data_type_0_item)

        else:
            data = self.data

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
            }
        )
        if data is not UNSET:
            field_dict["data"] = data

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.item import Item  # noqa: PLC0415

        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "GetItemListAnswer"))
        code = check_int(d.pop("code", UNSET), "GetItemListAnswer.code")
        data = (
            (
                check_union(
                    d.pop("data"),
                    "GetItemListAnswer.data",
                    (
                        lambda value, _: [
                            Item.from_dict(
                                item if type(item) is dict else check_object(item, "GetItemListAnswer.data[]")
                            )
                            for item in check_list(value, "GetItemListAnswer.data")
                        ],
                        lambda value, _: check_none(value, "GetItemListAnswer.data"),
                    ),
                )
            )
            if "data" in d
            else UNSET
        )
        get_item_list_answer = cls(
            code=code,
            data=data,
        )

        get_item_list_answer.additional_properties = d
        return get_item_list_answer

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
