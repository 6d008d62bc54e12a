"""The settings of a client, checked once here and trusted inside."""

from __future__ import annotations

import math
from typing import cast

from attrs import evolve, field, frozen

from ._calls import OnCall, checked_on_call
from ._profile import FieldNames, Profile, RestorePath
from .errors import InvalidInputError

DEFAULT_URL = "http://172.22.0.6"
"""The module's own address; it has no other."""
LONGEST_WAIT = 1e9
"""Seconds, some thirty years; locks and sockets end at about ten times that."""


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
    restore_path: RestorePath | None
    on_call: OnCall | None

    def patient(self, *, timeout: object, retries: object) -> Settings:
        """The same with another timeout or other retries; None leaves them."""
        changed = self
        if timeout is not None:
            changed = evolve(changed, timeout=positive_seconds("timeout", timeout))
        if retries is not None:
            changed = evolve(changed, retries=_retries(retries))
        return changed


def make_settings(*, timeout: object, retries: object, profile: Profile, on_call: object) -> Settings:
    return Settings(
        timeout=positive_seconds("timeout", timeout),
        retries=_retries(retries),
        field_names=profile.field_names,
        part_name=profile.part_name,
        restore_path=profile.restore_path,
        on_call=checked_on_call(on_call),
    )


def _retries(retries: object) -> Retries:
    return retries if isinstance(retries, Retries) else Retries(count=cast(int, retries))
