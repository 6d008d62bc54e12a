"""Both transports, synchronous and asynchronous, called from ordinary code."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import Any

import httpx
from attrs import field, frozen
from socket_server import GUARD
from vision_ai._direct import http_transport


@frozen
class Outcome:
    """The response to a request."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    extensions: dict[str, Any] = field(factory=dict, eq=False)


class Caller:
    """Runs each call of a transport to its end, on a loop of its own where the transport is asynchronous."""

    def __init__(self, flavor: str, url: str, *, stock: bool = False, **options: Any) -> None:
        self.url = url
        self.flavor = flavor
        self.runner = asyncio.Runner() if flavor == "async" else None
        if stock:
            kind = httpx.HTTPTransport if flavor == "sync" else httpx.AsyncHTTPTransport
            self.transport: Any = kind(verify=False, **options)
        else:
            self.transport = http_transport(url, asynchronous=flavor == "async", **options)

    def request(
        self,
        method: str = "GET",
        path: str = "/",
        *,
        content: bytes | Iterable[bytes] | AsyncIterable[bytes] | None = None,
        headers: dict[str, str] | None = None,
        stream: Any = None,
        deadline: float | None = None,
        **timeout: float,
    ) -> httpx.Request:
        seconds = {"connect": GUARD, "read": GUARD, "write": GUARD, "pool": GUARD} | timeout
        extensions: dict[str, Any] = {"timeout": seconds}
        if deadline is not None:
            extensions["deadline"] = time.monotonic() + deadline
        request = httpx.Request(
            method, self.url + path, content=content, headers=headers, extensions=extensions
        )
        if stream is not None:
            request.stream = stream
        return request

    def call(self, method: str = "GET", path: str = "/", **options: Any) -> Outcome:
        """Send a request and read its whole response."""
        return self.send(self.request(method, path, **options))

    def send(self, request: httpx.Request) -> Outcome:
        if self.runner is None:
            response = self.transport.handle_request(request)
            try:
                body = response.read()
            finally:
                response.close()
        else:
            response, body = self.run(self._response(request))
        return Outcome(response.status_code, response.headers.raw, body, response.extensions)

    async def _response(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        async with asyncio.timeout(GUARD * 2):
            response = await self.transport.handle_async_request(request)
            try:
                return response, await response.aread()
            finally:
                await response.aclose()

    def run(self, awaitable: Awaitable[Any]) -> Any:
        """Run an awaitable on the loop of the asynchronous transport."""
        assert self.runner is not None

        async def main() -> Any:
            return await awaitable

        return self.runner.run(main())

    def close(self) -> None:
        if self.runner is None:
            self.transport.close()
        else:
            self.run(self.transport.aclose())
            self.runner.close()

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Stream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A request's body, made as it is sent."""

    def __init__(self, pieces: Callable[[], Iterator[bytes]]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces():
            yield piece
