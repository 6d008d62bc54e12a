from enum import IntEnum
from typing import Any

from ..types import unknown_member


class BackupState(IntEnum):
    """The state of a backup. It is over when the number is 0 or at least 3 (A12). Firmware may add values:
    keep a number you do not know, and let that rule decide.

    IDLE: There is no backup task.
    GENERATING: The file is being made.
    COMPLETED: The backup is complete and the file can be downloaded.
    FAILED: The file could not be made.

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
