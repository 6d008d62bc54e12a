"""A request's path over a connection, and the response that is still to be read."""

from __future__ import annotations

from abc import abstractmethod
from functools import cache
from time import monotonic
from typing import Any, Generic, NoReturn, TypeVar

from ..._runtime.deadline import Deadline
from ..base import (
    CLOSED,
    CONNECT_SHARE,
    BodyTooLargeError,
    ConnectError,
    ConnectTimeout,
    ReadError,
    ReadTimeout,
    Request,
    Response,
    Transport,
    UnsupportedProtocol,
)
from .address import Address, Target
from .connection import Connection

C = TypeVar("C", bound=Connection)

LARGE = 64 * 1024
"""Bytes of a body from which the allocation of its buffer matters."""
RAISED_THRESHOLD = 4 * 1024 * 1024
"""Bytes."""
BEGINNING = 1024
"""Bytes that are kept of a body that is too large."""


class DirectTransport(Transport, Generic[C]):
    """Plain HTTP/1.1 to one address: one connection for each request under way.

    Args:
        address: Where to connect.
        keep: How many connections stay open for the next requests.
    """

    def __init__(self, address: Address, keep: int) -> None:
        self.address = address
        self.keep = keep

    async def send(self, request: Request, deadline: Deadline) -> Response:
        """See `Transport.send`."""
        if request.url.netloc != self.address.netloc and self.address.unix_socket is None:
            raise UnsupportedProtocol(
                f"this transport goes to {self.address}, not to {request.url.netloc.decode()}"
            )
        kept = self._take_idle()
        while True:
            connection: C | None = kept
            try:
                if connection is None:
                    connection = await self._connect(deadline)
                await connection.exchange(request, deadline)
                coding = connection.parser.coding
                response = DirectResponse(self, connection, deadline, exact_length=request.exact_length)
                if not coding:
                    return response
                from ..content_coding import decode_content  # seldom needed

                return decode_content(response, coding.decode("latin-1"))
            except BaseException as error:
                if connection is not None:
                    self.discard(connection)
                # The kernel accepted nothing of it, so that it cannot have arrived: a new connection may.
                unsent = kept is not None and isinstance(error, ConnectError)
                if not unsent or not isinstance(request.body, bytes) or deadline.over:
                    raise
                kept = None

    async def _connect(self, deadline: Deadline) -> C:
        left = deadline.left
        stall = deadline.stall
        if stall is not None and (left is None or stall < left):
            left = stall
        until = None if left is None else monotonic() + left * CONNECT_SHARE
        targets = self.address.targets
        if targets is None:
            targets = self.address.select_targets(await self._look_up(until))
        if not targets:
            raise ConnectError(f"{self.address}: no address of the same family as the local address")
        for number, target in enumerate(targets):
            others = len(targets) - number - 1
            share = until
            if until is not None and others:
                share = monotonic() + (until - monotonic()) / (others + 1)
            try:
                return await self._connect_to(target, share)
            except (ConnectError, ConnectTimeout):
                if not others or self.closed:
                    raise
        raise AssertionError("unreachable: the last failure was raised")

    async def _connect_to(self, target: Target, until: float | None) -> C:
        family, address = target
        connection: C | None = None
        try:
            connection = self._open(family)
            await connection.connect(self.address, address, until)
        except BaseException:
            if connection is not None:
                self.discard(connection)
            raise
        return connection

    def _refuse_if_closed(self) -> None:
        if self.closed:
            raise ConnectError(f"{self.address}: {CLOSED}")

    def __repr__(self) -> str:
        state = "closed" if self.closed else f"{self.idle} idle"
        return f"<{type(self).__name__} {self.address}, {state}>"

    @property
    @abstractmethod
    def closed(self) -> bool:
        """Whether `close` was called."""

    @property
    @abstractmethod
    def idle(self) -> int:
        """How many connections wait for the next request."""

    @abstractmethod
    def _take_idle(self) -> C | None:
        """Return an idle connection that is still good."""

    @abstractmethod
    def _open(self, family: int) -> C:
        """Return a connection that is not connected yet."""

    @abstractmethod
    def release(self, connection: C) -> None:
        """Keep a connection after its response was read, if it can be used again."""

    @abstractmethod
    def discard(self, connection: C) -> None:
        """Close a connection in use."""

    @abstractmethod
    async def _look_up(self, until: float | None) -> list[Any]:
        """Return the results of getaddrinfo() for the address's name."""


@cache
def _keep_freed_memory() -> None:
    """Make glibc keep freed buffers of a picture's size, once in a process.

    It returns them to the system otherwise, and the page faults of new ones take 40 % of `get_image`. Freeing a block
    raises the size from which it does so; this block is never written to, so it costs no memory.
    """
    bytes(RAISED_THRESHOLD)


class DirectResponse(Response, Generic[C]):
    """The response on a connection of its own, which goes back to the transport with the body's last byte."""

    __slots__ = (
        "_closed",
        "_connection",
        "_deadline",
        "_exact_length",
        "_start",
        "_transport",
        "connected_at",
        "headers",
        "http_version",
        "length",
        "reason",
        "request_sent",
        "status",
    )

    def __init__(
        self, transport: DirectTransport[C], connection: C, deadline: Deadline, *, exact_length: bool
    ) -> None:
        parser = connection.parser
        self.status = parser.status
        self.headers = parser.headers
        self.reason = parser.reason
        self.length = parser.length
        self.request_sent = connection.request_sent
        self.connected_at = connection.connected_at
        self.http_version = "HTTP/1.1" if parser.version == "1.1" else "HTTP/1.0"
        self._transport = transport
        self._deadline = deadline
        self._exact_length = exact_length
        self._start = parser.take_body() if parser.pieces else b""
        """Bytes of the body that came and were not read yet."""
        self._connection: C | None = connection
        self._closed = False
        if parser.done:
            self._release(connection)

    async def read(self, limit: int) -> bytes | bytearray:
        """See `Response.read`."""
        start, self._start = self._start, b""
        connection = self._connection
        if connection is None and not self._closed:
            content: bytes | bytearray = start
        elif connection is not None and connection.can_bypass_parser:
            content = await self._read_known_length(start, len(start) + connection.parser.left, limit)
        else:
            content = bytearray(start)
            while len(content) <= limit and (piece := await self._receive_piece()):
                content += piece
        if len(content) > limit:
            self._refuse(content)
        return content

    async def _read_known_length(self, start: bytes, length: int, limit: int) -> bytearray:
        if length >= LARGE:
            _keep_freed_memory()
        content = bytearray(length if length <= limit else max(BEGINNING, len(start)))
        view = memoryview(content)
        done = len(start)
        view[:done] = start
        if length > limit:
            done = done or await self._receive_into(view)
            self._refuse(view[:done])
        while count := await self._receive_into(view[done:]):
            done += count
        return content

    def _refuse(self, content: bytes | bytearray | memoryview) -> NoReturn:
        self._discard()
        raise BodyTooLargeError(bytes(content[:BEGINNING]))

    async def read_into(self, view: memoryview) -> int:
        """See `Response.read_into`."""
        if not view:
            return 0
        if not self._start:
            connection = self._connection
            if connection is not None and (connection.can_bypass_parser or connection.parser.done):
                return await self._receive_into(view)
            self._start = await self._receive_piece()
        count = min(len(self._start), len(view))
        view[:count] = self._start[:count]
        self._start = self._start[count:]
        return count

    async def _receive_into(self, view: memoryview) -> int:
        """Receive past the parser: how many bytes, 0 at the body's end."""
        connection = self._open_connection()
        if connection is None:
            return 0
        parser = connection.parser
        try:
            if parser.done:  # a file's last byte came before
                await connection.refuse_surplus()
                count = 0
            else:
                count = await connection.receive_into(view, self._deadline)
        except BaseException:
            self._discard()
            raise
        if parser.done and count and self._exact_length:
            # The reader has time for the last bytes while more than announced may come: the next read tells.
            connection.expect_end()
        elif parser.done:
            self._release(connection)
        return count

    async def _receive_piece(self) -> bytes:
        """Receive through the parser; b"" at the body's end."""
        connection = self._open_connection()
        if connection is None:
            return b""
        parser = connection.parser
        try:
            await connection.receive_more(self._deadline)
            if parser.done and self._exact_length:
                connection.expect_end()
                await connection.refuse_surplus()
            piece = parser.take_body() if parser.pieces else b""
        except BaseException:
            self._discard()
            raise
        if parser.done:
            self._release(connection)
        return piece

    def _open_connection(self) -> C | None:
        if self._closed:
            raise ReadError("the response was closed before its body was read")
        connection = self._connection
        if connection is None:
            return None
        if connection.inherited:
            self._discard()
            raise ReadError("this response belongs to the parent process")
        if self._deadline.over and not connection.parser.done:
            self._discard()
            raise ReadTimeout("the response's body did not come complete in time")
        return connection

    def _release(self, connection: C) -> None:
        self._connection = None
        self._transport.release(connection)

    async def close(self) -> None:
        """See `Response.close`."""
        self._discard()

    def _discard(self) -> None:
        self._closed = True
        self._start = b""
        connection, self._connection = self._connection, None
        if connection is not None:
            self._transport.discard(connection)
