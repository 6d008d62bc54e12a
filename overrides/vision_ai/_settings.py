"""The settings of a client, checked once here and trusted inside."""

from __future__ import annotations

import math
import os
import re
from typing import Literal, cast, get_args

from attrs import field, frozen

from .errors import InvalidInputError

DEFAULT_URL = "http://172.22.0.6"
"""The module's own address; it has no other."""
URL_VARIABLE = "VISION_AI_URL"

LONGEST_WAIT = 1e9
"""Seconds, some thirty years; locks and sockets end at about ten times that."""

FieldNames = Literal["both", "id", "item_id"]


def shown(value: object) -> str:
    """A wrong value for a message: its beginning, where it is long."""
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:99]}…"


def is_number(value: object) -> bool:
    """Whether it is a finite int or float; True and False are none."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an int beyond all floats
        return False


def positive_seconds(name: str, value: object) -> float:
    """A length of time above 0 that the operating system can still wait for."""
    if not is_number(value) or not 0 < cast(float, value) <= LONGEST_WAIT:
        raise InvalidInputError(
            f"{name} must be a number of seconds above 0 and at most {LONGEST_WAIT:g}, not {value!r}"
        )
    return float(cast(float, value))


def whole_number(name: str, value: object, least: int) -> int:
    """A count that is not below `least`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InvalidInputError(f"{name} must be a whole number from {least} up, not {value!r}")
    return value


def _not_negative(_: object, attribute: object, value: object) -> None:
    if not is_number(value) or cast(float, value) < 0:
        name = cast(str, getattr(attribute, "name", "?"))
        raise InvalidInputError(f"retries: {name} must be a number from 0 up, not {value!r}")


def _a_count(_: object, attribute: object, value: object) -> None:
    whole_number("the number of retries", value, 0)


@frozen
class Retries:
    """How often, and after which pauses, a lost call is tried again.

    `read` and `set` operations are tried again after any lost call; `act` and `destructive` ones only where
    the request cannot have arrived. All tries and pauses together stay within the call's timeout: a try that
    may be followed by others gets an equal share of what is left of it.
    """

    count: int = field(default=2, validator=_a_count)
    """Further tries after the first, 0 or more."""
    pause: float = field(default=0.2, validator=_not_negative)
    """Seconds before the second try."""
    factor: float = field(default=2.0, validator=_not_negative)
    """By how much each further pause is longer."""
    longest: float = field(default=2.0, validator=_not_negative)
    """The longest pause, in seconds."""

    def pause_before(self, retry: int) -> float:
        """Seconds to wait before the retry of that number, counted from 0."""
        try:
            return min(self.pause * self.factor**retry, self.longest)
        except OverflowError:
            return self.longest if self.pause else 0.0


@frozen
class Settings:
    """How one client behaves."""

    timeout: float
    retries: Retries
    field_names: FieldNames
    part_name: str | None


def make_settings(*, timeout: object, retries: object, field_names: object, part_name: object) -> Settings:
    if field_names not in get_args(FieldNames):
        choices = ", ".join(map(repr, get_args(FieldNames)))
        raise InvalidInputError(f"field_names must be one of {choices}, not {field_names!r}")
    if part_name is not None and not (
        isinstance(part_name, str) and re.fullmatch(r"[^\x00-\x1f\x7f\ud800-\udfff]*", part_name)
    ):
        raise InvalidInputError(
            f'part_name must be a name on one line, "" for an empty one or None for none, not {part_name!r}'
        )
    return Settings(
        timeout=positive_seconds("timeout", timeout),
        retries=retries if isinstance(retries, Retries) else Retries(count=cast(int, retries)),
        field_names=cast(FieldNames, field_names),
        part_name=part_name,
    )


def chosen_url(url: object) -> str:
    """The URL given, else that of the environment, else the module's own."""
    if url is None:
        url = os.environ.get(URL_VARIABLE) or DEFAULT_URL
    if not isinstance(url, str):
        raise InvalidInputError(f"url must be a text such as {DEFAULT_URL!r}, not {url!r}")
    return url.strip()
