"""Plain http:// over httpx's own transport, where the direct one cannot run."""

from __future__ import annotations

import weakref
from typing import Any

from .. import _httpx
from .._runtime.deadline import Deadline
from .._runtime.event_loops import find_loop
from .._runtime.forks import process
from .base import CLOSED, ConnectError, Request, Response, Transport
from .direct.address import Address
from .httpx_adapter import AsyncHttpxAdapter, HttpxAdapter
from .platform import interface_option

Adapter = HttpxAdapter | AsyncHttpxAdapter


class FallbackTransport(Transport):
    """A connection for each request, so that none is left over for another event loop or for a child process.

    Args:
        address: Where to connect.
        reason: Why the direct transport does not serve it.
        asynchronous: For which client: `AsyncVisionAI` or `VisionAI`.
    """

    def __init__(self, address: Address, reason: str, *, asynchronous: bool) -> None:
        self.asynchronous = asynchronous
        self.reason = reason
        self._address = address
        self._closed = False
        self._generation = process.generation
        # httpx's pool belongs to one event loop, and a lock of it may be held while the process forks.
        self._adapters: weakref.WeakKeyDictionary[object, Adapter] = weakref.WeakKeyDictionary()
        adapter = (
            self._open_adapter()
        )  # now, also for another loop: it imports much, for which a call has no time
        if not asynchronous:
            self._adapters[self] = adapter

    async def send(self, request: Request, deadline: Deadline) -> Response:
        """See `Transport.send`."""
        if self._closed:
            raise ConnectError(f"{self._address}: {CLOSED}")
        if self._generation != process.generation:
            self._adapters = weakref.WeakKeyDictionary()
            self._generation = process.generation
        loop = find_loop() if self.asynchronous else self
        adapter = self._adapters.get(loop)
        if adapter is None:
            adapter = self._adapters.setdefault(loop, self._open_adapter())
        return await adapter.send(request, deadline)

    def _open_adapter(self) -> Adapter:
        address = self._address
        settings: dict[str, Any] = {
            "verify": False,
            "limits": _httpx.Limits(max_connections=None, max_keepalive_connections=0),
            "local_address": address.local_address,
            "uds": address.unix_socket,
        }
        if address.interface is not None:
            settings["socket_options"] = [interface_option(address.interface)]
        if self.asynchronous:
            return AsyncHttpxAdapter(_httpx.AsyncHTTPTransport(**settings))
        return HttpxAdapter(_httpx.HTTPTransport(**settings))

    async def close(self) -> None:
        self._closed = True
        loop = find_loop() if self.asynchronous else self
        adapter = self._adapters.pop(loop, None)
        if adapter is not None and self._generation == process.generation:
            await adapter.close()

    def __repr__(self) -> str:
        name = "AsyncHTTPTransport" if self.asynchronous else "HTTPTransport"
        return f"<httpx.{name} {self._address}: {self.reason}>"
