from enum import IntEnum
from typing import Any

from ..types import unknown_member


class BackupState(IntEnum):
    """The state of a backup. The backup is over if the number is 0 or at least 3 (A12). Firmware may add
    values: keep unknown numbers, and apply this rule to them.

    IDLE: There is no backup task.
    GENERATING: The module creates the file.
    COMPLETED: The backup is complete, and the file can be downloaded.
    FAILED: The module could not create the file.

    A value that is not listed keeps its raw value, under the name `UNKNOWN`.
    """

    IDLE = 0
    GENERATING = 1
    COMPLETED = 3
    FAILED = 6

    @classmethod
    def _missing_(cls, value: Any) -> "BackupState | None":
        return unknown_member(cls, int, value)

    def __str__(self) -> str:
        return str(self.value)
