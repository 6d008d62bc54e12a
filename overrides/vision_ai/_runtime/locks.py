"""One request at a time: the module expects no more. A client may be allowed several.

One queue serves threads and tasks of any event loops: first come, first served. What runs in the background comes after
all others. Each attempt brings a ticket, an object of its own, so that releasing it again does no harm: an interrupted
release is simply repeated.

    ticket = object()
    try:
        if not lock.try_acquire(ticket):
            await lock.wait(ticket, deadline)
        ...
    finally:
        lock.release(ticket)
"""

from __future__ import annotations

import threading
import weakref
from abc import ABC
from collections.abc import Callable
from threading import get_ident

from ..errors import UnreachableError, VisionAIError
from .deadline import Deadline
from .forks import call_after_fork
from .waiters import LOOK_AGAIN, Waiter, WaitingThread, find_trio_task, make_task_waiter

NESTED = (
    "a call from inside another one of the same client, perhaps from a progress callback during a transfer: "
    "make it after the transfer"
)


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
        self._background_waiters: dict[object, Waiter] = {}
        """The same for those that let all others go first."""

    def try_acquire(self, ticket: object, *, background: bool = False) -> bool:
        """Acquire the lock if nobody else holds it or waits for it; those in the background need not be waited for."""
        with self._guard:
            if self._waiters or len(self._holders) >= self._concurrency:
                return False
            if background and self._background_waiters:
                return False
            self._holders[ticket] = self._identify_owner()
        return True

    async def wait(self, ticket: object, deadline: Deadline, *, background: bool = False) -> None:
        """Wait until a request may be sent.

        Raises:
            UnreachableError: the time is up before.
            VisionAIError: this thread or task holds the lock itself.
        """
        waiter = self.make_waiter()
        self._enqueue(ticket, waiter, self._background_waiters if background else self._waiters)
        while not self._has_turn(ticket):
            await waiter.wait(_seconds_to_wait(deadline))
            if deadline.over and not self._has_turn(ticket):
                raise _busy(deadline)

    def release(self, ticket: object) -> None:
        """Let the next request be sent; do nothing where the ticket neither holds the lock nor waits for it."""
        self._holders.pop(ticket, None)
        if (
            self._waiters or self._background_waiters
        ):  # one that comes only now sees by itself that it may send
            with self._guard:
                self._leave_queue(ticket)
                self._holders.pop(ticket, None)  # another thread may have admitted it since the first line
                self._admit_waiters()

    make_waiter: Callable[[], Waiter]
    """Returns a waiter for the running thread or task."""
    _identify_owner: Callable[[], object]
    """Returns the running thread or task."""

    def _enqueue(self, ticket: object, waiter: Waiter, queue: dict[object, Waiter]) -> None:
        with self._guard:
            if list(self._holders.values()).count(waiter.owner) >= self._concurrency:
                raise VisionAIError(NESTED)
            queue[ticket] = waiter

    def _leave_queue(self, ticket: object) -> None:
        self._waiters.pop(ticket, None)
        self._background_waiters.pop(ticket, None)

    def _has_turn(self, ticket: object) -> bool:
        """Whether this waiter may send now. It then leaves the queue."""
        with self._guard:
            if ticket not in self._holders:
                self._admit_waiters()
            if ticket not in self._holders:
                return False
            self._leave_queue(ticket)
            return True

    def _admit_waiters(self) -> None:
        """Let waiters send, the first first, those in the background last.

        An interrupt may end this anywhere, and the next call completes it: what was done before is done again.
        """
        holders = self._holders
        self._drop_lost_holders()
        waiters = [*self._waiters.items(), *self._background_waiters.items()]
        if self._background_waiters:  # one of them may send already, and others came since
            waiters.sort(key=lambda each: each[0] not in holders)
        for ticket, waiter in waiters:
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

    make_waiter = staticmethod(WaitingThread)
    _identify_owner = staticmethod(get_ident)


class TaskLock(RequestLock):
    """For tasks of any event loops, asyncio's or trio's, also of several in several threads."""

    make_waiter = staticmethod(make_task_waiter)

    def __init__(self, concurrency: int) -> None:
        import asyncio  # not needed by programs without an event loop

        self._current_task = asyncio.current_task
        super().__init__(concurrency)

    def _identify_owner(self) -> object:
        return find_trio_task() or self._current_task()

    def _drop_lost_holders(self) -> None:
        for ticket, task in list(self._holders.items()):
            get_loop = getattr(task, "get_loop", None)
            if get_loop is not None and get_loop().is_closed():
                del self._holders[ticket]


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
