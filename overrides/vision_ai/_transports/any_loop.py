"""Any event loop: the direct transport in one of asyncio's that watches sockets, else httpx's."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from typing import TYPE_CHECKING

from .._runtime.deadline import Deadline
from .base import CLOSED, ConnectError, Request, Response, Transport
from .direct.address import Address
from .direct.async_ import AsyncDirectTransport

if TYPE_CHECKING:
    from .per_loop import PerLoopTransport

NOT_ASYNCIO = "this event loop is not asyncio's"
NO_READERS = "this event loop cannot watch sockets (add_reader)"


class AnyLoopTransport(Transport):
    """Chooses at each call, since a client can be made before its event loop runs."""

    asynchronous = True

    def __init__(self, address: Address, keep: int) -> None:
        self._address = address
        self._direct = AsyncDirectTransport(address, keep)
        self._other: PerLoopTransport | None = None
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
            from .fallback import open_fallback

            self._other = open_fallback(self._address, reason, asynchronous=True)
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
