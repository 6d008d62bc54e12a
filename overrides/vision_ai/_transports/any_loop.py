"""Any event loop: the direct transport in one of asyncio's that watches sockets, else httpx's, and one for each."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._runtime.deadline import Deadline
from .._runtime.event_loops import find_loop
from .base import CLOSED, ConnectError, Request, Response, Transport
from .direct.address import Address
from .direct.async_ import AsyncDirectTransport

if TYPE_CHECKING:
    from .fallback import FallbackTransport

NOT_ASYNCIO = "this event loop is not asyncio's"
NO_READERS = "this event loop cannot watch sockets (add_reader)"


class PerLoopTransport(Transport):
    """Opens one of httpx's transports for each event loop that calls: its connections work in no other one."""

    asynchronous = True

    def __init__(self, open_transport: Callable[[], Transport]) -> None:
        self._open_transport = open_transport
        self._unused: Transport | None = None
        self._transports: dict[object, Transport] = {}
        self._lock = threading.Lock()
        self._closed = False

    def check(self) -> PerLoopTransport:
        """Open the first one now, which shows whether that is possible."""
        self._unused = self._open_transport()
        return self

    async def send(self, request: Request, deadline: Deadline) -> Response:
        """See `Transport.send`."""
        loop = find_loop()
        transport = self._transports.get(loop)
        if transport is None:
            transport = self._open_for(loop)
        return await transport.send(request, deadline)

    def _open_for(self, loop: object) -> Transport:
        with self._lock:
            if self._closed:
                raise ConnectError(CLOSED)
            free = self._unused
            for other in [each for each in self._transports if _has_ended(each)]:
                ended = self._transports.pop(other)
                if free is None and _can_take_over(loop, other):
                    free = ended
            self._unused = None
            transport = self._transports[loop] = free or self._open_transport()
        return transport

    async def close(self) -> None:
        with self._lock:
            self._closed = True
            transports = dict(self._transports)
            if self._unused is not None:
                transports[find_loop()] = self._unused
            self._transports.clear()
        own = find_loop()
        for loop, transport in transports.items():
            if loop is own or (_can_take_over(own, loop) and _has_ended(loop)):
                await transport.close()
            elif isinstance(loop, asyncio.AbstractEventLoop) and loop.is_running():
                asyncio.run_coroutine_threadsafe(transport.close(), loop)

    def __repr__(self) -> str:
        known = [*self._transports.values(), *([self._unused] if self._unused is not None else [])]
        return repr(known[0]) if known else "<httpx.AsyncHTTPTransport, not used yet>"


class AnyLoopTransport(Transport):
    """Chooses at each call, since a client can be made before its event loop runs."""

    asynchronous = True

    def __init__(self, address: Address, keep: int) -> None:
        self._address = address
        self._direct = AsyncDirectTransport(address, keep)
        self._other: FallbackTransport | None = None
        self._watching_loop: asyncio.AbstractEventLoop | None = None
        """The latest event loop that was found to watch sockets."""
        if "trio" in sys.modules:
            from . import fallback  # loaded now: a call's time is not for imports

            _ = fallback

    async def send(self, request: Request, deadline: Deadline) -> Response:
        """See `Transport.send`."""
        reason = self._explain_fallback()
        if reason is None:
            return await self._direct.send(request, deadline)
        if self._direct.closed:
            raise ConnectError(f"{self._address}: {CLOSED}")
        if self._other is None:
            from .fallback import FallbackTransport

            self._other = FallbackTransport(self._address, reason, asynchronous=True)
        return await self._other.send(request, deadline)

    def _explain_fallback(self) -> str | None:
        """Return why the direct transport cannot run in this event loop; None where it can."""
        if not runs_in_asyncio():
            return NOT_ASYNCIO
        loop = asyncio.get_running_loop()
        if loop is not self._watching_loop:
            if not _watches_sockets(loop):
                return NO_READERS
            self._watching_loop = loop
        return None

    async def close(self) -> None:
        await self._direct.close()
        if self._other is not None:
            await self._other.close()

    def __repr__(self) -> str:
        return repr(self._direct if self._other is None else self._other)


def _can_take_over(loop: object, other: object) -> bool:
    """Whether what is left of another loop works in this one: trio's sockets belong to no loop, asyncio's do."""
    return not isinstance(loop, asyncio.AbstractEventLoop) and not isinstance(
        other, asyncio.AbstractEventLoop
    )


def _has_ended(loop: Any) -> bool:
    if isinstance(loop, asyncio.AbstractEventLoop):
        return loop.is_closed()
    try:
        loop.run_sync_soon(_do_nothing)
    except RuntimeError:
        return True
    return False


def _do_nothing() -> None:
    pass


def runs_in_asyncio() -> bool:
    """Whether the running event loop is asyncio's."""
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


def _watches_sockets(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether the loop has readers: Windows' own has not, nor have some loops of window systems."""
    try:
        with socket.socket() as probe:
            loop.add_reader(probe, int)
            loop.remove_reader(probe)
    except NotImplementedError:
        return False
    except OSError:
        pass  # no free descriptor: the call itself reports it
    return True
