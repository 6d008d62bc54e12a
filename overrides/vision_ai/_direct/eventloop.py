"""The direct way for asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from typing import TYPE_CHECKING, Any

from .._failures import ConnectError, ConnectTimeout
from .address import Address
from .connection import NOWHERE, Connection
from .pool import Pool
from .waits import left_until

if TYPE_CHECKING:
    from .presented import AsyncDirectTransport

MOST_BUFFERED = 256 * 1024
"""Bytes of a body that are received before anybody asks for them."""


class LoopConnection(Connection):
    """Waits in an event loop, with its readers and writers.

    Not with a transport and a protocol of asyncio's: those close a socket only in a later turn of the loop,
    and not at all once the loop is closed. This one is closed at once, in any state.
    """

    __slots__ = ("_loop", "_reading", "_waiter", "_writing")

    asynchronous = True

    def __init__(self, opened: socket.socket) -> None:
        super().__init__(opened)
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[bool] | None = None
        self._reading = False
        self._writing = False

    def belongs_to(self, loop: asyncio.AbstractEventLoop) -> bool:
        return self._loop is loop

    async def readable(self, until: float | None) -> bool:
        left = left_until(until)
        if left is not None and left <= 0:
            return False
        if not self._reading:
            self._reading = True
            self._loop.add_reader(self._socket, self._on_readable)
        return await self._woken(left)

    async def writable(self, until: float | None, *, listening: bool) -> bool:
        left = left_until(until)
        if left is not None and left <= 0:
            return False
        if listening and not self._reading:
            self._reading = True
            self._loop.add_reader(self._socket, self._on_readable)
        self._writing = True
        self._loop.add_writer(self._socket, self._on_writable)
        try:
            return await self._woken(left)
        finally:
            if self._writing:
                self._writing = False
                self._loop.remove_writer(self._socket)

    async def pause(self) -> None:
        await asyncio.sleep(0)

    async def _woken(self, left: float | None) -> bool:
        waiter = self._waiter = self._loop.create_future()
        timer = None if left is None else self._loop.call_later(left, _wake, waiter, False)
        try:
            return await waiter
        finally:
            self._waiter = None
            if timer is not None:
                timer.cancel()

    def _on_readable(self) -> None:
        answer = self.answer
        full = answer.buffered >= MOST_BUFFERED or self._into == NOWHERE
        if full or (answer.done and self._waiter is None):
            self._stop_reading()  # nobody wants it now; and an idle connection will be found stale
            return
        self.receive()
        if self._lost is not None:
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
        if not self.ended and not self._loop.is_closed() and not self.inherited:
            self._stop_reading()
            if self._writing:
                self._writing = False
                self._loop.remove_writer(self._socket)
        super().close()
        if self._waiter is not None:
            _wake(self._waiter, True)

    def leave(self) -> None:
        """Closes it from outside its loop, which may be closed, at rest, or running in another thread."""
        if self._loop.is_running() and not self.inherited:
            self._loop.call_soon_threadsafe(self.close)
        else:
            self.close()


def _wake(waiter: asyncio.Future[bool], in_time: bool) -> None:
    if not waiter.done():
        waiter.set_result(in_time)


class LoopPool(Pool[LoopConnection]):
    """Any number of tasks, one connection for each request under way."""

    def __init__(self, address: Address, keep: int) -> None:
        super().__init__(address, keep)
        self._idle: list[LoopConnection] = []
        self._active: set[LoopConnection] = set()
        self._closed = False

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def idle(self) -> int:
        return len(self._idle)

    def take(self) -> LoopConnection | None:
        self.refuse()
        loop = asyncio.get_running_loop()
        while self._idle:
            connection = self._idle.pop()
            if connection.inherited or not connection.belongs_to(loop):
                connection.leave()
            elif connection.stale:
                connection.close()
            else:
                self._active.add(connection)
                return connection
        return None

    def begin(self, family: int) -> LoopConnection:
        self.refuse()
        connection = LoopConnection(self.address.open_socket(family))
        self._active.add(connection)
        return connection

    def give_back(self, connection: LoopConnection) -> None:
        self._active.discard(connection)
        if connection.reusable and not self._closed and len(self._idle) < self.keep:
            self._idle.append(connection)
        else:
            connection.close()

    def discard(self, connection: LoopConnection) -> None:
        self._active.discard(connection)
        connection.close()

    async def look_up(self, until: float | None) -> list[Any]:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(left_until(until)):
                return list(
                    await loop.getaddrinfo(self.address.host, self.address.port, type=socket.SOCK_STREAM)
                )
        except TimeoutError as error:
            raise ConnectTimeout(f"{self.address}: the name was not found in time") from error
        except (OSError, UnicodeError) as error:
            raise ConnectError(f"{self.address}: {error}") from error

    @property
    def answers_whole(self) -> bool:
        """Whether it serves the event loop that runs here: asyncio's."""
        return is_asyncio()

    def presented(self) -> AsyncDirectTransport:
        from .presented import AsyncDirectTransport

        return AsyncDirectTransport(self)

    async def aclose(self) -> None:
        self.close()

    def close(self) -> None:
        self._closed = True
        connections = (*self._idle, *self._active)
        self._idle.clear()
        self._active.clear()
        for connection in connections:
            connection.close()


def is_asyncio() -> bool:
    trio = sys.modules.get("trio")
    if trio is not None:
        with contextlib.suppress(RuntimeError):
            trio.lowlevel.current_task()
            return False  # also where trio is a guest in asyncio's loop
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
