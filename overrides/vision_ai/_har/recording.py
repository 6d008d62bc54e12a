"""The transports that record: around any other, for ordinary programs and for event loops.

The caller gets the same bytes, in the same pieces, and the same errors as without. The one difference: a file
that is sent is read by Python, where the direct transport would have the kernel send it.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from os import PathLike
from typing import cast

from .._http import (
    AsyncBaseTransport,
    AsyncByteStream,
    BaseTransport,
    ByteStream,
    Request,
    Response,
    SyncByteStream,
)
from .exchange import Exchange
from .file import RecordingFile


def recorded(
    transport: BaseTransport | AsyncBaseTransport,
    path: str | PathLike[str],
    *,
    asynchronous: bool,
    secrets: bool = False,
) -> RecordingTransport | AsyncRecordingTransport:
    """The transport, with all that passes recorded in the HAR file at `path`; see the two classes."""
    if asynchronous:
        return AsyncRecordingTransport(cast(AsyncBaseTransport, transport), path, secrets=secrets)
    return RecordingTransport(cast(BaseTransport, transport), path, secrets=secrets)


class RecordingTransport(BaseTransport):
    """Carries requests over `transport`, which is closed with it, and adds each to the recording at `path`.

    A recording of this SDK that is there already is added to. `secrets` keeps serial numbers, the store's
    number and name, and the contents of backups, which are otherwise replaced or left out. Raises OSError for
    a path that cannot be written, InvalidInputError for any other file there. A disk that fills up later ends
    the recording with a warning of the logger `vision_ai`, and no call.
    """

    def __init__(self, transport: BaseTransport, path: str | PathLike[str], *, secrets: bool = False) -> None:
        self._file = RecordingFile.shared(path, secrets=secrets)
        self._transport = transport
        self._closed = False

    def handle_request(self, request: Request) -> Response:
        exchange = Exchange(self._file, request)
        try:
            response = self._transport.handle_request(_overheard(request, exchange))
        except BaseException as error:
            exchange.failed(error)
            raise
        exchange.answered(response)
        if response.is_closed:
            exchange.received(response.content)
            exchange.finished()
        else:
            response.stream = _Answer(cast(SyncByteStream, response.stream), exchange)
        return response

    def close(self) -> None:
        try:
            self._transport.close()
        finally:
            if not self._closed:
                self._closed = True
                self._file.release()

    def __repr__(self) -> str:
        return f"<{self._transport!r}, recorded in {self._file.path}>"


class AsyncRecordingTransport(AsyncBaseTransport):
    """As `RecordingTransport`, for event loops; what is large is written beside the loop."""

    def __init__(
        self, transport: AsyncBaseTransport, path: str | PathLike[str], *, secrets: bool = False
    ) -> None:
        self._file = RecordingFile.shared(path, secrets=secrets)
        self._transport = transport
        self._closed = False

    async def handle_async_request(self, request: Request) -> Response:
        exchange = Exchange(self._file, request)
        try:
            response = await self._transport.handle_async_request(_overheard(request, exchange))
        except BaseException as error:
            await _told(exchange, exchange.failed, error)
            raise
        exchange.answered(response)
        if response.is_closed:
            await _told(exchange, exchange.received, response.content)
            await _told(exchange, exchange.finished)
        else:
            response.stream = _AsyncAnswer(cast(AsyncByteStream, response.stream), exchange)
        return response

    async def aclose(self) -> None:
        try:
            await self._transport.aclose()
        finally:
            if not self._closed:
                self._closed = True
                self._file.release()

    def __repr__(self) -> str:
        return f"<{self._transport!r}, recorded in {self._file.path}>"


def _overheard(request: Request, exchange: Exchange) -> Request:
    """The request; one whose body is a stream, in a copy with a stream that tells of it."""
    if isinstance(request.stream, ByteStream):
        exchange.sent(request.read())
        return request
    return Request(
        request.method,
        request.url,
        headers=request.headers,
        stream=_Outgoing(cast(object, request.stream), exchange),
        extensions=request.extensions,
    )


class _Outgoing(SyncByteStream, AsyncByteStream):
    """A request's body, of either world."""

    def __init__(self, stream: object, exchange: Exchange) -> None:
        self._stream = stream
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        for chunk in cast("Iterable[bytes]", self._stream):
            self._exchange.sent(chunk)
            yield chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in cast("AsyncIterable[bytes]", self._stream):
            await _told(self._exchange, self._exchange.sent, chunk)
            yield chunk


class _Answer(SyncByteStream):
    def __init__(self, stream: SyncByteStream, exchange: Exchange) -> None:
        self._stream = stream
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        try:
            for chunk in self._stream:
                self._exchange.received(chunk)
                yield chunk
        except GeneratorExit:
            raise  # closing it follows
        except BaseException as error:
            self._exchange.failed(error)
            raise
        self._exchange.finished()

    def close(self) -> None:
        try:
            self._stream.close()
        finally:
            self._exchange.closed()


class _AsyncAnswer(AsyncByteStream):
    def __init__(self, stream: AsyncByteStream, exchange: Exchange) -> None:
        self._stream = stream
        self._exchange = exchange

    async def __aiter__(self) -> AsyncIterator[bytes]:
        exchange = self._exchange
        try:
            async for chunk in self._stream:
                await _told(exchange, exchange.received, chunk)
                yield chunk
        except GeneratorExit:
            raise  # closing it follows
        except BaseException as error:
            await _told(exchange, exchange.failed, error)
            raise
        await _told(exchange, exchange.finished)

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            await _told(self._exchange, self._exchange.closed)


async def _told(exchange: Exchange, step: Callable[..., None], *arguments: object) -> None:
    """Tells the exchange at once, or beside the event loop where the disk has to be waited for. Then it is
    done to its end, also after a cancellation: half an entry would be none."""
    if not exchange.waits_for_the_disk:
        step(*arguments)
        return
    import anyio  # not needed by programs without an event loop
    from anyio import to_thread

    with anyio.CancelScope(shield=True):
        await to_thread.run_sync(step, *arguments)
