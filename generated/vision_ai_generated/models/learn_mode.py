from enum import IntEnum
from typing import Any

from ..types import unknown_member


class LearnMode(IntEnum):
    """Whether the module learns from feedback. Firmware may add values: keep unknown numbers.

    OFF: The module only recognizes.
    ON: The module recognizes and learns (the default).

    A value that is not listed keeps its raw value, under the name `UNKNOWN`.
    """

    OFF = 0
    ON = 1

    @classmethod
    def _missing_(cls, value: Any) -> "LearnMode | None":
        return unknown_member(cls, int, value)

    def __str__(self) -> str:
        return str(self.value)
