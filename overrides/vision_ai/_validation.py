"""Checks of arguments that several modules share."""

from __future__ import annotations

import math
from typing import cast

from .errors import InvalidInputError

LONGEST_WAIT = 1e9
"""Seconds, some thirty years; locks and sockets end at about ten times that."""
LONGEST_DESCRIPTION = 100
"""Characters."""


def describe(value: object) -> str:
    """Return a wrong value for a message: its beginning where it is long."""
    text = repr(value)
    return text if len(text) <= LONGEST_DESCRIPTION else f"{text[: LONGEST_DESCRIPTION - 1]}…"


def is_number(value: object) -> bool:
    """Whether it is a finite int or float. True and False are not numbers."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an int beyond all floats
        return False


def check_seconds(name: str, value: object) -> float:
    """Return a length of time above 0 that the operating system can wait for."""
    if not is_number(value) or not 0 < cast(float, value) <= LONGEST_WAIT:
        raise InvalidInputError(
            f"{name} must be a number of seconds above 0 and at most {LONGEST_WAIT:g}, not {value!r}"
        )
    return float(cast(float, value))


def check_count(name: str, value: object, least: int) -> int:
    """Return a whole number that is not below `least`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InvalidInputError(f"{name} must be a whole number from {least} up, not {value!r}")
    return value


def check_flag(name: str, value: object) -> bool:
    """Return True or False."""
    if not isinstance(value, bool):
        raise InvalidInputError(f"{name} must be True or False, not {describe(value)}")
    return value
