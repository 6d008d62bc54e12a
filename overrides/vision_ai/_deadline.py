"""A moment until which something must be over."""

from __future__ import annotations

from time import monotonic

CONNECT_SHARE = 0.9
"""Of the time left for a call: so that a connection that never comes up is told from an answer that never
comes."""


class Deadline:
    """Counts down from its making, on the monotonic clock; without seconds it never ends."""

    __slots__ = ("_started", "moment", "seconds")

    def __init__(self, seconds: float | None) -> None:
        self._started = monotonic()
        self.seconds = seconds
        self.moment = None if seconds is None else self._started + seconds
        """On the monotonic clock; None for no end."""

    @property
    def elapsed(self) -> float:
        return monotonic() - self._started

    @property
    def left(self) -> float | None:
        """Seconds left, 0 or less when it is over, None for no end."""
        return None if self.moment is None else self.moment - monotonic()

    @property
    def over(self) -> bool:
        return self.moment is not None and monotonic() >= self.moment

    def within(self, seconds: float | None) -> Deadline:
        """A deadline from now that ends no later than this one."""
        left = self.left
        if left is None or (seconds is not None and seconds < left):
            return Deadline(seconds)
        return Deadline(left)
