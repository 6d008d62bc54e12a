"""The direct transport for asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import weakref
from time import monotonic
from typing import Any

from ..base import ConnectError, ConnectTimeout
from ..platform import POLLIN, make_poll
from .address import Address
from .connection import EMPTY, MOST_BUFFERED, Connection
from .transport import DirectTransport


class AsyncConnection(Connection):
    """Waits in an event loop, by the loop's readers and writers.

    Not by a transport and a protocol of asyncio: these close a socket only in a later turn of the loop, and not
    at all once the loop is closed. This one is closed at once, in any state.
    """

    __slots__ = ("_loop", "_poll", "_reading", "_waiter", "_writing")

    def __init__(self, opened: socket.socket) -> None:
        super().__init__(opened)
        self._loop = asyncio.get_running_loop()
        self._poll = make_poll(opened, POLLIN)
        self._waiter: asyncio.Future[bool] | None = None
        self._reading = False
        self._writing = False

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop that it waits in."""
        return self._loop

    @property
    def has_event(self) -> bool:
        return bool(self._poll.poll(0))

    async def wait_readable(self, until: float | None) -> bool:
        left = None if until is None else until - monotonic()
        if left is not None and left <= 0:
            return False
        if not self._reading:
            self._reading = True
            self._loop.add_reader(self._socket, self._on_readable)
        return await self._wait(left)

    async def wait_writable(self, until: float | None, *, listening: bool) -> bool:
        left = None if until is None else until - monotonic()
        if left is not None and left <= 0:
            return False
        if listening and not self._reading:
            self._reading = True
            self._loop.add_reader(self._socket, self._on_readable)
        self._writing = True
        self._loop.add_writer(self._socket, self._on_writable)
        try:
            return await self._wait(left)
        finally:
            if self._writing:
                self._writing = False
                self._loop.remove_writer(self._socket)

    async def pause(self) -> None:
        await asyncio.sleep(0)

    async def _wait(self, left: float | None) -> bool:
        waiter = self._waiter = self._loop.create_future()
        timer = None if left is None else self._loop.call_later(left, _wake, waiter, False)
        try:
            return await waiter
        finally:
            self._waiter = None
            if timer is not None:
                timer.cancel()

    def _on_readable(self) -> None:
        parser = self.parser
        full = parser.buffered >= MOST_BUFFERED or self._target_view == EMPTY
        if full or (parser.done and self._waiter is None):
            self._stop_reading()  # nobody wants it now, and an idle connection will be found stale
            return
        self.receive()
        if self._failure is not None:
            self._stop_reading()
        if self._waiter is not None:
            _wake(self._waiter, True)

    def _on_writable(self) -> None:
        if self._waiter is not None:
            _wake(self._waiter, True)

    def _stop_reading(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._socket)

    def close(self) -> None:
        if not self.closed and not self._loop.is_closed() and not self.inherited:
            self._stop_reading()
            if self._writing:
                self._writing = False
                self._loop.remove_writer(self._socket)
        super().close()
        if self._waiter is not None:
            _wake(self._waiter, True)

    def close_from_outside(self) -> None:
        """Close it from outside its loop, which may be closed, at rest, or running in another thread."""
        if self._loop.is_running() and not self.inherited:
            with contextlib.suppress(RuntimeError):  # the loop has just been closed
                self._loop.call_soon_threadsafe(self.close)
                return
        self.close()


def _wake(waiter: asyncio.Future[bool], in_time: bool) -> None:
    if not waiter.done():
        waiter.set_result(in_time)


class AsyncDirectTransport(DirectTransport[AsyncConnection]):
    """Plain HTTP/1.1 to one address for any number of tasks of asyncio, also in several event loops."""

    asynchronous = True

    def __init__(self, address: Address, keep: int) -> None:
        super().__init__(address, keep)
        self._idle: dict[asyncio.AbstractEventLoop, list[AsyncConnection]] = {}
        """Each list is used in its own event loop only."""
        self._open_connections: weakref.WeakSet[AsyncConnection] = weakref.WeakSet()
        """The idle ones and those in use."""
        self._lock = threading.RLock()
        self._closed = False

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def idle(self) -> int:
        return sum(map(len, list(self._idle.values())))

    def _take_idle(self) -> AsyncConnection | None:
        self._refuse_if_closed()
        idle = self._idle.get(asyncio.get_running_loop())
        if idle is None:
            self._drop_other_loops()
            return None
        while idle:
            connection = idle.pop()
            if not connection.inherited and not connection.stale:
                return connection
            self.discard(connection)
        return None

    def _drop_other_loops(self) -> None:
        """Close what is left of event loops that have ended, or of the parent process."""
        for loop, connections in list(self._idle.items()):
            if loop.is_closed() or any(connection.inherited for connection in connections):
                for connection in self._idle.pop(loop, ()):
                    self.discard(connection)

    def _open(self, family: int) -> AsyncConnection:
        self._refuse_if_closed()
        connection = AsyncConnection(self.address.open_socket(family))
        with self._lock:
            self._open_connections.add(connection)
        return connection

    def release(self, connection: AsyncConnection) -> None:
        idle = self._idle.get(connection.loop)
        if idle is None:
            idle = self._idle.setdefault(connection.loop, [])
        if connection.reusable and not self._closed and len(idle) < self.keep:
            connection.note_idle()
            idle.append(connection)
        else:
            self.discard(connection)

    def discard(self, connection: AsyncConnection) -> None:
        with self._lock:
            self._open_connections.discard(connection)
        connection.close()

    async def _look_up(self, until: float | None) -> list[Any]:
        loop = asyncio.get_running_loop()
        left = None if until is None else until - monotonic()
        try:
            async with asyncio.timeout(left):
                return list(
                    await loop.getaddrinfo(self.address.host, self.address.port, type=socket.SOCK_STREAM)
                )
        except TimeoutError as error:
            raise ConnectTimeout(f"{self.address}: the name was not found in time") from error
        except (OSError, UnicodeError) as error:
            raise ConnectError(f"{self.address}: {error}") from error

    async def close(self) -> None:
        self._closed = True
        loop = _running_loop()
        with self._lock:
            connections = list(self._open_connections)
            self._open_connections.clear()
            self._idle.clear()
        for connection in connections:
            if connection.loop is loop:
                connection.close()
            else:
                connection.close_from_outside()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:  # trio's, perhaps
        return None
