"""The device's time: real, or moved by a test."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from typing import Protocol

# A century: a datetime cannot pass the year 9999.
_LONGEST_STEP = 100 * 365 * 86400


class Clock(Protocol):
    """A source of the device's time."""

    def seconds(self) -> float:
        """Seconds since an unspecified start; never goes back."""
        ...

    def now(self) -> datetime:
        """The local date and time without a time zone, for identifiers; never goes back."""
        ...


class RealClock:
    """Real time."""

    def __init__(self) -> None:
        self._started = datetime.now()
        self._zero = time.monotonic()

    def seconds(self) -> float:
        """Seconds since this clock was created."""
        return time.monotonic() - self._zero

    def now(self) -> datetime:
        """The date and time at the start plus the seconds since then: setting the system's time changes
        nothing.
        """
        return self._started + timedelta(seconds=self.seconds())


class ManualClock:
    """A clock that stands still until `step` is called."""

    # The time in the vendor's example of a recognition, so that identifiers look like the ones printed there.
    START = datetime(2022, 4, 14, 15, 0, 11, 198_000)

    def __init__(self, start: datetime = START) -> None:
        self._lock = threading.Lock()
        self._start = start
        self._seconds = 0.0

    def step(self, seconds: float) -> None:
        """Advance the clock by `seconds` (0 or more)."""
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
        """The start plus the seconds stepped so far."""
        return self._start + timedelta(seconds=self.seconds())


class DeviceClock:
    """The clock that the device keeps while the clock behind it may be replaced.

    Replacing it never moves the seconds or the date back.
    """

    def __init__(self, source: Clock) -> None:
        self._lock = threading.Lock()
        self._source = source
        self._seconds_offset = 0.0
        self._date_offset = timedelta()

    @property
    def source(self) -> Clock:
        """The clock behind this one."""
        return self._source

    def switch(self, source: Clock) -> None:
        """Continue with another clock."""
        self.continue_from(self.seconds(), self.now(), source)

    def continue_from(self, seconds: float, now: datetime, source: Clock | None = None) -> None:
        """Continue from `seconds` and from the later of `now` and the source's own date."""
        with self._lock:
            self._source = source or self._source
            self._seconds_offset = seconds - self._source.seconds()
            self._date_offset = max(timedelta(), now - self._source.now())

    def seconds(self) -> float:
        """Seconds since an unspecified start."""
        with self._lock:
            return self._seconds_offset + self._source.seconds()

    def now(self) -> datetime:
        """The device's date and time."""
        with self._lock:
            return self._source.now() + self._date_offset
