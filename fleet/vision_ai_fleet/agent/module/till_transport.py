"""The transport under the relay: it carries the till's calls, and hands on copies of those that a journal notes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from vision_ai.transports import (
    BodyTooLargeError,
    Deadline,
    Headers,
    Request,
    Response,
    Transport,
    TransportError,
)
from vision_ai_generated.api import OPERATIONS

NOTED = (
    *("get_result", "result_feedback", "get_device_info", "register_item", "commit_registered_item"),
    *("add_item_template", "delete_item", "clear_all_template", "reset_device", "reboot"),
)
"""The operations of which a journal makes something. Restores are none of them: their files are too large."""
LONGEST_COPY = 64 * 1024
"""Bytes of a request or a response. A recognition has less than two thousand."""


@dataclass(slots=True)
class Exchange:
    """A call of the till, as it passed."""

    operation: str
    path: str
    request_body: bytes
    duration: float = 0.0
    """Seconds until the response had come."""
    status: int = 0
    headers: Headers = ()
    content: bytearray = field(default_factory=bytearray)
    error: TransportError | None = None
    """Why no response came."""


class TillTransport(Transport):
    """Carries a till's calls.

    Args:
        transport: Carries them to the module. It stays open.
        on_exchange: Takes each call that a journal notes, when it is over; None for no copies. It must return at once.
    """

    asynchronous = False

    def __init__(self, transport: Transport, on_exchange: Callable[[Exchange], None] | None) -> None:
        self._transport = transport
        self._on_exchange = on_exchange
        self._operations = _map_paths()

    async def send(self, request: Request, deadline: Deadline) -> Response:
        exchange = self._begin_exchange(request)
        if exchange is None or self._on_exchange is None:
            return await self._transport.send(request, deadline)
        started = time.perf_counter()
        try:
            response = await self._transport.send(request, deadline)
        except TransportError as error:
            exchange.duration, exchange.error = time.perf_counter() - started, error
            self._on_exchange(exchange)
            raise
        exchange.status, exchange.headers = response.status, tuple(response.headers)
        return _CopiedResponse(response, exchange, started, self._on_exchange)

    async def close(self) -> None:
        pass  # the relay stays open when its transport is closed, and so does the gateway

    def _begin_exchange(self, request: Request) -> Exchange | None:
        path = urlsplit(request.url.text).path
        operation = self._operations.get(path[path.rfind("/api/") :])
        if operation is None or not isinstance(request.body, bytes) or len(request.body) > LONGEST_COPY:
            return None
        return Exchange(operation, path, request.body)


class _CopiedResponse(Response):
    """A response whose body is copied while the till reads it."""

    def __init__(
        self,
        response: Response,
        exchange: Exchange,
        started: float,
        on_exchange: Callable[[Exchange], None],
    ) -> None:
        self.copy_head(response)
        self.length = response.length
        self._response = response
        self._exchange: Exchange | None = exchange
        self._started = started
        self._on_exchange = on_exchange

    async def read(self, limit: int) -> bytes | bytearray:
        content = await self._response.read(limit)
        self._copy(content)
        self._copy(b"")
        return content

    async def read_into(self, view: memoryview) -> int:
        try:
            count = await self._response.read_into(view)
        except (TransportError, BodyTooLargeError) as error:
            self._end(error if isinstance(error, TransportError) else None)
            raise
        self._copy(view[:count])
        return count

    async def close(self) -> None:
        await self._response.close()
        exchange = self._exchange
        if exchange is not None and len(exchange.content) == self.length:
            self._end(None)

    def _copy(self, content: bytes | bytearray | memoryview) -> None:
        exchange = self._exchange
        if exchange is None:
            return
        if not content:
            self._end(None)
        elif len(exchange.content) + len(content) > LONGEST_COPY:
            self._exchange = None
        else:
            exchange.content += content

    def _end(self, error: TransportError | None) -> None:
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.duration, exchange.error = time.perf_counter() - self._started, error
            self._on_exchange(exchange)


def _map_paths() -> Mapping[str, str]:
    """Return the operations that a journal notes, by their paths, which are the same in both versions of the API."""
    return {OPERATIONS[name].path: name for name in NOTED}
