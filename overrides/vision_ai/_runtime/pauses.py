"""Pauses that another thread or task can end early."""

from __future__ import annotations

import sys
from collections.abc import Callable

from . import waiters
from .deadline import Deadline
from .waiters import Waiter

LONGEST_SLICE = 0.1 if sys.platform == "win32" else waiters.LOOK_AGAIN
"""Seconds waited at once. On Windows, Ctrl-C does not interrupt a thread that waits to be woken."""


class Pauses:
    """The pauses over one connection."""

    def __init__(self) -> None:
        self._waiters: set[Waiter] = set()

    async def wait(self, waiter: Waiter, seconds: float, is_over: Callable[[], bool]) -> None:
        """Wait, but no longer than until `end` is called and `is_over()` is true."""
        deadline = Deadline(seconds)
        self._waiters.add(waiter)
        try:
            while not is_over() and (left := deadline.left or 0.0) > 0:
                await waiter.wait(min(left, LONGEST_SLICE))
        finally:
            self._waiters.discard(waiter)

    def end(self) -> None:
        """Let everyone who pauses look whether the pause is over."""
        for waiter in list(self._waiters):
            waiter.wake()
