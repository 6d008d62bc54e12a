"""How a client behaves: retries, timeouts, field names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from attrs import field, frozen

from ._validation import check_count, check_seconds, is_number
from .errors import InvalidInputError

if TYPE_CHECKING:
    from ._pipeline.hooks import OnCall
    from .profile import FieldNames, Profile, RestorePath

DEFAULT_URL = "http://172.22.0.6"
"""The module's own address; it has no other."""


def _check_not_negative(_: object, attribute: object, value: object) -> None:
    if not is_number(value) or cast(float, value) < 0:
        name = cast(str, getattr(attribute, "name", "?"))
        raise InvalidInputError(f"retries: {name} must be a number from 0 up, not {value!r}")


def _check_retry_count(_: object, attribute: object, value: object) -> None:
    check_count("the number of retries", value, 0)


@frozen
class Retries:
    """How often, and after which pauses, a lost call is repeated.

    `read` and `set` operations are repeated after any lost call; `act` and `destructive` ones only where the
    request cannot have arrived. All attempts and pauses together stay within the call's timeout: an attempt that
    others may follow gets an equal share of the time left.
    """

    count: int = field(default=2, validator=_check_retry_count)
    """Attempts after the first, 0 or more."""
    pause: float = field(default=0.2, validator=_check_not_negative)
    """Seconds before the second attempt."""
    factor: float = field(default=2.0, validator=_check_not_negative)
    """By how much each further pause is longer."""
    longest: float = field(default=2.0, validator=_check_not_negative)
    """The longest pause, in seconds."""

    def pause_before(self, retry: int) -> float:
        """Return the seconds to wait before the retry of that number, counted from 0."""
        try:
            return min(self.pause * self.factor**retry, self.longest)
        except OverflowError:
            return self.longest if self.pause else 0.0


class Options(NamedTuple):
    """The checked options of one client."""

    timeout: float
    retries: Retries
    field_names: FieldNames
    part_name: str | None
    restore_path: RestorePath | None
    on_call: OnCall | None

    def with_changes(self, *, timeout: object, retries: object) -> Options:
        """Return the same with another timeout or other retries; None leaves them."""
        changed = self
        if timeout is not None:
            changed = changed._replace(timeout=check_seconds("timeout", timeout))
        if retries is not None:
            changed = changed._replace(retries=_to_retries(retries))
        return changed


def make_options(*, timeout: object, retries: object, profile: Profile, on_call: OnCall | None) -> Options:
    """Check a client's arguments.

    Raises:
        InvalidInputError: one of them is not possible.
    """
    return Options(
        timeout=check_seconds("timeout", timeout),
        retries=_to_retries(retries),
        field_names=profile.field_names,
        part_name=profile.part_name,
        restore_path=profile.restore_path,
        on_call=on_call,
    )


def _to_retries(retries: object) -> Retries:
    return retries if isinstance(retries, Retries) else Retries(count=cast(int, retries))
