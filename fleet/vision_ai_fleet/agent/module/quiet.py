"""Whether the till is selling: it calls the module, or writes its journal."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

LONGEST_PAUSE = 1.0
"""Seconds between two looks while waiting."""


class ActivitySource(Protocol):
    """What knows when the till last did something."""

    @property
    def till_called_at(self) -> float:
        """On the monotonic clock; minus infinity for never."""
        ...


class TillActivity:
    """Tells a selling till from a quiet one.

    Args:
        sources: Who sees the till.
        quiet_seconds: How long it must have done nothing.
    """

    def __init__(self, sources: tuple[ActivitySource, ...], quiet_seconds: float) -> None:
        self._sources = sources
        self._quiet_seconds = quiet_seconds

    @property
    def is_busy(self) -> bool:
        """Whether the till is selling."""
        return self._compute_wait() > 0

    async def wait_for_quiet(self, timeout: float) -> bool:
        """Wait until the till makes a pause; False if it made none in time (seconds)."""
        end = time.monotonic() + timeout
        while (wait := self._compute_wait()) > 0:
            left = end - time.monotonic()
            if left <= 0:
                return False
            await asyncio.sleep(min(wait, left, LONGEST_PAUSE))
        return True

    def _compute_wait(self) -> float:
        last = max(source.till_called_at for source in self._sources)
        return last + self._quiet_seconds - time.monotonic()
