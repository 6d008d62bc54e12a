from enum import IntEnum
from typing import Any

from ..types import unknown_member


class RestoreState(IntEnum):
    """The state of a restore. It is over when the number is 0 or at least 4 (A12). Firmware may add
    values: keep a number you do not know, and let that rule decide.

    IDLE: There is no restore task.
    RESTORING: The data is being loaded.
    VERIFYING: The data is being verified.
    COMPLETED: The restore is complete.
    RESTORE_FAILED: The data could not be loaded.
    VERIFICATION_FAILED: The data did not pass verification.

    A value that is not listed keeps its raw value, under the name `UNKNOWN`.
    """

    IDLE = 0
    RESTORING = 2
    VERIFYING = 3
    COMPLETED = 4
    RESTORE_FAILED = 5
    VERIFICATION_FAILED = 7

    @classmethod
    def _missing_(cls, value: Any) -> "RestoreState | None":
        return unknown_member(cls, int, value)

    def __str__(self) -> str:
        return str(self.value)
