from enum import IntEnum
from typing import Any

from ..types import unknown_member


class RestoreState(IntEnum):
    """The state of a restore. The restore is over if the number is 0 or at least 4 (A12). Firmware may add
    values: keep unknown numbers, and apply this rule to them.

    IDLE: There is no restore task.
    RESTORING: The module restores the data.
    VERIFYING: The module verifies the data.
    COMPLETED: The restore is complete.
    RESTORE_FAILED: The module could not restore the data.
    VERIFICATION_FAILED: The verification of the data failed.

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
