"""The device's own time: real, or stepped by a test."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from typing import Protocol


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

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds = 0.0

    def step(self, seconds: float) -> None:
        """Let `seconds` (0 or more) pass."""
        if not seconds >= 0:
            raise ValueError(f"time cannot be stepped by {seconds} seconds: give 0 or more")
        with self._lock:
            self._seconds += seconds

    def seconds(self) -> float:
        """Seconds stepped so far."""
        with self._lock:
            return self._seconds

    def now(self) -> datetime:
        """`START` plus the seconds stepped so far."""
        return self.START + timedelta(seconds=self.seconds())
