"""Drives a transport of one flavor from ordinary code: the direct one, or httpx's own beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any, TypeVar

import httpx
from attrs import frozen
from shared_socket_server import GUARD

from vision_ai._transports.direct.address import Address
from vision_ai._transports.httpx_adapter import AsyncHttpxAdapter, HttpxAdapter
from vision_ai._transports.selection import open_direct
from vision_ai.transports import Deadline, Request, Response, StreamedBody, Transport, parse_url, run_sync

T = TypeVar("T")

LIMIT = 256 * 1024 * 1024
"""Bytes of a body, far more than a test sends."""
METHODS_WITH_BODY = ("POST", "PUT")
READERS = ("read", "read_into")
"""The two ways to read a body."""


@frozen
class Outcome:
    """A response, read to its end."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    http_version: str = "HTTP/1.1"
    reason: bytes = b""
    length: int | None = None


def patient() -> Deadline:
    """Return a deadline for what should not wait: it only ends a test that hangs."""
    return Deadline(None, stall=GUARD)


async def read_body(response: Response, reader: str = "read", size: int = 7) -> bytes:
    """Read a body by one of the `READERS`, in pieces of `size` bytes where it is `read_into`."""
    if reader == "read":
        return bytes(await response.read(LIMIT))
    body, buffer = bytearray(), memoryview(bytearray(size))
    while count := await response.read_into(buffer):
        body += buffer[:count]
    return bytes(body)


class Caller:
    """Runs coroutines over a transport, in an event loop of its own where the transport is asynchronous.

    Args:
        flavor: `sync` or `async`.
        url: Where the requests go.
        stock: httpx's own transport instead of the direct one.
        keep: How many connections of the direct one stay open.
        options: Further arguments of `Address`.
    """

    def __init__(
        self, flavor: str, url: str, *, stock: bool = False, keep: int = 1, **options: str | None
    ) -> None:
        self.url = url
        self.flavor = flavor
        self.runner = asyncio.Runner() if flavor == "async" else None
        self.transport: Transport
        if not stock:
            self.transport = open_direct(Address(url, **options), keep, asynchronous=flavor == "async")
        elif flavor == "async":
            self.transport = AsyncHttpxAdapter(httpx.AsyncHTTPTransport(verify=False))
        else:
            self.transport = HttpxAdapter(httpx.HTTPTransport(verify=False))

    def request(
        self,
        method: str = "GET",
        path: str = "/",
        *,
        body: bytes | StreamedBody = b"",
        headers: Mapping[str, str] | None = None,
        exact_length: bool = False,
    ) -> Request:
        """Return a request that announces its body's length, unless `headers` do."""
        values: dict[str, str] = {}
        length = len(body) if isinstance(body, bytes) else body.length
        if length or method in METHODS_WITH_BODY:
            values["Content-Length"] = str(length)
        values |= headers or {}
        pairs = [(name.encode(), value.encode()) for name, value in values.items()]
        return Request(method, parse_url(self.url + path), pairs, body, exact_length=exact_length)

    def call(
        self,
        method: str = "GET",
        path: str = "/",
        *,
        deadline: Deadline | None = None,
        reader: str = "read",
        **options: Any,
    ) -> Outcome:
        """Send a request, and read the whole response."""
        return self.run(self.exchange(self.request(method, path, **options), deadline, reader))

    async def exchange(
        self, request: Request, deadline: Deadline | None = None, reader: str = "read"
    ) -> Outcome:
        """Send a request, and read the whole response."""
        response = await self.send(request, deadline)
        try:
            body = await read_body(response, reader)
        finally:
            await response.close()
        return Outcome(
            response.status,
            list(response.headers),
            body,
            response.http_version,
            response.reason,
            response.length,
        )

    async def send(self, request: Request | None = None, deadline: Deadline | None = None) -> Response:
        """Send a request; its response is still to be read, and to be closed."""
        return await self.transport.send(request or self.request(), deadline or patient())

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Return a coroutine's result."""
        return run_sync(coroutine) if self.runner is None else self.runner.run(_guard(coroutine))

    def close(self) -> None:
        """Close the transport and its event loop."""
        self.run(self.transport.close())
        if self.runner is not None:
            self.runner.close()

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


async def _guard(coroutine: Coroutine[Any, Any, T]) -> T:
    async with asyncio.timeout(GUARD * 2):
        return await coroutine


class Stream:
    """A request's body, made while it is sent."""

    content_type = "application/octet-stream"

    def __init__(self, pieces: Callable[[], Iterator[bytes]], length: int) -> None:
        self._pieces = pieces
        self.length = length

    def chunks(self) -> Iterator[bytes]:
        return self._pieces()

    def segments(self) -> Iterator[Any]:
        return self._pieces()
