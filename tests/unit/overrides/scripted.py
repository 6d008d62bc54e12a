"""A transport whose answers a test writes down, and which keeps every request byte for byte."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any

import httpx
from attrs import frozen

Step = httpx.Response | BaseException | Callable[["Asked"], Any]
"""One answer: a response, something to raise, or a function of the request that gives (or raises) either."""


@frozen
class Asked:
    """A request as it reached the transport."""

    method: str
    url: str
    path: str
    """As on the request line."""
    headers: httpx.Headers
    body: bytes
    timeout: dict[str, float]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Scripted(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers with the steps in turn; the last one is repeated where `forever` is set."""

    def __init__(self, *steps: Step, forever: bool = False) -> None:
        self.steps = list(steps)
        self.forever = forever
        self.asked: list[Asked] = []
        self.closed = 0

    def will(self, *steps: Step, forever: bool = False) -> Scripted:
        """Adds steps."""
        self.steps += steps
        self.forever = forever
        return self

    @property
    def paths(self) -> list[str]:
        return [each.path for each in self.asked]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        return self._answer(request, b"".join(request.stream))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        return self._answer(request, b"".join([chunk async for chunk in request.stream]))

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1

    def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        asked = Asked(
            request.method,
            str(request.url),
            request.url.raw_path.decode(),
            request.headers,
            body,
            request.extensions["timeout"],
        )
        self.asked.append(asked)
        assert self.steps, f"one request too many: {asked.method} {asked.path}"
        step: Any = self.steps[0] if self.forever and len(self.steps) == 1 else self.steps.pop(0)
        if callable(step) and not isinstance(step, type):
            step = step(asked)
        if isinstance(step, BaseException):
            raise step
        assert isinstance(step, httpx.Response)
        # Afresh, as a response can be read only once.
        content = None if isinstance(step.stream, Pieces) else step.content
        return httpx.Response(
            step.status_code,
            headers=step.headers,
            content=content,
            stream=None if content is not None else step.stream,
        )


class Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body made while it is read; an exception among the pieces is raised in its place."""

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


def raw(content: bytes, content_type: str | None = None, status: int = 200) -> httpx.Response:
    """An answer of exactly these bytes, without a content type unless one is given."""
    headers = [] if content_type is None else [(b"Content-Type", content_type.encode("latin-1"))]
    return httpx.Response(status, headers=headers, content=content)


def as_json(value: Any, status: int = 200) -> httpx.Response:
    """A JSON answer, Chinese as it is."""
    return raw(json.dumps(value, ensure_ascii=False).encode(), "application/json", status)


def success(data: Any = None) -> httpx.Response:
    """The envelope of a success."""
    return as_json({"code": 0, "data": data})


def refusal(code: int) -> httpx.Response:
    """The envelope of an error."""
    return as_json({"code": code, "data": None})


def streamed(
    pieces: Callable[[], Iterable[bytes | BaseException]], headers: dict[str, str] | None = None
) -> httpx.Response:
    """A body that comes in pieces."""
    return httpx.Response(200, headers=headers, stream=Pieces(pieces))
