"""What waits: a thread, or a task of asyncio's or trio's, until it is woken from any thread or event loop."""

from __future__ import annotations

import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from threading import get_ident

LOOK_AGAIN = 1.0
"""Seconds after which a waiter looks by itself: a wake-up is lost with an interrupted thread, and comes late where an
event loop was at rest."""


class Waiter(ABC):
    """A thread or task that waits."""

    owner: object
    """The thread or task."""

    @property
    def can_run(self) -> bool:
        """Whether it would go on now; False for a task whose event loop is at rest or closed."""
        return True

    @abstractmethod
    async def wait(self, seconds: float) -> None:
        """Wait until it is woken, or time is up."""

    @abstractmethod
    def wake(self) -> None:
        """Let it go on. Doing so again does nothing."""


class WaitingThread(Waiter):
    """A thread. Its coroutine never suspends."""

    def __init__(self) -> None:
        self.owner = get_ident()
        self._gate = threading.Lock()
        self._gate.acquire()

    async def wait(self, seconds: float) -> None:
        """See `Waiter.wait`."""
        self._gate.acquire(timeout=seconds)

    def wake(self) -> None:
        with suppress(RuntimeError):  # it is awake already
            self._gate.release()


def make_task_waiter() -> Waiter:
    """Return the waiter of the running task."""
    return _WaitingTask() if find_trio_task() is None else _WaitingTrioTask()


class _WaitingTask(Waiter):
    """A task of asyncio's."""

    def __init__(self) -> None:
        import asyncio

        self.owner = asyncio.current_task()
        self._get_running_loop = asyncio.get_running_loop
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    @property
    def can_run(self) -> bool:
        return self._loop.is_running()

    async def wait(self, seconds: float) -> None:
        """See `Waiter.wait`."""
        # Not with anyio's `move_on_after`: before 4.16, a task that is canceled as the time ends would go on.
        timer = self._loop.call_later(seconds, self._event.set)
        try:
            await self._event.wait()
            self._event.clear()
        finally:
            timer.cancel()

    def wake(self) -> None:
        if self._event.is_set():
            return
        try:
            is_here = self._get_running_loop() is self._loop
        except RuntimeError:
            is_here = False
        if is_here:
            self._event.set()
        else:
            _call_in_loop(self._loop.call_soon_threadsafe, self._event.set)


class _WaitingTrioTask(Waiter):
    """A task of trio's."""

    def __init__(self) -> None:
        import trio

        self.owner = trio.lowlevel.current_task()
        self._call_soon = trio.lowlevel.current_trio_token().run_sync_soon
        self._event = trio.Event()
        self._gone = False

    @property
    def can_run(self) -> bool:
        return not self._gone

    async def wait(self, seconds: float) -> None:
        """See `Waiter.wait`."""
        import trio

        with trio.move_on_after(seconds):
            await self._event.wait()
            self._event = trio.Event()

    def wake(self) -> None:
        self._gone = not _call_in_loop(self._call_soon, self._set)

    def _set(self) -> None:
        self._event.set()


def _call_in_loop(
    call_soon: Callable[[Callable[[], object]], object], function: Callable[[], object]
) -> bool:
    """Let an event loop call a function, from any thread. Return False where the loop has ended."""
    try:
        call_soon(function)
    except RuntimeError:
        return False
    return True


def find_trio_task() -> object:
    """Return trio's running task; None outside of trio."""
    trio = sys.modules.get("trio")
    if trio is None:
        return None
    try:
        return trio.lowlevel.current_task()
    except RuntimeError:
        return None
