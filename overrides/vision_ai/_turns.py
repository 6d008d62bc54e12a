"""Whose turn it is: a module is asked one thing at a time, or as many as its client was allowed."""

from __future__ import annotations

import os
import sys
import threading
import weakref
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
        self._at_once = at_once
        self.renew()
        _of_threads.add(self)

    def renew(self) -> None:
        """All turns are free: at first, and in a child process, where the threads that had them are not."""
        self._free = threading.Lock() if self._at_once == 1 else threading.Semaphore(self._at_once)
        self._inside: dict[int, int] = {}

    async def enter(self, until: Deadline) -> None:
        """Waits for a turn; raises UnreachableError when time is up before."""
        thread = threading.get_ident()
        if not self._free.acquire(blocking=False):
            if self._inside.get(thread, 0) >= self._at_once:
                raise VisionAIError(NESTED)
            left = until.left
            if not self._free.acquire(timeout=-1 if left is None else max(left, 0)):
                raise _busy(until)
        self._inside[thread] = self._inside.get(thread, 0) + 1

    def leave(self) -> None:
        thread = threading.get_ident()
        turns = self._inside.pop(thread, 0)
        if not turns:
            return  # it was entered in the parent process
        if turns > 1:
            self._inside[thread] = turns - 1
        self._free.release()


_of_threads: weakref.WeakSet[ThreadTurns] = weakref.WeakSet()


def _renew_all() -> None:
    for turns in list(_of_threads):
        turns.renew()


os.register_at_fork(after_in_child=_renew_all)


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
