"""The direct way for ordinary programs and threads. It knows nothing of event loops."""

from __future__ import annotations

import contextlib
import math
import select
import socket
import threading
from typing import TYPE_CHECKING, Any

from .._failures import ConnectError, ReadError
from .address import Address
from .connection import CLOSED, Connection
from .forks import process
from .outgoing import Outgoing
from .pool import Pool
from .waits import Waits, left_until

if TYPE_CHECKING:
    from .presented import DirectTransport

LONGEST_WAIT = 24 * 3600
"""Seconds waited at once: poll() counts its milliseconds in 32 bits."""


class BlockingConnection(Connection):
    """Waits in poll(). One thread at a time; `abort` may come from any other."""

    __slots__ = ("_busy", "_ending", "_listens", "_reads", "_writes")

    asynchronous = False

    def __init__(self, opened: socket.socket) -> None:
        super().__init__(opened)
        self._reads = _poll(opened, select.POLLIN)
        self._writes = _poll(opened, select.POLLOUT)
        self._listens = _poll(opened, select.POLLIN | select.POLLOUT)
        self._busy = threading.Lock()
        self._ending = threading.Lock()

    async def readable(self, until: float | None) -> bool:
        if not _waited(self._reads, until):
            return False
        self.receive()
        return True

    async def writable(self, until: float | None, *, listening: bool) -> bool:
        events = _waited(self._listens if listening else self._writes, until)
        if events and listening and events[0][1] & select.POLLIN:
            self.receive()
        return bool(events)

    async def connect(self, address: Address, target: Any, until: float | None) -> None:
        with self._busy:
            await super().connect(address, target, until)

    async def ask(self, outgoing: Outgoing, waits: Waits) -> None:
        with self._busy:
            await super().ask(outgoing, waits)

    async def receive_more(self, waits: Waits) -> None:
        with self._busy:
            if self.inherited:
                raise ReadError("this answer belongs to the parent process")
            await super().receive_more(waits)

    async def fill(self, view: memoryview, waits: Waits) -> int:
        with self._busy:
            if self.inherited:
                raise ReadError("this answer belongs to the parent process")
            return await super().fill(view, waits)

    async def settle(self) -> None:
        with self._busy:
            await super().settle()

    def abort(self) -> None:
        """Ends it from another thread: one that waits in it wakes up, and closes it."""
        self.ended = True
        if self._busy.acquire(blocking=False):
            try:
                self.close()
            finally:
                self._busy.release()
            return
        # Closing would free the socket's number for another one while a thread still waits for it.
        with self._ending, contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._ending:
            super().close()

    def forget(self) -> None:
        """Closes this process's end of an inherited connection, whose locks may never be released here."""
        super().close()


def _poll(opened: socket.socket, events: int) -> select.poll:
    made = select.poll()
    made.register(opened, events)
    return made


def _waited(poll: select.poll, until: float | None) -> list[tuple[int, int]]:
    while True:
        left = left_until(until)
        if left is None:
            return poll.poll()
        if left <= 0:
            return []
        events = poll.poll(math.ceil(min(left, LONGEST_WAIT) * 1000))
        if events or left <= LONGEST_WAIT:
            return events


class _Held:
    """The connections that one process has."""

    def __init__(self) -> None:
        self.generation = process.generation
        self.lock = threading.Lock()
        self.idle: list[BlockingConnection] = []
        self.active: set[BlockingConnection] = set()


class BlockingPool(Pool[BlockingConnection]):
    """Any number of threads, one connection for each request under way."""

    answers_whole = True

    def __init__(self, address: Address, keep: int) -> None:
        super().__init__(address, keep)
        self._held = _Held()
        self._closed = False

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def idle(self) -> int:
        return len(self._held.idle)

    def take(self) -> BlockingConnection | None:
        held = self._of_this_process()
        while True:
            with held.lock:
                self.refuse()
                if not held.idle:
                    return None
                connection = held.idle.pop()
                held.active.add(connection)
            if not connection.stale:
                return connection
            self.discard(connection)

    def begin(self, family: int) -> BlockingConnection:
        connection = BlockingConnection(self.address.open_socket(family))
        held = self._held
        with held.lock:
            closed = self._closed
            if not closed:
                held.active.add(connection)
        if closed:
            connection.close()
            raise ConnectError(f"{self.address}: {CLOSED}")
        return connection

    def give_back(self, connection: BlockingConnection) -> None:
        held = self._held
        with held.lock:
            held.active.discard(connection)
            kept = connection.reusable and not self._closed and len(held.idle) < self.keep
            kept = kept and not connection.inherited
            if kept:
                held.idle.append(connection)
        if not kept:
            connection.close()

    def discard(self, connection: BlockingConnection) -> None:
        held = self._held
        with held.lock:
            held.active.discard(connection)
        connection.close()

    async def look_up(self, until: float | None) -> list[Any]:
        try:
            return list(socket.getaddrinfo(self.address.host, self.address.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            raise ConnectError(f"{self.address}: {error}") from error

    def _of_this_process(self) -> _Held:
        held = self._held
        if held.generation == process.generation:
            return held
        # After a fork: the lock may be held by a thread that is not here, and the connections are the
        # parent's, who goes on using them. Only this process's ends of them are closed.
        self._held = _Held()
        for connection in (*held.idle, *held.active):
            connection.forget()
        return self._held

    def close(self) -> None:
        held = self._of_this_process()
        with held.lock:
            self._closed = True
            connections = (*held.idle, *held.active)
            held.idle.clear()
            held.active.clear()
        for connection in connections:
            connection.abort()

    def presented(self) -> DirectTransport:
        from .presented import DirectTransport

        return DirectTransport(self)
