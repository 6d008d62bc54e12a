from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.backup_state import BackupState
from ..types import (
    UNSET,
    check_int,
    check_object,
    check_str,
)

T = TypeVar("T", bound="BackupStatus")


@_attrs_define
class BackupStatus:
    """How far the backup has got; the answer of `/api/get_backup_status`, which has no envelope. It is over when
    `status` is 0 or at least 3 (A12).

    """

    code: int
    """ 0 for success; any other number is an error, see `ErrorCode`. """
    status: BackupState
    """ The state of a backup. It is over when the number is 0 or at least 3 (A12). Firmware may add values: keep a
    number you do not know, and let that rule decide.
     """
    filename: str = ""
    """ The name of the backup file. It is there only when `status` is 3, and empty otherwise. """
    msg: str = ""
    """ The state in words, in Chinese, fit to be shown to the user (A15). """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        status = self.status.value

        filename = self.filename

        msg = self.msg

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "status": status,
            }
        )
        if filename is not UNSET:
            field_dict["filename"] = filename
        if msg is not UNSET:
            field_dict["msg"] = msg

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict if type(src_dict) is dict else check_object(src_dict, "BackupStatus"))
        code = check_int(d.pop("code", UNSET), "BackupStatus.code")
        status = BackupState(check_int(d.pop("status", UNSET), "BackupStatus.status"))
        filename = v if type(v := d.pop("filename", "")) is str else check_str(v, "BackupStatus.filename")
        msg = v if type(v := d.pop("msg", "")) is str else check_str(v, "BackupStatus.msg")
        backup_status = cls(
            code=code,
            status=status,
            filename=filename,
            msg=msg,
        )

        backup_status.additional_properties = d
        return backup_status

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
