"""The direct way behind httpx's interface: for files that are sent, for recordings, and for whoever wants it.

Failures are httpx's here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from .. import _failures, _http
from .._failures import Failure, ReadError
from .._http import (
    AsyncBaseTransport,
    AsyncByteStream,
    AsyncHTTPTransport,
    BaseTransport,
    ByteStream,
    HTTPTransport,
    Request,
    Response,
    SyncByteStream,
)
from .._wire import run
from .address import Address, bound_to
from .outgoing import Outgoing
from .waits import Waits

if TYPE_CHECKING:  # these need httptools, and the stock transports are for where it is missing
    from .blocking import BlockingPool
    from .connection import Connection
    from .eventloop import LoopPool
    from .pool import Pool

C = TypeVar("C", bound="Connection")

AS_HTTPX: dict[type[Failure], type[Exception]] = {
    _failures.ConnectError: _http.ConnectError,
    _failures.ConnectTimeout: _http.ConnectTimeout,
    _failures.ReadError: _http.ReadError,
    _failures.ReadTimeout: _http.ReadTimeout,
    _failures.WriteError: _http.WriteError,
    _failures.WriteTimeout: _http.WriteTimeout,
    _failures.LocalProtocolError: _http.LocalProtocolError,
    _failures.RemoteProtocolError: _http.RemoteProtocolError,
    _failures.UnsupportedProtocol: _http.UnsupportedProtocol,
}


@contextmanager
def told_as_httpx_does() -> Generator[None]:
    try:
        yield
    except Failure as failure:
        raise AS_HTTPX[type(failure)](str(failure)) from failure.__cause__


class Body(Generic[C]):
    """An answer's body: what came with its head, and the connection where there is more to come."""

    def __init__(self, pool: Pool[C], connection: C, waits: Waits) -> None:
        self._pool = pool
        self._waits = waits
        self._first = connection.answer.take() if connection.answer.pieces else b""
        self._connection: C | None = connection
        self._whole = False

    def settle(self) -> None:
        """Gives the connection back at once, where all of the body came with the head."""
        if self._connection is not None:
            self._release_if_whole(self._connection)

    async def next_piece(self) -> bytes:
        """What comes next; nothing at the body's end."""
        first, self._first = self._first, b""
        if first or self._whole:
            return first
        with told_as_httpx_does():
            connection = self._connection
            if connection is None:
                raise ReadError("the answer was closed before its body was read")
            try:
                piece = await connection.more(self._waits)
            except BaseException:
                self.given_up()
                raise
        self._release_if_whole(connection)
        return piece

    def _release_if_whole(self, connection: C) -> None:
        answer = connection.answer
        if answer.done and not answer.pieces:
            self._whole = True
            self._connection = None
            self._pool.give_back(connection)

    def given_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._pool.discard(connection)


class BlockingBody(SyncByteStream):
    """A body that is read as it is iterated."""

    def __init__(self, body: Body[Any]) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        while piece := run(self._body.next_piece()):
            yield piece

    def close(self) -> None:
        self._body.given_up()


class LoopBody(AsyncByteStream):
    """A body that is read as it is iterated."""

    def __init__(self, body: Body[Any]) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while piece := await self._body.next_piece():
            yield piece

    async def aclose(self) -> None:
        self._body.given_up()


async def exchange(pool: Pool[C], request: Request, presented: Callable[[Body[C]], Any]) -> Response:
    """The answer's head, with a body that reads on."""
    with told_as_httpx_does():
        waits = Waits(request.extensions)
        connection = await pool.asked(_outgoing(request), waits)
    answer = connection.answer
    try:
        extensions = {
            "http_version": b"HTTP/1.1" if answer.version == "1.1" else b"HTTP/1.0",
            "reason_phrase": answer.reason,
        }
        body = Body(pool, connection, waits)
        response = Response(
            answer.status, headers=answer.headers, stream=presented(body), extensions=extensions
        )
    except BaseException:
        pool.discard(connection)
        raise
    body.settle()
    return response


def _outgoing(request: Request) -> Outgoing:
    url, headers = request.url, tuple(request.headers.raw)
    whole = isinstance(request.stream, ByteStream)
    body, stream = (request.read(), None) if whole else (b"", cast(object, request.stream))
    return Outgoing(request.method, url.raw_path, url.netloc, headers, body, stream)


class DirectTransport(BaseTransport):
    """Plain HTTP/1.1 to one address, for ordinary programs and threads."""

    answers_whole = True

    def __init__(self, pool: BlockingPool) -> None:
        self._pool = pool
        self.ask = pool.ask
        self.open = pool.open

    def presented(self) -> DirectTransport:
        return self

    def handle_request(self, request: Request) -> Response:
        return run(exchange(self._pool, request, BlockingBody))

    def close(self) -> None:
        self._pool.close()

    def __repr__(self) -> str:
        return self._pool.told("DirectTransport", self._pool.idle)


class AsyncDirectTransport(AsyncBaseTransport):
    """Plain HTTP/1.1 to one address, for asyncio; under another event loop httpx's own takes its place."""

    def __init__(self, pool: LoopPool) -> None:
        self._pool = pool
        self.ask = pool.ask
        self.open = pool.open
        self._other: AsyncStockTransport | None = None

    @property
    def answers_whole(self) -> bool:
        return self._pool.answers_whole

    def presented(self) -> AsyncDirectTransport:
        return self

    async def handle_async_request(self, request: Request) -> Response:
        if self._pool.answers_whole:
            return await exchange(self._pool, request, LoopBody)
        with told_as_httpx_does():
            self._pool.refuse()
        if self._other is None:
            self._other = AsyncStockTransport("this event loop is not asyncio's", self._pool.address)
        return await self._other.handle_async_request(request)

    async def aclose(self) -> None:
        self._pool.close()
        if self._other is not None:
            await self._other.aclose()

    def __repr__(self) -> str:
        if self._other is not None:
            return repr(self._other)
        return self._pool.told("AsyncDirectTransport", self._pool.idle)


class StockTransport(HTTPTransport):
    """httpx's own transport, and why it is in use."""

    def __init__(self, why: str, address: Address) -> None:
        super().__init__(**_options(address))
        self._why = why

    def __repr__(self) -> str:
        return f"<httpx.HTTPTransport: {self._why}>"


class AsyncStockTransport(AsyncHTTPTransport):
    """httpx's own transport, and why it is in use."""

    def __init__(self, why: str, address: Address) -> None:
        super().__init__(**_options(address))
        self._why = why

    def __repr__(self) -> str:
        return f"<httpx.AsyncHTTPTransport: {self._why}>"


def _options(address: Address) -> dict[str, Any]:
    options: dict[str, Any] = {
        "verify": False,
        "local_address": address.local_address,
        "uds": address.uds,
    }
    if address.interface is not None:
        options["socket_options"] = [bound_to(address.interface)]
    return options
