from enum import StrEnum
from typing import Any

from ..types import unknown_member


class SyncMode(StrEnum):
    """A module's part in synchronisation between scales. Firmware may add values: keep a text you do not
    know. The vendor's table once writes `Normal` with a capital; compare without regard to case.

    NORMAL: The module stands alone; the default.
    MASTER: The module is that of the main scale.
    SLAVE: The module follows the main scale that `masterIP` and `masterSN` name.

    A value that is not listed keeps its raw value, under the name `UNKNOWN`.
    """

    MASTER = "master"
    NORMAL = "normal"
    SLAVE = "slave"

    @classmethod
    def _missing_(cls, value: Any) -> "SyncMode | None":
        for member in cls:  # the vendor's own examples differ in case
            if isinstance(value, str) and member.value.casefold() == value.casefold():
                return member
        return unknown_member(cls, str, value)

    def __str__(self) -> str:
        return str(self.value)
