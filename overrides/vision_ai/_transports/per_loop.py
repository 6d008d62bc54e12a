"""httpx's transports, one for each event loop and process: their connections work in no other one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from .._runtime.deadline import Deadline
from .._runtime.forks import process
from .base import CLOSED, ConnectError, Request, Response, Transport


class PerLoopTransport(Transport):
    """Opens a transport for each event loop that calls; for a synchronous client, one for each process.

    The first one is opened at once, also for a later event loop: this shows whether it is possible, and imports what a
    call has no time for.

    Args:
        open_transport: Opens one.
        asynchronous: For which client: `AsyncVisionAI` or `VisionAI`.
        reason: Why the direct transport does not serve this client, where it would otherwise.
        text: For `repr`.
    """

    def __init__(
        self,
        open_transport: Callable[[], Transport],
        *,
        asynchronous: bool,
        reason: str | None = None,
        text: str | None = None,
    ) -> None:
        self.asynchronous = asynchronous
        self.reason = reason
        self._open_transport = open_transport
        self._closed = False
        self._forget_all()
        self._unused: Transport | None = open_transport()
        self._text = text or repr(self._unused)

    def _forget_all(self) -> None:
        """Begin anew: after a fork the parent uses the connections, and a missing thread may hold the lock."""
        self._unused = None
        self._transports: dict[object, Transport] = {}
        self._lock = threading.Lock()
        self._generation = process.generation

    async def send(self, request: Request, deadline: Deadline) -> Response:
        """See `Transport.send`."""
        if self._generation != process.generation:
            self._forget_all()
        loop = self._find_loop()
        transport = self._transports.get(loop)
        if transport is None:
            transport = self._open_for(loop)
        return await transport.send(request, deadline)

    def _find_loop(self) -> object:
        if not self.asynchronous:
            return None
        from .._runtime.event_loops import find_loop  # imports asyncio

        return find_loop()

    def _open_for(self, loop: object) -> Transport:
        with self._lock:
            if self._closed:
                raise ConnectError(CLOSED)
            if loop in self._transports:  # another thread was faster
                return self._transports[loop]
            free = self._unused
            for other in [each for each in self._transports if _has_ended(each)]:
                ended = self._transports.pop(other)
                if free is None and _can_take_over(loop, other):
                    free = ended
            self._unused = None
            transport = self._transports[loop] = free or self._open_transport()
        return transport

    async def close(self) -> None:
        if self._generation != process.generation:
            self._forget_all()
        own = self._find_loop()
        with self._lock:
            self._closed = True
            transports = dict(self._transports)
            if self._unused is not None:
                transports[own] = self._unused
            self._transports.clear()
            self._unused = None
        for loop, transport in transports.items():
            if loop is own or (_can_take_over(own, loop) and _has_ended(loop)):
                await transport.close()
            else:
                _close_elsewhere(transport, loop)

    def __repr__(self) -> str:
        return self._text


def _can_take_over(loop: object, other: object) -> bool:
    """Whether what is left of another loop works in this one: trio's sockets belong to no loop, asyncio's do."""
    return not _is_asyncio(loop) and not _is_asyncio(other)


def _is_asyncio(loop: object) -> bool:
    import asyncio  # a synchronous client does without

    return isinstance(loop, asyncio.AbstractEventLoop)


def _close_elsewhere(transport: Transport, loop: Any) -> None:
    """Let another thread's event loop close its transport."""
    import asyncio

    if _is_asyncio(loop) and loop.is_running():
        asyncio.run_coroutine_threadsafe(transport.close(), loop)


def _has_ended(loop: Any) -> bool:
    if loop is None:
        return False
    if _is_asyncio(loop):
        return loop.is_closed()
    try:
        loop.run_sync_soon(_do_nothing)
    except RuntimeError:
        return True
    return False


def _do_nothing() -> None:
    pass
