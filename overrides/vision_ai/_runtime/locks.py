"""One request at a time: the module expects no more. A client may be allowed several."""

from __future__ import annotations

import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any

from ..errors import UnreachableError, VisionAIError
from .deadline import Deadline
from .forks import call_after_fork

if TYPE_CHECKING:
    import anyio

NESTED = (
    "a call from inside another one of the same client, perhaps from a progress callback during a transfer: "
    "make it after the transfer"
)


class ThreadLock:
    """For threads. Its coroutine never suspends."""

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
        self.reset()
        _thread_locks.add(self)

    def reset(self) -> None:
        """Release everything: at first, and in a child process, where the threads that held it are missing."""
        self._free = threading.Lock() if self._concurrency == 1 else threading.Semaphore(self._concurrency)
        self._holders: list[int] = []

    async def acquire(self, deadline: Deadline) -> None:
        """See `RequestLock.acquire`."""
        thread = threading.get_ident()
        if not self._free.acquire(blocking=False):
            if self._holders.count(thread) >= self._concurrency:
                raise VisionAIError(NESTED)
            left = deadline.left
            if not self._free.acquire(timeout=-1 if left is None else max(left, 0)):
                raise _busy(deadline)
        self._holders.append(thread)

    def release(self) -> None:
        """See `RequestLock.release`."""
        thread = threading.get_ident()
        if thread in self._holders:  # otherwise it was acquired in the parent process
            self._holders.remove(thread)
            self._free.release()


_thread_locks: weakref.WeakSet[ThreadLock] = weakref.WeakSet()


def _reset_all() -> None:
    for lock in list(_thread_locks):
        lock.reset()


call_after_fork(_reset_all)


class TaskLock:
    """For tasks of an event loop, asyncio's or trio's."""

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
        self._free: anyio.Semaphore | None = None
        self._holders: set[Any] = set()

    async def acquire(self, deadline: Deadline) -> None:
        """See `RequestLock.acquire`."""
        import anyio

        if self._free is None:
            self._free = anyio.Semaphore(self._concurrency)
        task = _current_task()
        try:
            self._free.acquire_nowait()
        except anyio.WouldBlock:
            if task in self._holders:
                raise VisionAIError(NESTED) from None
            acquired = False
            with anyio.move_on_after(deadline.left):
                await self._free.acquire()
                acquired = True
            if not acquired:
                raise _busy(deadline) from None
        self._holders.add(task)

    def release(self) -> None:
        """See `RequestLock.release`."""
        self._holders.discard(_current_task())
        if self._free is not None:
            self._free.release()


def _current_task() -> object:
    trio = sys.modules.get("trio")
    if trio is not None:
        try:
            return trio.lowlevel.current_task()
        except RuntimeError:
            pass
    import asyncio

    return asyncio.current_task()


def _busy(deadline: Deadline) -> UnreachableError:
    return UnreachableError(
        f"not sent: another call of this client was still under way after {deadline.elapsed:.3g} s. "
        "The module handles one request at a time; give the call more time, or wait for the other one."
    )
