from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from ..models.backup_state import BackupState
from ..types import (
    UNSET,
    Model,
    check_origin,
    read_int,
    read_object,
    read_str,
    replace_infinities,
)


class BackupStatus(Model):
    """The status of a backup: the response of `/api/get_backup_status`, which has no envelope. The backup
    is over if `status` is 0 or at least 3 (A12). An error may come with `code` alone.
    """

    __match_args__ = (
        "code",
        "status",
        "filename",
        "msg",
    )

    code: int
    """0 for success; any other number is an error, see `ErrorCode`."""
    status: BackupState
    """The state of a backup. The backup is over if the number is 0 or at least 3 (A12). Firmware may add
    values: keep unknown numbers, and apply this rule to them.
    """
    filename: str
    """The name of the backup file if `status` is 3, otherwise empty."""
    msg: str
    """The state as a message for the user, in Chinese (A15)."""

    def __init__(
        self,
        code: int,
        status: BackupState,
        filename: str = "",
        msg: str = "",
    ) -> None:
        self.code = code
        self.status = status
        self.filename = filename
        self.msg = msg
        self.additional_properties: dict[str, Any] = {}

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict if type(src_dict) is dict else read_object(src_dict, "BackupStatus"))
        model = cls.__new__(cls)  # past __init__: a recognition has eleven models
        model.code = v if type(v := d.pop("code", UNSET)) is int else read_int(v, "BackupStatus.code")
        model.status = BackupState(read_int(d.pop("status", UNSET), "BackupStatus.status"))
        model.filename = (
            ""
            if (
                w := v if type(v := d.pop("filename", "")) is str else read_str(v, "BackupStatus.filename", d)
            )
            is None
            else w
        )
        model.msg = (
            ""
            if (w := v if type(v := d.pop("msg", "")) is str else read_str(v, "BackupStatus.msg", d)) is None
            else w
        )
        if len(src_dict) - len(d) < 4:
            check_origin(
                src_dict,
                "BackupStatus",
                (
                    "code",
                    "status",
                    "filename",
                    "msg",
                ),
            )
        model.additional_properties = replace_infinities(d) if d else d
        return model

    def to_dict(self) -> dict[str, Any]:
        d = dict(self.additional_properties)
        d["code"] = self.code
        d["status"] = self.status.value
        d["filename"] = self.filename
        d["msg"] = self.msg
        return d
