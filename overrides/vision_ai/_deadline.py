"""A moment until which something must be over."""

from __future__ import annotations

import time


class Deadline:
    """Counts down from its making, on the monotonic clock; without seconds it never ends."""

    def __init__(self, seconds: float | None) -> None:
        self._started = time.monotonic()
        self.seconds = seconds

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._started

    @property
    def left(self) -> float | None:
        """Seconds left, 0 or less when it is over, None for no end."""
        return None if self.seconds is None else self.seconds - self.elapsed

    @property
    def moment(self) -> float | None:
        """On the monotonic clock; None for no end."""
        return None if self.seconds is None else self._started + self.seconds

    @property
    def over(self) -> bool:
        left = self.left
        return left is not None and left <= 0

    def within(self, seconds: float | None) -> Deadline:
        """A deadline from now that ends no later than this one."""
        left = self.left
        if left is None or (seconds is not None and seconds < left):
            return Deadline(seconds)
        return Deadline(left)
