"""Whose turn it is: a module is asked one thing at a time, or as many as its client was allowed."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from ._deadline import Deadline
from .errors import UnreachableError, VisionAIError

if TYPE_CHECKING:
    import anyio

NESTED = (
    "a call from inside another one of the same client, perhaps from a progress callback during a transfer: "
    "make it after the transfer"
)


class ThreadTurns:
    """For threads. Its coroutine never waits for an event loop."""

    def __init__(self, at_once: int) -> None:
        self._free = threading.Lock() if at_once == 1 else threading.Semaphore(at_once)
        self._inside: set[int] = set()

    async def enter(self, until: Deadline) -> None:
        """Waits for a turn; raises UnreachableError when time is up before."""
        thread = threading.get_ident()
        if not self._free.acquire(blocking=False):
            if thread in self._inside:
                raise VisionAIError(NESTED)
            left = until.left
            if not self._free.acquire(timeout=-1 if left is None else max(left, 0)):
                raise _busy(until)
        self._inside.add(thread)

    def leave(self) -> None:
        self._inside.discard(threading.get_ident())
        self._free.release()


class TaskTurns:
    """For tasks of an event loop, asyncio's or trio's."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._free: anyio.Semaphore | None = None
        self._inside: set[Any] = set()

    async def enter(self, until: Deadline) -> None:
        """Waits for a turn; raises UnreachableError when time is up before."""
        import anyio  # not needed by programs without an event loop

        if self._free is None:
            self._free = anyio.Semaphore(self._at_once)
        task = _this_task()
        try:
            self._free.acquire_nowait()
        except anyio.WouldBlock:
            if task in self._inside:
                raise VisionAIError(NESTED) from None
            acquired = False
            with anyio.move_on_after(until.left):
                await self._free.acquire()
                acquired = True
            if not acquired:
                raise _busy(until) from None
        self._inside.add(task)

    def leave(self) -> None:
        self._inside.discard(_this_task())
        if self._free is not None:
            self._free.release()


def _this_task() -> object:
    trio = sys.modules.get("trio")
    if trio is not None:
        try:
            return trio.lowlevel.current_task()
        except RuntimeError:
            pass
    import asyncio

    return asyncio.current_task()


def _busy(until: Deadline) -> UnreachableError:
    return UnreachableError(
        f"not sent: another call of this client was still under way after {until.elapsed:.3g} s. "
        "A module is asked one thing at a time; give the call more time, or wait for the other one."
    )
