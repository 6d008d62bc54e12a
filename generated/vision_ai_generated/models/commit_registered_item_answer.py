from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import (
    UNSET,
    Unset,
    check_int,
    check_none,
    check_object,
    check_union,
)

if TYPE_CHECKING:
    from ..models.no_data import NoData


T = TypeVar("T", bound="CommitRegisteredItemAnswer")


@_attrs_define
class CommitRegisteredItemAnswer:
    """The answer of `/api/commit_registered_item`."""

    code: int
    """ 0 for success; any other number is an error, see `ErrorCode`. """
    data: NoData | None | Unset = UNSET
    """ Nothing; null, or absent (A5). """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        from ..models.no_data import NoData  # noqa: PLC0415

        code = self.code

        data: dict[str, Any] | None | Unset
        if isinstance(self.data, Unset):
            data = UNSET
        elif isinstance(self.data, NoData):
            data = self.data.to_dict()
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
        from ..models.no_data import NoData  # noqa: PLC0415

        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "CommitRegisteredItemAnswer"))
        code = check_int(d.pop("code", UNSET), "CommitRegisteredItemAnswer.code")
        data = (
            (
                check_union(
                    d.pop("data"),
                    "CommitRegisteredItemAnswer.data",
                    (
                        lambda value, _: NoData.from_dict(
                            value
                            if type(value) is dict
                            else check_object(value, "CommitRegisteredItemAnswer.data")
                        ),
                        lambda value, _: check_none(value, "CommitRegisteredItemAnswer.data"),
                    ),
                )
            )
            if "data" in d
            else UNSET
        )
        commit_registered_item_answer = cls(
            code=code,
            data=data,
        )

        commit_registered_item_answer.additional_properties = d
        return commit_registered_item_answer

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
