"""Any event loop: the direct transport under asyncio, httpx's own under another one, and one for each loop."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from .._runtime.deadline import Deadline
from .base import CLOSED, ConnectError, Request, Response, Transport
from .direct.address import Address, interface_option
from .direct.async_ import AsyncDirectTransport


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
        loop = _current_loop()
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
                transports[_current_loop()] = self._unused
            self._transports.clear()
        own = _current_loop()
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
        self._other: PerLoopTransport | None = None
        if "trio" in sys.modules:
            from . import httpx_adapter  # loaded now: a call's time is not for imports

            _ = httpx_adapter

    async def send(self, request: Request, deadline: Deadline) -> Response:
        """See `Transport.send`."""
        if runs_in_asyncio():
            return await self._direct.send(request, deadline)
        if self._direct.closed:
            raise ConnectError(f"{self._address}: {CLOSED}")
        if self._other is None:
            self._other = PerLoopTransport(partial(_open_httpx_transport, self._address, self._direct.keep))
        return await self._other.send(request, deadline)

    async def close(self) -> None:
        await self._direct.close()
        if self._other is not None:
            await self._other.close()

    def __repr__(self) -> str:
        if self._other is not None:
            return "<httpx.AsyncHTTPTransport: this event loop is not asyncio's>"
        return repr(self._direct)


def _open_httpx_transport(address: Address, keep: int) -> Transport:
    from .. import _httpx
    from .httpx_adapter import AsyncHttpxAdapter, make_limits

    return AsyncHttpxAdapter(
        _httpx.AsyncHTTPTransport(
            verify=False,
            limits=make_limits(keep),
            local_address=address.local_address,
            uds=address.unix_socket,
            socket_options=None if address.interface is None else [interface_option(address.interface)],
        )
    )


def _current_loop() -> object:
    """Return the running event loop: asyncio's, or the token of trio's."""
    trio = sys.modules.get("trio")
    if trio is not None:
        with contextlib.suppress(RuntimeError):
            return trio.lowlevel.current_trio_token()
    with contextlib.suppress(RuntimeError):
        return asyncio.get_running_loop()
    return None


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
