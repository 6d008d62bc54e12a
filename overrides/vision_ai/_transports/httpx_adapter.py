"""Any httpx transport as a `Transport`: https, proxies, trio, the emulator, and what programs bring."""

from __future__ import annotations

import ipaddress
import sys
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from typing import Any, cast

from .. import _httpx
from .._runtime.clock import MovableClock
from .._runtime.deadline import Deadline
from . import base
from .base import (
    CONNECT_SHARE,
    LONGEST_IDLE,
    BodyTooLargeError,
    ReadError,
    ReadTimeout,
    Request,
    Response,
    StreamedBody,
    Transport,
    TransportError,
    WriteError,
    WriteTimeout,
)
from .content_coding import decode_content

SHORTEST_TIMEOUT = 0.001
"""Seconds; httpx takes 0 for an error."""


SENDING_FAILED = ("http11.send_request_headers.failed", "http11.send_request_body.failed")
"""Names of httpcore's events. Over HTTP/2 it has no way to read a response after them."""
EARLY_RESPONSE_TIMEOUT = 0.2
"""Seconds to read a response that came before the sending of its request stalled."""
UNREADABLE = "; a response that came before that cannot be read over this connection"
MOST_CONNECTIONS = 100
"""httpx's own limit."""


def make_limits(keep: int) -> _httpx.Limits:
    """Return httpx's limits for a transport that keeps that many connections open, for as long as the direct one."""
    return _httpx.Limits(
        max_connections=MOST_CONNECTIONS, max_keepalive_connections=keep, keepalive_expiry=LONGEST_IDLE
    )


class HttpxAdapter(Transport):
    """Sends requests over an `httpx.BaseTransport`, which is closed with it."""

    asynchronous = False

    def __init__(self, transport: _httpx.BaseTransport) -> None:
        self.wrapped = transport

    @property
    def clock(self) -> MovableClock | None:
        """See `Transport.clock`."""
        return getattr(self.wrapped, "clock", None)

    async def send(self, request: Request, deadline: Deadline) -> Response:
        """See `Transport.send`."""
        sending = _Sending(deadline)
        with _translate_errors(sending):
            response = self.wrapped.handle_request(_to_httpx(request, deadline, sending, sending.trace))
        return _decode(_SyncResponse(response, sending), response)

    async def close(self) -> None:
        self.wrapped.close()

    def __repr__(self) -> str:
        return repr(self.wrapped)


class AsyncHttpxAdapter(Transport):
    """Sends requests over an `httpx.AsyncBaseTransport`, which is closed with it."""

    asynchronous = True

    def __init__(self, transport: _httpx.AsyncBaseTransport) -> None:
        self.wrapped = transport

    @property
    def clock(self) -> MovableClock | None:
        """See `Transport.clock`."""
        return getattr(self.wrapped, "clock", None)

    async def send(self, request: Request, deadline: Deadline) -> Response:
        """See `Transport.send`."""
        import anyio

        sending = _Sending(deadline)
        with _translate_errors(sending), anyio.fail_after(deadline.left):
            response = await self.wrapped.handle_async_request(
                _to_httpx(request, deadline, sending, sending.trace_async)
            )
        return _decode(_AsyncResponse(response, sending), response)

    async def close(self) -> None:
        await self.wrapped.aclose()

    def __repr__(self) -> str:
        return repr(self.wrapped)


def _decode(response: Response, original: _httpx.Response) -> Response:
    """Return the response with a body that is not packed. httpx has unpacked what was read already."""
    coding = original.headers.get("content-encoding", "")
    return decode_content(response, coding) if coding and not original.is_stream_consumed else response


class _Sending:
    """Watches how a request is sent, by the events of httpcore's extension `trace`.

    A module that refuses a file may say so before it has received all of it, and then receive no more. httpcore reads
    the response where sending breaks off, but not where it stalls: therefore a stall becomes what httpcore takes for a
    broken connection. This cannot help where a stalled write makes the connection useless, as over asynchronous TLS.
    """

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        """That of the call; where the sending stalled, that of the response."""
        self.timeouts = _make_timeouts(deadline)
        self.complete = True
        """Whether the whole request was sent."""
        self._has_stalled = False

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of an event."""
        if event.endswith("send_request_headers.started"):
            self.complete = True  # perhaps the second request, after a redirect
        elif event in SENDING_FAILED:
            self.complete = False
            error: Exception = info["exception"]
            library = sys.modules[type(error).__module__]
            if isinstance(error, getattr(library, "WriteTimeout", ())):
                self._has_stalled = True
                self.timeouts["read"] = EARLY_RESPONSE_TIMEOUT
                self.deadline = Deadline(2 * EARLY_RESPONSE_TIMEOUT)
                raise library.WriteError(str(error)) from error

    async def trace_async(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of an event."""
        self.trace(event, info)

    def find_failure(self, error: Exception) -> TransportError | None:
        """Return the failure where the request was not sent completely; None where it was."""
        is_timeout = isinstance(error, _httpx.TimeoutException | TimeoutError)
        lost = "" if is_timeout else UNREADABLE
        if self._has_stalled:
            return WriteTimeout(f"the request was not accepted in time{lost}")
        if not self.complete and isinstance(error, _httpx.ReadError):
            return WriteError(f"while the request was sent{lost}")
        return None


class _HttpxResponse(Response):
    """A response of httpx's."""

    def __init__(self, response: _httpx.Response, sending: _Sending) -> None:
        self._response = response
        self._deadline = sending.deadline
        self._rest = memoryview(b"")
        self.status = response.status_code
        self.headers = response.headers.raw
        self.http_version = response.http_version
        self.reason = response.reason_phrase.encode()  # the standard one where the transport has none
        length = response.headers.get("content-length", "")
        is_packed = "content-encoding" in response.headers
        self.length = int(length) if length.isdecimal() and not is_packed else None
        self.server_address = _server_address(response)
        self.request_sent = sending.complete

    async def read(self, limit: int) -> bytes | bytearray:
        """See `Response.read`."""
        content = bytearray()
        try:
            while piece := await self._next_piece():
                content += piece
                if len(content) > limit:
                    raise BodyTooLargeError(bytes(content[:1024]))
        finally:
            await self.close()  # httpx's pool gets its connection back
        return content

    async def read_into(self, view: memoryview) -> int:
        """See `Response.read_into`."""
        if not self._rest:
            self._rest = memoryview(await self._next_piece())
        count = min(len(self._rest), len(view))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    @abstractmethod
    async def _next_piece(self) -> bytes:
        """Return the next bytes of the body, b"" at its end."""


class _SyncResponse(_HttpxResponse):
    def __init__(self, response: _httpx.Response, sending: _Sending) -> None:
        super().__init__(response, sending)
        self._pieces = self._iterate()

    async def _next_piece(self) -> bytes:
        with _translate_errors():
            piece = next(self._pieces, b"")
            if piece and self._deadline.over:
                raise TimeoutError
        return piece

    def _iterate(self) -> Iterator[bytes]:
        response = self._response
        if response.is_stream_consumed:  # by an event hook of the http_client, for example
            yield response.content
            return
        yield from filter(None, _sync_stream(response))

    async def close(self) -> None:
        self._response.close()


class _AsyncResponse(_HttpxResponse):
    def __init__(self, response: _httpx.Response, sending: _Sending) -> None:
        super().__init__(response, sending)
        self._pieces = self._iterate()

    async def _next_piece(self) -> bytes:
        import anyio

        with _translate_errors(), anyio.fail_after(self._deadline.left):
            piece = await anext(self._pieces, b"")
            if piece and self._deadline.over:
                raise TimeoutError
        return piece

    async def _iterate(self) -> AsyncIterator[bytes]:
        response = self._response
        if response.is_stream_consumed:
            yield response.content
            return
        pieces = _async_stream(response).__aiter__()
        async with aclosing(cast(Any, pieces)):
            async for piece in pieces:
                if piece:
                    yield piece

    async def close(self) -> None:
        import anyio

        with anyio.CancelScope(shield=True):  # also when the call was cancelled
            await cast(Any, self._pieces).aclose()
            await self._response.aclose()


def _sync_stream(response: _httpx.Response) -> _httpx.SyncByteStream:
    return cast(_httpx.SyncByteStream, response.stream)


def _async_stream(response: _httpx.Response) -> _httpx.AsyncByteStream:
    return cast(_httpx.AsyncByteStream, response.stream)


class _RequestStream(_httpx.SyncByteStream, _httpx.AsyncByteStream):
    """A request's body for httpx, which may ask for it again: after a redirect, for example."""

    def __init__(self, body: StreamedBody) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        return self._body.chunks()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _Chunks(self._body.chunks())


class _Chunks(AsyncIterator[bytes]):
    """No asynchronous generator: these need an event loop to end where sending breaks off."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    async def __anext__(self) -> bytes:
        for chunk in self._chunks:
            return chunk
        raise StopAsyncIteration


def _to_httpx(
    request: Request, deadline: Deadline, sending: _Sending, trace: Callable[..., Any]
) -> _httpx.Request:
    body = request.body
    extensions: dict[str, Any] = {"timeout": sending.timeouts, "deadline": deadline.moment, "trace": trace}
    converted = _httpx.Request(
        request.method,
        request.url.text,
        headers=list(request.headers),
        content=body if isinstance(body, bytes) and body else None,
        extensions=extensions,
    )
    if not isinstance(body, bytes):
        converted.stream = _RequestStream(body)  # as an argument, it would leave out the header Host
    return converted


def _make_timeouts(deadline: Deadline) -> dict[str, float | None]:
    """Return httpx's timeouts for a call with that deadline."""
    limits = [limit for limit in (deadline.left, deadline.stall) if limit is not None]
    if not limits:
        return dict.fromkeys(("connect", "read", "write", "pool"))
    seconds = max(min(limits), SHORTEST_TIMEOUT)
    share = seconds * CONNECT_SHARE
    return {"connect": share, "read": seconds, "write": share, "pool": share}


@contextmanager
def _translate_errors(sending: _Sending | None = None) -> Generator[None]:
    try:
        yield
    except TransportError:
        raise
    except (_httpx.HTTPError, _httpx.StreamError, OSError) as error:
        failure = None if sending is None else sending.find_failure(error)
        raise failure or _translate(error) from error


def _translate(error: Exception) -> TransportError:
    """Return the failure of the same name; for a name of httpx's alone, that of its nearest base class."""
    kind: type[TransportError] = ReadTimeout if isinstance(error, TimeoutError) else ReadError
    for cls in type(error).__mro__:
        if cls.__name__ == "TimeoutException":
            kind = ReadTimeout
            break
        known = getattr(base, cls.__name__, None)
        if isinstance(known, type) and issubclass(known, TransportError) and known is not TransportError:
            kind = known
            break
    failure = kind(str(error) or type(error).__name__)
    failure.original = error
    return failure


def _server_address(response: _httpx.Response) -> str | None:
    stream = response.extensions.get("network_stream")
    if stream is None:
        return None
    with suppress(OSError, ValueError, TypeError, IndexError):
        return str(ipaddress.ip_address(stream.get_extra_info("server_addr")[0]))
    return None
