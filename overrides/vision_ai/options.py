"""How a client behaves: retries, timeouts, field names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, cast, get_args

from vision_ai_generated.operation import Version

from ._lazy_module import LazyModule
from ._pipeline.hooks import OnCall
from ._validation import check_count, check_seconds, describe, is_number
from .errors import InvalidInputError

if TYPE_CHECKING:
    from ._pipeline import product_lookup as _product_lookup
else:
    _product_lookup = LazyModule("vision_ai._pipeline.product_lookup")

DEFAULT_URL = "http://172.22.0.6"
"""The module's own address; it has no other."""

FieldNames = Literal["both", "id", "item_id"]
"""Under which name a field with two names is sent (A1)."""
RestorePath = Literal["/api/start_restore", "/api/restore"]
"""The two paths of a restore (A3)."""


Api = Literal["auto", "v1", "v2"]
"""Which version of the API the module speaks."""


class _RetriesFields(NamedTuple):
    count: int  # pyright: ignore[reportIncompatibleMethodOverride]  # in place of tuple.count
    pause: float
    factor: float
    longest: float


class Retries(_RetriesFields):
    """How often, and after which pauses, a lost call is repeated.

    `read` and `set` operations are repeated after any lost call; `act` and `destructive` ones only where the
    request cannot have arrived. All attempts and pauses together stay within the call's timeout: an attempt that
    others may follow gets an equal share of the time left.

    Args:
        count: Attempts after the first, 0 or more.
        pause: Seconds before the second attempt.
        factor: By how much each further pause is longer.
        longest: The longest pause, in seconds.

    Raises:
        InvalidInputError: one of these is not possible.
    """

    __slots__ = ()

    def __new__(
        cls, count: int = 2, pause: float = 0.2, factor: float = 2.0, longest: float = 2.0
    ) -> Retries:
        check_count("the number of retries", count, 0)
        for name, value in (("pause", pause), ("factor", factor), ("longest", longest)):
            if not is_number(value) or value < 0:
                raise InvalidInputError(f"retries: {name} must be a number from 0 up, not {value!r}")
        return super().__new__(cls, count, pause, factor, longest)

    def pause_before(self, retry: int) -> float:
        """Return the seconds to wait before the retry of that number, counted from 0."""
        try:
            return min(self.pause * self.factor**retry, self.longest)
        except OverflowError:
            return self.longest if self.pause else 0.0


class Expectations(NamedTuple):
    """What a firmware expects where the vendor's document leaves it open; see `Profile`."""

    field_names: FieldNames = "both"
    part_name: str | None = "file"
    restore_path: RestorePath | None = None
    api: Version | None = None


class Options(NamedTuple):
    """The checked options of one client."""

    timeout: float
    retries: Retries
    expectations: Expectations
    on_call: OnCall | None
    strict: bool = False
    keep_alive: bool = True
    api: Api = "auto"
    set_clock: bool = True
    product_lookup: _product_lookup.ProductLookup | None = None
    """What names the guesses of a recognition; None without a catalog."""

    def with_changes(self, *, timeout: object, retries: object) -> Options:
        """Return the same with another timeout or other retries; None leaves them."""
        changed = self
        if timeout is not None:
            changed = changed._replace(timeout=check_seconds("timeout", timeout))
        if retries is not None:
            changed = changed._replace(retries=to_retries(retries))
        return changed


def check_api(api: object) -> Api:
    """Refuse what is not a version of the API."""
    if not (isinstance(api, str) and api in get_args(Api)):
        raise InvalidInputError(f'api must be "auto", "v1" or "v2", not {describe(api)}')
    return cast(Api, api)


def to_retries(retries: object) -> Retries:
    """Return the retries for a number, or for what is one."""
    return retries if isinstance(retries, Retries) else Retries(count=cast(int, retries))
