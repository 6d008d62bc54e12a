"""One request at a time: the module expects no more. A client may be allowed several.

One queue serves threads and tasks of any event loops: first come, first served. Each attempt brings a ticket, an object
of its own, so that releasing it again does no harm: an interrupted release is simply repeated.

    ticket = object()
    try:
        if not lock.try_acquire(ticket):
            await lock.wait(ticket, deadline)
        ...
    finally:
        lock.release(ticket)
"""

from __future__ import annotations

import sys
import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import get_ident

from ..errors import UnreachableError, VisionAIError
from .deadline import Deadline
from .forks import call_after_fork

NESTED = (
    "a call from inside another one of the same client, perhaps from a progress callback during a transfer: "
    "make it after the transfer"
)
LOOK_AGAIN = 1.0
"""Seconds after which a waiter looks by itself: a wake-up is lost with an interrupted thread, and comes late where an
event loop was at rest."""


class Waiter(ABC):
    """A thread or task in the queue."""

    owner: object
    """The thread or task."""

    @property
    def can_run(self) -> bool:
        """Whether it would go on now; False for a task whose event loop is at rest or closed."""
        return True

    @abstractmethod
    def wake(self) -> None:
        """Let it look at the queue. Doing so again does nothing."""


class RequestLock(ABC):
    """Lets one request be under way at a time, or as many as the client allows."""

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
        self.reset()
        _all_locks.add(self)

    def reset(self) -> None:
        """Release everything: at first, and in a child process, where the threads that held it are missing."""
        # Reentrant for the sake of signal handlers, which may make a call while their thread is in here.
        self._guard = threading.RLock()
        self._holders: dict[object, object] = {}
        """The owner of each ticket that may send."""
        self._waiters: dict[object, Waiter] = {}
        """By ticket, in the order in which they came. One that may send stays here until it has noticed."""

    def try_acquire(self, ticket: object) -> bool:
        """Acquire the lock if nobody else holds it or waits for it."""
        with self._guard:
            if self._waiters or len(self._holders) >= self._concurrency:
                return False
            self._holders[ticket] = self._identify_owner()
        return True

    @abstractmethod
    async def wait(self, ticket: object, deadline: Deadline) -> None:
        """Wait until a request may be sent.

        Raises:
            UnreachableError: the time is up before.
            VisionAIError: this thread or task holds the lock itself.
        """

    def release(self, ticket: object) -> None:
        """Let the next request be sent; do nothing where the ticket neither holds the lock nor waits for it."""
        self._holders.pop(ticket, None)
        if self._waiters:  # one that comes only now will see by itself that it may send
            with self._guard:
                self._waiters.pop(ticket, None)
                self._holders.pop(ticket, None)  # another thread may have admitted it since the first line
                self._admit_waiters()

    _identify_owner: Callable[[], object]
    """Returns the running thread or task."""

    def _enqueue(self, ticket: object, waiter: Waiter) -> None:
        with self._guard:
            if list(self._holders.values()).count(waiter.owner) >= self._concurrency:
                raise VisionAIError(NESTED)
            self._waiters[ticket] = waiter

    def _has_turn(self, ticket: object) -> bool:
        """Whether this waiter may send now. It then leaves the queue."""
        with self._guard:
            if ticket not in self._holders:
                self._admit_waiters()
            if ticket not in self._holders:
                return False
            self._waiters.pop(ticket, None)
            return True

    def _admit_waiters(self) -> None:
        """Let waiters send, the first first.

        An interrupt may end this anywhere, and the next call completes it: what was done before is done again.
        """
        holders = self._holders
        self._drop_lost_holders()
        for ticket, waiter in list(self._waiters.items()):
            if not waiter.can_run:
                holders.pop(ticket, None)  # it has not noticed yet, and would keep everybody waiting
            elif ticket in holders or len(holders) < self._concurrency:
                holders[ticket] = waiter.owner
                waiter.wake()
            else:
                break

    def _drop_lost_holders(self) -> None:  # noqa: B027  # threads are never lost
        """Release what is held by tasks that will never go on."""


class ThreadLock(RequestLock):
    """For threads. Its coroutine never suspends."""

    _identify_owner = staticmethod(get_ident)

    async def wait(self, ticket: object, deadline: Deadline) -> None:
        """See `RequestLock.wait`."""
        waiter = _WaitingThread()
        self._enqueue(ticket, waiter)
        while not self._has_turn(ticket):
            if not waiter.wait(_seconds_to_wait(deadline)) and deadline.over and not self._has_turn(ticket):
                raise _busy(deadline)


class _WaitingThread(Waiter):
    def __init__(self) -> None:
        self.owner = get_ident()
        self._gate = threading.Lock()
        self._gate.acquire()

    def wait(self, seconds: float) -> bool:
        """Wait until it is woken. Return False when time is up."""
        return self._gate.acquire(timeout=seconds)

    def wake(self) -> None:
        if self._gate.locked():
            self._gate.release()


class TaskLock(RequestLock):
    """For tasks of any event loops, asyncio's or trio's, also of several in several threads."""

    def __init__(self, concurrency: int) -> None:
        import asyncio  # not needed by programs without an event loop

        self._current_task = asyncio.current_task
        super().__init__(concurrency)

    def _identify_owner(self) -> object:
        return _current_trio_task() or self._current_task()

    async def wait(self, ticket: object, deadline: Deadline) -> None:
        """See `RequestLock.wait`."""
        import anyio

        waiter = _WaitingTrioTask() if _current_trio_task() is not None else _WaitingTask()
        self._enqueue(ticket, waiter)
        while not self._has_turn(ticket):
            with anyio.move_on_after(_seconds_to_wait(deadline)):
                await waiter.wait()
            if deadline.over and not self._has_turn(ticket):
                raise _busy(deadline)

    def _drop_lost_holders(self) -> None:
        for ticket, task in list(self._holders.items()):
            get_loop = getattr(task, "get_loop", None)
            if get_loop is not None and get_loop().is_closed():
                del self._holders[ticket]


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

    async def wait(self) -> None:
        """Wait until it is woken."""
        await self._event.wait()
        self._event.clear()

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

    async def wait(self) -> None:
        """Wait until it is woken."""
        import trio

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


def _current_trio_task() -> object:
    trio = sys.modules.get("trio")
    if trio is None:
        return None
    try:
        return trio.lowlevel.current_task()
    except RuntimeError:
        return None


_all_locks: weakref.WeakSet[RequestLock] = weakref.WeakSet()


def _reset_all() -> None:
    for lock in list(_all_locks):
        lock.reset()


call_after_fork(_reset_all)


def _seconds_to_wait(deadline: Deadline) -> float:
    left = deadline.left
    return LOOK_AGAIN if left is None else max(min(left, LOOK_AGAIN), 0)


def _busy(deadline: Deadline) -> UnreachableError:
    return UnreachableError(
        f"not sent: another call of this client was still under way after {deadline.elapsed:.3g} s. "
        "The module handles one request at a time; give the call more time, or wait for the other one."
    )
