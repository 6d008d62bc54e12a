"""A moment until which something must be over."""

from __future__ import annotations

from time import monotonic


class Deadline:
    """Counts down from its creation, on the monotonic clock; without `seconds` it never ends.

    Args:
        seconds: Seconds until the end, or None for no end.
        stall: The longest time, in seconds, that a transfer may make no progress; None for no such limit.
    """

    __slots__ = ("_started", "moment", "seconds", "stall")

    def __init__(self, seconds: float | None, stall: float | None = None) -> None:
        self._started = monotonic()
        self.seconds: float | None = seconds
        self.stall: float | None = stall
        self.moment: float | None = None if seconds is None else self._started + seconds
        """The end, on the monotonic clock; None for no end."""

    @property
    def elapsed(self) -> float:
        """Seconds since its creation."""
        return monotonic() - self._started

    @property
    def left(self) -> float | None:
        """Seconds left, 0 or less when it is over, None for no end."""
        return None if self.moment is None else self.moment - monotonic()

    @property
    def over(self) -> bool:
        """Whether the moment has passed."""
        return self.moment is not None and monotonic() >= self.moment

    @property
    def next_moment(self) -> float | None:
        """The moment until which the next bytes must move: this end, or earlier where `stall` says so."""
        if self.stall is None:
            return self.moment
        moment = monotonic() + self.stall
        return moment if self.moment is None or moment < self.moment else self.moment

    def within(self, seconds: float | None, *, stall: float | None = None) -> Deadline:
        """Return a deadline from now that ends no later than this one."""
        left = self.left
        if left is None or (seconds is not None and seconds < left):
            return Deadline(seconds, stall)
        return Deadline(left, stall)
