from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types
from ..types import (
    UNSET,
    File,
    check_object,
)

T = TypeVar("T", bound="RestoreUpload")


@_attrs_define
class RestoreUpload:
    """The body of a restore: a form with one part, the backup file. The vendor's example sends the part without
    any name (A4); here it is named `file`, and a client should let its user choose another name, an empty one,
    or none.

    """

    file: File
    """ The bytes of the backup file, as `/download/{filename}` answered them. Send a file name with the part,
    such as `test.evo`.
     """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        file = self.file.to_tuple()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "file": file,
            }
        )

        return field_dict

    def to_multipart(self) -> types.RequestFiles:
        files: types.RequestFiles = []

        files.append(("file", self.file.to_tuple()))

        for prop_name, prop in self.additional_properties.items():
            files.append((prop_name, (None, str(prop).encode(), "text/plain")))

        return files

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "RestoreUpload"))
        file = File(payload=BytesIO(d.pop("file", UNSET)))
        restore_upload = cls(
            file=file,
        )

        restore_upload.additional_properties = d
        return restore_upload

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
