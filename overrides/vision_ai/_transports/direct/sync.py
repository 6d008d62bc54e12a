"""The direct transport for threads. It knows nothing of event loops."""

from __future__ import annotations

import contextlib
import math
import socket
import threading
import weakref
from time import monotonic
from typing import Any

from ..._runtime.forks import process
from ..base import CLOSED, ConnectError, ConnectTimeout
from ..platform import POLLIN, POLLOUT, Poll, make_poll
from .address import Address
from .connection import Connection
from .transport import DirectTransport

LONGEST_WAIT = 24 * 3600
"""Seconds waited at once: poll() counts milliseconds in 32 bits."""


class SyncConnection(Connection):
    """Waits in poll(). One thread at a time uses it; `abort` may come from any other."""

    __slots__ = ("_closing", "_poll_both", "_poll_read", "_poll_write")

    def __init__(self, opened: socket.socket) -> None:
        super().__init__(opened)
        self._poll_read = make_poll(opened, POLLIN)
        self._poll_write = make_poll(opened, POLLOUT)
        self._poll_both = make_poll(opened, POLLIN | POLLOUT)
        self._closing = threading.Lock()

    async def wait_readable(self, until: float | None) -> bool:
        if not _wait(self._poll_read, until):
            return False
        self.receive()
        return True

    async def wait_writable(self, until: float | None, *, listening: bool) -> bool:
        events = _wait(self._poll_both if listening else self._poll_write, until)
        if events and listening and events[0][1] & POLLIN:
            self.receive()
        return bool(events)

    @property
    def has_event(self) -> bool:
        return bool(self._poll_read.poll(0))

    def abort(self) -> None:
        """End a connection that another thread uses: the thread wakes up, and closes it."""
        self.closed = True
        # Closing would free the socket's number for another one while a thread still waits for it.
        with self._closing, contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._closing:
            super().close()

    def forget(self) -> None:
        """Close this process's end of an inherited connection, whose lock may never be released here."""
        super().close()


def _wait(poll: Poll, until: float | None) -> list[tuple[int, int]]:
    while True:
        if until is None:
            return poll.poll()
        left = until - monotonic()
        if left <= 0:
            return []
        events = poll.poll(math.ceil(min(left, LONGEST_WAIT) * 1000))
        if events or left <= LONGEST_WAIT:
            return events


class _Connections:
    """The connections of one process."""

    def __init__(self) -> None:
        self.generation = process.generation
        # Reentrant for the sake of signal handlers, which may make a call while their thread holds it.
        self.lock = threading.RLock()
        self.idle: list[SyncConnection] = []
        self.open: weakref.WeakSet[SyncConnection] = weakref.WeakSet()
        """The idle ones and those in use. One that an interrupt loses does not stay here."""


class SyncDirectTransport(DirectTransport[SyncConnection]):
    """Plain HTTP/1.1 to one address for any number of threads."""

    asynchronous = False

    def __init__(self, address: Address, keep: int) -> None:
        super().__init__(address, keep)
        self._connections = _Connections()
        self._closed = False

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def idle(self) -> int:
        return len(self._connections.idle)

    def _take_idle(self) -> SyncConnection | None:
        connections = self._own_connections()
        while True:
            with connections.lock:
                self._refuse_if_closed()
                if not connections.idle:
                    return None
                connection = connections.idle.pop()
            if not connection.stale:
                return connection
            self.discard(connection)

    def _open(self, family: int) -> SyncConnection:
        connection = SyncConnection(self.address.open_socket(family))
        connections = self._connections
        with connections.lock:
            closed = self._closed
            if not closed:
                connections.open.add(connection)
        if closed:
            connection.close()
            raise ConnectError(f"{self.address}: {CLOSED}")
        return connection

    def release(self, connection: SyncConnection) -> None:
        connections = self._connections
        connection.note_idle()
        with connections.lock:
            keep = (
                connection.reusable
                and not self._closed
                and len(connections.idle) < self.keep
                and not connection.inherited
            )
            if keep:
                connections.idle.append(connection)
        if not keep:
            self.discard(connection)

    def discard(self, connection: SyncConnection) -> None:
        if connection.inherited:
            connection.forget()
            return
        connections = self._connections
        with connections.lock:
            connections.open.discard(connection)
        connection.close()

    async def _look_up(self, until: float | None) -> list[Any]:
        from .name_lookup import LookupTimeout, look_up  # not needed for a numeric address

        left = None if until is None else max(until - monotonic(), 0.0)
        try:
            return look_up(self.address.host, self.address.port, left)
        except LookupTimeout:
            raise ConnectTimeout(f"{self.address}: the name was not found in time") from None
        except (OSError, UnicodeError) as error:
            raise ConnectError(f"{self.address}: {error}") from error

    def _own_connections(self) -> _Connections:
        connections = self._connections
        if connections.generation == process.generation:
            return connections
        # After a fork: a thread that is not here may hold the lock, and the parent goes on using its
        # connections. Only this process's ends of them are closed.
        self._connections = _Connections()
        for connection in list(connections.open):
            connection.forget()
        return self._connections

    async def close(self) -> None:
        connections = self._own_connections()
        with connections.lock:
            self._closed = True
            idle = list(connections.idle)
            active = [connection for connection in connections.open if connection not in idle]
            connections.idle.clear()
            connections.open.clear()
        for connection in idle:
            connection.close()
        for connection in active:
            connection.abort()
