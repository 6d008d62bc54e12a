"""The device's own time: real, or stepped by a test."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from typing import Protocol

# A century: the calendar ends somewhere, and so does what it can tell.
_LONGEST_STEP = 100 * 365 * 86400


class Clock(Protocol):
    """What the device asks the time of."""

    def seconds(self) -> float:
        """Seconds since an unspecified start; never goes back."""
        ...

    def now(self) -> datetime:
        """The date and time for identifiers, local and without a time zone; never goes back."""
        ...


class RealClock:
    """Time as it passes."""

    def __init__(self) -> None:
        self._started = datetime.now()
        self._zero = time.monotonic()

    def seconds(self) -> float:
        """Seconds since this clock was made."""
        return time.monotonic() - self._zero

    def now(self) -> datetime:
        """The wall clock's time, counted on from the start: setting the wall clock cannot turn it back."""
        return self._started + timedelta(seconds=self.seconds())


class ManualClock:
    """Time that stands still until `step` is called."""

    # The moment in the vendor's example of a recognition, so that identifiers look as printed there.
    START = datetime(2022, 4, 14, 15, 0, 11, 198_000)

    def __init__(self, start: datetime = START) -> None:
        self._lock = threading.Lock()
        self._start = start
        self._seconds = 0.0

    def step(self, seconds: float) -> None:
        """Let `seconds` (0 or more) pass."""
        if not 0 <= seconds <= _LONGEST_STEP:
            raise ValueError(
                f"time cannot be stepped by {seconds} seconds: give 0 or more, at most {_LONGEST_STEP}"
            )
        with self._lock:
            self._seconds += seconds

    def seconds(self) -> float:
        """Seconds stepped so far."""
        with self._lock:
            return self._seconds

    def now(self) -> datetime:
        """The start (`START` unless another was given) plus the seconds stepped so far."""
        return self._start + timedelta(seconds=self.seconds())


class DeviceClock:
    """The clock that the device is built with: another can take its place while the device goes on.

    Neither its seconds nor its date ever go back by that.
    """

    def __init__(self, source: Clock) -> None:
        self._lock = threading.Lock()
        self._source = source
        self._more_seconds = 0.0
        self._ahead = timedelta()

    @property
    def source(self) -> Clock:
        """The clock behind this one."""
        return self._source

    def switch(self, source: Clock) -> None:
        """Go on by another clock."""
        self.go_on_from(self.seconds(), self.now(), source)

    def go_on_from(self, seconds: float, now: datetime, source: Clock | None = None) -> None:
        """Go on from a moment, or from the date that the source itself tells if that is later."""
        with self._lock:
            self._source = source or self._source
            self._more_seconds = seconds - self._source.seconds()
            self._ahead = max(timedelta(), now - self._source.now())

    def seconds(self) -> float:
        """Seconds since an unspecified start."""
        with self._lock:
            return self._more_seconds + self._source.seconds()

    def now(self) -> datetime:
        """The device's date and time."""
        with self._lock:
            return self._source.now() + self._ahead
