"""The time of events and of the pauses between questions: real, or that of an emulator whose clock a test moves."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def monotonic(self) -> float:
        """Seconds since an unspecified start; never goes back."""
        ...

    def now(self) -> datetime:
        """The time in UTC."""
        ...


class MovableClock(Clock, Protocol):
    """A clock that stands still until it is moved."""

    def step(self, seconds: float) -> None:
        """Move it on."""
        ...


class RealClock:
    """The time of this computer."""

    monotonic = staticmethod(monotonic)

    def now(self) -> datetime:
        """See `Clock.now`."""
        return datetime.now(UTC)


REAL_CLOCK = RealClock()
