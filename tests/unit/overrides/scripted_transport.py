"""A transport whose responses a test lists in advance, and which keeps every request byte for byte."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any

import httpx
from attrs import frozen

Reply = httpx.Response | BaseException | Callable[["SentRequest"], Any]
"""A response, an exception to raise, or a function of the request that returns or raises one."""


@frozen
class SentRequest:
    """A request as it reached the transport."""

    method: str
    url: str
    path: str
    """As in the request line."""
    headers: httpx.Headers
    body: bytes
    timeout: dict[str, float]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class ScriptedTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Sends the replies one after the other; repeats the last one where `forever` is set."""

    def __init__(self, *replies: Reply, forever: bool = False) -> None:
        self.replies = list(replies)
        self.forever = forever
        self.requests: list[SentRequest] = []
        self.closed = 0

    def respond(self, *replies: Reply, forever: bool = False) -> ScriptedTransport:
        """Add replies."""
        self.replies += replies
        self.forever = forever
        return self

    @property
    def paths(self) -> list[str]:
        return [each.path for each in self.requests]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        return self._respond(request, b"".join(request.stream))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        return self._respond(request, b"".join([chunk async for chunk in request.stream]))

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1

    def _respond(self, request: httpx.Request, body: bytes) -> httpx.Response:
        sent = SentRequest(
            request.method,
            str(request.url),
            request.url.raw_path.decode(),
            request.headers,
            body,
            request.extensions["timeout"],
        )
        self.requests.append(sent)
        assert self.replies, f"one request too many: {sent.method} {sent.path}"
        repeat = self.forever and len(self.replies) == 1
        reply: Any = self.replies[0] if repeat else self.replies.pop(0)
        if callable(reply) and not isinstance(reply, type):
            reply = reply(sent)
        if isinstance(reply, BaseException):
            raise reply
        assert isinstance(reply, httpx.Response)
        # A copy, because a response can be read only once.
        content = None if isinstance(reply.stream, GeneratedBody) else reply.content
        return httpx.Response(
            reply.status_code,
            headers=reply.headers,
            content=content,
            stream=None if content is not None else reply.stream,
        )


class GeneratedBody(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body made while it is read. An exception among the pieces is raised at its position."""

    def __init__(self, pieces: Callable[[], Iterable[bytes | BaseException]]) -> None:
        self._pieces = pieces
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces():
            if isinstance(piece, BaseException):
                raise piece
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


def raw_response(content: bytes, content_type: str | None = None, status: int = 200) -> httpx.Response:
    """A response of exactly these bytes, without a content type unless one is given."""
    headers = [] if content_type is None else [(b"Content-Type", content_type.encode("latin-1"))]
    return httpx.Response(status, headers=headers, content=content)


def json_response(value: Any, status: int = 200) -> httpx.Response:
    """A JSON response, with Chinese text as it is."""
    return raw_response(json.dumps(value, ensure_ascii=False).encode(), "application/json", status)


def success_response(data: Any = None) -> httpx.Response:
    """A success in the module's envelope."""
    return json_response({"code": 0, "data": data})


def error_response(code: int) -> httpx.Response:
    """An error in the module's envelope."""
    return json_response({"code": code, "data": None})


def streamed_response(
    pieces: Callable[[], Iterable[bytes | BaseException]], headers: dict[str, str] | None = None
) -> httpx.Response:
    """A response whose body comes in pieces."""
    return httpx.Response(200, headers=headers, stream=GeneratedBody(pieces))
