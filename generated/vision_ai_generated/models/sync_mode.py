from enum import StrEnum
from typing import Any

from ..types import unknown_member


class SyncMode(StrEnum):
    """The role of a module in the synchronization between scales. Firmware may add values: keep unknown
    strings. Ignore the case, because the vendor's table has `Normal` too (A20).

    NORMAL: The module does not synchronize (the default).
    MASTER: The module belongs to the main scale.
    SLAVE: The module synchronizes with the main scale of `masterIP` and `masterSN`.

    A value that is not listed keeps its raw value, under the name `UNKNOWN`.
    """

    MASTER = "master"
    NORMAL = "normal"
    SLAVE = "slave"

    @classmethod
    def _missing_(cls, value: Any) -> "SyncMode | None":
        for member in cls:  # the vendor's examples differ in case
            if isinstance(value, str) and member.value.casefold() == value.casefold():
                return member
        return unknown_member(cls, str, value)

    def __str__(self) -> str:
        return str(self.value)
