"""The transport that records: around any other one, for threads and for event loops.

The caller gets the same bytes and the same errors as without it. The one difference: a file that is sent is read by
Python, where the direct transport would let the kernel send it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from os import PathLike

from ..._runtime.clock import MovableClock
from ..._runtime.deadline import Deadline
from ..base import BodyTooLargeError, Request, Response, StreamedBody, Transport, read_chunks
from .exchange import Exchange
from .file import RecordingFile


class Recorder(Transport):
    """Sends requests over `transport`, which is closed with it, and adds each to the recording at `path`.

    Args:
        transport: What carries the requests.
        path: A new file, or a recording of this SDK, which is continued.
        asynchronous: For which client; large bodies are then written beside the event loop.
        secrets: Record serial numbers, the store's number and name, and the contents of backups too, which are
            otherwise replaced or left out.

    A disk that fills up later ends the recording, with a warning of the logger `vision_ai`, and no call.

    Raises:
        OSError: the file cannot be written.
        InvalidInputError: another file is at that path.
    """

    def __init__(
        self,
        transport: Transport,
        path: str | PathLike[str],
        *,
        asynchronous: bool = False,
        secrets: bool = False,
    ) -> None:
        self.asynchronous: bool | None = asynchronous
        self._file = RecordingFile.open_shared(path, secrets=secrets)
        self._transport = transport
        self._closed = False

    @property
    def clock(self) -> MovableClock | None:
        """See `Transport.clock`."""
        return self._transport.clock

    async def send(self, request: Request, deadline: Deadline) -> Response:
        """See `Transport.send`."""
        exchange = Exchange(self._file, request)
        body = request.body
        if isinstance(body, bytes):
            exchange.note_sent(body)
        else:
            request = Request(
                request.method,
                request.url,
                request.headers,
                _RecordedBody(body, exchange),
                exact_length=request.exact_length,
            )
        try:
            response = await self._transport.send(request, deadline)
        except BaseException as error:
            await self.record(exchange, exchange.fail, error)
            raise
        exchange.note_response(response)
        return _RecordedResponse(self, response, exchange)

    async def record(self, exchange: Exchange, step: Callable[..., None], *arguments: object) -> None:
        """Let the exchange take a step: beside the event loop where it waits for the disk.

        It is then completed also after a cancellation: half an entry would be useless.
        """
        if not self.asynchronous or not exchange.waits_for_disk:
            step(*arguments)
            return
        import anyio  # not needed by programs without an event loop
        from anyio import to_thread

        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(step, *arguments)

    async def close(self) -> None:
        try:
            await self._transport.close()
        finally:
            if not self._closed:
                self._closed = True
                self._file.release()

    def __repr__(self) -> str:
        return f"<{self._transport!r}, recorded in {self._file.path}>"


class _RecordedBody:
    """A request's body, recorded in pieces as they are read, also under an event loop: a piece is small."""

    def __init__(self, body: StreamedBody, exchange: Exchange) -> None:
        self.content_type = body.content_type
        self.length = body.length
        self._body = body
        self._exchange = exchange

    def chunks(self) -> Iterator[bytes]:
        self._exchange.note_start()
        for chunk in self._body.chunks():
            self._exchange.note_sent(chunk)
            yield chunk

    def segments(self) -> Iterable[bytes]:
        return self.chunks()


class _RecordedResponse(Response):
    """A response, observed."""

    def __init__(self, recorder: Recorder, response: Response, exchange: Exchange) -> None:
        self._recorder = recorder
        self._response = response
        self._exchange = exchange
        self.copy_head(response)
        self.length = response.length

    @property
    def coded_size(self) -> int | None:
        """See `Response.coded_size`."""
        return self._response.coded_size

    async def read(self, limit: int) -> bytearray:
        """Read the body in pieces: what arrives before a failure is recorded too."""
        try:
            return await read_chunks(self, limit)
        except BodyTooLargeError:
            await self.close()
            raise

    async def read_into(self, view: memoryview) -> int:
        """See `Response.read_into`."""
        exchange, record = self._exchange, self._recorder.record
        try:
            count = await self._response.read_into(view)
        except BaseException as error:
            await record(exchange, exchange.fail, error)
            raise
        if count:
            await record(exchange, exchange.note_received, bytes(view[:count]))
        else:
            await record(exchange, exchange.finish)
        return count

    async def close(self) -> None:
        """See `Response.close`."""
        try:
            await self._response.close()
        finally:
            await self._recorder.record(self._exchange, self._exchange.close)
