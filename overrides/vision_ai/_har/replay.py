"""The transport that plays a recording back: `replay:day.har`."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from .._http import (
    AsyncBaseTransport,
    AsyncByteStream,
    BaseTransport,
    ConnectError,
    ConnectTimeout,
    HTTPError,
    PoolTimeout,
    ProxyError,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    Request,
    Response,
    SyncByteStream,
    WriteError,
    WriteTimeout,
)
from ..errors import RecordingError
from .left_out import FormDigest, boundary_of
from .reading import Answered, Asked, asked, read_recording, said, said_by_form

PIECE = 64 * 1024
"""Bytes of an answer handed over at a time."""

FAILURES: dict[str, type[HTTPError]] = {
    **{
        kind.__name__: kind
        for kind in (
            ConnectError,
            ConnectTimeout,
            PoolTimeout,
            ProxyError,
            ReadError,
            ReadTimeout,
            RemoteProtocolError,
            WriteError,
            WriteTimeout,
        )
    },
    # A deadline ends a call from outside.
    "Cancelled": ReadTimeout,
    "CancelledError": ReadTimeout,
    "TimeoutError": ReadTimeout,
    # Chrome's.
    "net::ERR_ADDRESS_UNREACHABLE": ConnectError,
    "net::ERR_CONNECTION_FAILED": ConnectError,
    "net::ERR_CONNECTION_REFUSED": ConnectError,
    "net::ERR_CONNECTION_TIMED_OUT": ConnectTimeout,
    "net::ERR_INTERNET_DISCONNECTED": ConnectError,
    "net::ERR_NAME_NOT_RESOLVED": ConnectError,
    "net::ERR_NETWORK_CHANGED": ReadError,
    "net::ERR_TIMED_OUT": ReadTimeout,
}
"""How a recorded failure is raised, by the word it begins with; any other as an answer that was lost."""


def open_transport(url: str, *, asynchronous: bool) -> ReplayTransport:
    """The transport for a `replay:` URL, `replay:` and the path of a HAR file; it serves both clients.

    Raises ValueError for a file that is no HAR, OSError where it cannot be read.
    """
    path = url.partition(":")[2]
    if not path:
        raise ValueError("name the recording, as in 'replay:day.har'")
    return ReplayTransport(path)


class ReplayTransport(BaseTransport, AsyncBaseTransport):
    """Answers as a recording did.

    Requests are alike when method, path and body are: JSON as JSON, a form by its file's bytes. Like requests
    are answered in recorded order, the last answer again and again. Recorded failures are raised as the same
    kind of failure, without waiting for it. Any number of threads may ask.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).expanduser()
        self._held: dict[Asked, list[Answered]] = {}
        for request, answer in read_recording(self.path):
            self._held.setdefault(request, []).append(answer)
        self._played: dict[Asked, int] = {}
        self._lock = threading.Lock()

    def handle_request(self, request: Request) -> Response:
        reader = _Reader(request)
        for chunk in cast("Iterable[bytes]", request.stream):
            reader.feed(chunk)
        return self._answer(reader.asked())

    async def handle_async_request(self, request: Request) -> Response:
        reader = _Reader(request)
        async for chunk in cast("AsyncIterable[bytes]", request.stream):
            reader.feed(chunk)
        return self._answer(reader.asked())

    def __repr__(self) -> str:
        return f"<ReplayTransport {self.path}>"

    def _answer(self, request: Asked) -> Response:
        answered = self._next(request)
        if answered.content is None:
            raise RecordingError(
                f"{self.path} holds {request}, but was made without contents: export it again, with them"
            )
        if answered.failure is not None and not 100 <= answered.status <= 599:
            raise _failure(answered.failure)
        headers = answered.headers
        if answered.failure is None:
            headers = [*headers, (b"Content-Length", b"%d" % len(answered.content))]
        return Response(
            answered.status,
            headers=headers,
            stream=_Played(answered.content, answered.failure),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": answered.reason},
        )

    def _next(self, request: Asked) -> Answered:
        recorded = request if request in self._held else Asked(request.method, request.path, None)
        answers = self._held.get(recorded)
        if answers is None:
            raise RecordingError(f"{self.path} does not hold {request}. {self._nearest(request)}")
        with self._lock:
            number = self._played.get(recorded, 0)
            self._played[recorded] = number + 1
        return answers[min(number, len(answers) - 1)]

    def _nearest(self, request: Asked) -> str:
        bodies = [held for held in self._held if (held.method, held.path) == (request.method, request.path)]
        if bodies:
            told = "\n".join(f"  {held}" for held in bodies[:5])
            return f"It holds {len(bodies)} such with another body:\n{told}"
        paths: dict[str, int] = {}
        for held, answers in self._held.items():
            name = f"{held.method} {held.path}"
            paths[name] = paths.get(name, 0) + len(answers)
        told = ", ".join(f"{name} ({count}×)" for name, count in list(paths.items())[:30])
        return f"It holds {told}." if told else "It is empty."


class _Reader:
    """A request as it comes in."""

    def __init__(self, request: Request) -> None:
        self._request = request
        boundary = boundary_of(request.headers.get("content-type", ""))
        self._form = None if boundary is None else FormDigest(boundary)
        self._body = bytearray()

    def feed(self, chunk: bytes) -> None:
        if self._form is None:
            self._body += chunk
        else:
            self._form.feed(chunk)

    def asked(self) -> Asked:
        if self._form is not None:
            body = said_by_form(self._form)
        else:
            body = said(bytes(self._body)) if self._body else ""
        return asked(self._request.method, str(self._request.url), body)


class _Played(SyncByteStream, AsyncByteStream):
    """An answer's body, and how it broke off."""

    def __init__(self, content: bytes, failure: str | None) -> None:
        self._content = content
        self._failure = failure

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces():
            yield piece

    def _pieces(self) -> Generator[bytes]:
        for start in range(0, len(self._content), PIECE):
            yield self._content[start : start + PIECE]
        if self._failure is not None:
            raise _failure(self._failure)


def _failure(told: str) -> HTTPError:
    kind: Any = FAILURES.get(told.partition(": ")[0], ReadError)
    return kind(f"recorded: {told}")
