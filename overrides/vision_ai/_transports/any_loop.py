"""Plain http:// for any event loop: the direct transport under asyncio, httpx's own under another one."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import TYPE_CHECKING

from .._runtime.deadline import Deadline
from .base import CLOSED, ConnectError, Request, Response, Transport
from .direct.address import Address, interface_option
from .direct.async_ import AsyncDirectTransport

if TYPE_CHECKING:
    from .httpx_adapter import AsyncHttpxAdapter


class AnyLoopTransport(Transport):
    """Chooses at each call, since a client can be made before its event loop runs."""

    asynchronous = True

    def __init__(self, address: Address, keep: int) -> None:
        self._address = address
        self._direct = AsyncDirectTransport(address, keep)
        self._other: AsyncHttpxAdapter | None = None
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
            self._other = _open_httpx_transport(self._address)
        return await self._other.send(request, deadline)

    async def close(self) -> None:
        await self._direct.close()
        if self._other is not None:
            await self._other.close()

    def __repr__(self) -> str:
        if self._other is not None:
            return "<httpx.AsyncHTTPTransport: this event loop is not asyncio's>"
        return repr(self._direct)


def _open_httpx_transport(address: Address) -> AsyncHttpxAdapter:
    from .. import _httpx
    from .httpx_adapter import AsyncHttpxAdapter

    return AsyncHttpxAdapter(
        _httpx.AsyncHTTPTransport(
            verify=False,
            local_address=address.local_address,
            uds=address.unix_socket,
            socket_options=None if address.interface is None else [interface_option(address.interface)],
        )
    )


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
