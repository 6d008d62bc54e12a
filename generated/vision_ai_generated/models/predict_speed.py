from enum import StrEnum
from typing import Any

from ..types import unknown_member


class PredictSpeed(StrEnum):
    """The speed of the recognition. Firmware may add values: keep unknown strings.

    NORMAL: Slower and better.
    FAST: As fast as before (the default).

    A value that is not listed keeps its raw value, under the name `UNKNOWN`.
    """

    FAST = "fast"
    NORMAL = "normal"

    @classmethod
    def _missing_(cls, value: Any) -> "PredictSpeed | None":
        for member in cls:  # the vendor's examples differ in case
            if isinstance(value, str) and member.value.casefold() == value.casefold():
                return member
        return unknown_member(cls, str, value)

    def __str__(self) -> str:
        return str(self.value)
