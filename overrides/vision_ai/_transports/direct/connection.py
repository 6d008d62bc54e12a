"""One connection: it sends a request and receives the response.

Everything but the waiting, which `SyncConnection` and `AsyncConnection` add.
"""

from __future__ import annotations

import os
import socket
from time import monotonic
from typing import Any

from ..._runtime.deadline import Deadline
from ..._runtime.forks import process
from ..base import (
    CLOSED,
    LONGEST_IDLE,
    ConnectError,
    ConnectTimeout,
    LocalProtocolError,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    Request,
    StreamedBody,
    WriteError,
    WriteTimeout,
)
from ..file_region import FileRegion
from ..platform import IN_PROGRESS, MSG_NOSIGNAL
from .address import Address
from .request_writer import encode_head
from .response_parser import ResponseParser

BUFFER = 128 * 1024
"""Bytes received at a time."""
HEAD_BUFFER = 16 * 1024
"""The same until the head has come: a long body that follows is then received without an extra copy."""
MOST_BUFFERED = 256 * 1024
"""Bytes of a body that are received before anybody reads them."""
LINGER = 0.05
"""Seconds within which bytes beyond a file's announced length would arrive."""
SHORTEST_LINGER = 0.001
"""Seconds of that which are always waited."""
REFUSED = 400
"""The status from which an early response ends the sending of a body."""
EMPTY = memoryview(b"")


class Connection:
    """A socket and its response parser. Its owner closes it, unless it is `reusable` afterwards."""

    __slots__ = (
        "__weakref__",
        "_buffer",
        "_failure",
        "_generation",
        "_head_buffer",
        "_idle_since",
        "_linger_until",
        "_sending_began",
        "_socket",
        "_target_view",
        "closed",
        "connected_at",
        "parser",
        "request_sent",
    )

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened
        self._generation = process.generation
        self._buffer = memoryview(bytearray(BUFFER))
        self._head_buffer = self._buffer[:HEAD_BUFFER]
        self._sending_began = False
        self.request_sent = True
        self._failure: str | None = None
        self._target_view: memoryview | None = None
        """Where the next bytes of the body go, past the parser; empty where nobody wants them yet."""
        self._linger_until: float | None = None
        self._idle_since = 0.0
        self.connected_at = monotonic()
        self.parser = ResponseParser()
        self.closed = False

    # The waiting, which differs.

    async def wait_readable(self, until: float | None) -> bool:
        """Wait until something has arrived, and receive it. Return False when time is up."""
        raise NotImplementedError

    async def wait_writable(self, until: float | None, *, listening: bool) -> bool:
        """Wait until something can be sent; when listening, also until something was received.

        Return False when time is up.
        """
        raise NotImplementedError

    async def pause(self) -> None:
        """Let others run after much was sent without waiting."""

    @property
    def has_event(self) -> bool:
        """Whether something has arrived: bytes, or the connection's end."""
        raise NotImplementedError

    # Opening and closing.

    async def connect(self, address: Address, target: Any, until: float | None) -> None:
        """Connect to one of the address's targets."""
        try:
            code = self._socket.connect_ex(target)
        except (OSError, ValueError) as error:  # a path that is too long, for example
            raise ConnectError(f"{address}: {error}") from error
        if code in (0, *IN_PROGRESS):
            if code and not await self.wait_writable(until, listening=False):
                raise ConnectTimeout(f"{address}: no connection in time")
            if self.closed:
                raise ConnectError(f"{address}: {CLOSED}")
            code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise ConnectError(f"{address}: {os.strerror(code)}")

    @property
    def inherited(self) -> bool:
        """Whether this process got it by a fork: the parent goes on using it."""
        return self._generation != process.generation

    @property
    def reusable(self) -> bool:
        """Whether another request can follow."""
        parser = self.parser
        return (
            parser.done and parser.keep_alive and self.request_sent and not parser.surplus and not self.closed
        )

    def note_idle(self) -> None:
        """Note that it waits for the next request from now on."""
        self._idle_since = monotonic()

    @property
    def stale(self) -> bool:
        """Whether an idle connection must not be used: too old, closed by the module, or with surplus bytes."""
        return self.closed or monotonic() - self._idle_since > LONGEST_IDLE or self.has_event

    def close(self) -> None:
        """Close the socket, whatever state it is in."""
        self.closed = True
        self.parser.release()
        self._socket.close()

    # The exchange.

    async def exchange(self, request: Request, deadline: Deadline) -> None:
        """Send a request; receive the head of its response, and what arrives with it of the body."""
        head = request.head
        if head is None:
            head = request.head = encode_head(request)
        parser = self.parser
        parser.start(bodyless=request.method == "HEAD")
        self._sending_began = self.request_sent = False
        self._target_view = self._linger_until = None
        body = request.body
        if isinstance(body, bytes):
            self.request_sent = await self._send(head + body, deadline)
        else:
            self.request_sent = await self._send_stream(head, body, deadline)
        while not parser.has_head:
            self._raise_failure()
            if not await self.wait_readable(deadline.next_moment):
                raise ReadTimeout("no response in time")
        if request.exact_length and parser.done:
            await self._refuse_surplus(monotonic() + LINGER)

    async def receive_more(self, deadline: Deadline) -> None:
        """Receive more of the body through the parser, or its end."""
        parser = self.parser
        while not parser.pieces and not parser.done:
            self._raise_failure()
            if not await self.wait_readable(deadline.next_moment):
                raise ReadTimeout("the response's body stopped arriving")
        if deadline.over:
            raise ReadTimeout("the response's body did not come complete in time")

    @property
    def can_bypass_parser(self) -> bool:
        """Whether the rest of the body can be received straight to where it belongs."""
        parser = self.parser
        return parser.length is not None and not parser.done and parser.fault is None and not parser.pieces

    async def receive_into(self, view: memoryview, deadline: Deadline) -> int:
        """Receive the body's next bytes into `view`: how many, at least one."""
        parser = self.parser
        if self._target_view is None:
            parser.bypass()
        received = parser.received
        self._target_view = view[: parser.left]
        try:
            while not self.receive():
                self._raise_failure()
                if not await self.wait_readable(deadline.next_moment):
                    raise ReadTimeout("the response's body stopped arriving")
                if parser.received != received:
                    break
        finally:
            self._target_view = EMPTY
        if deadline.over:
            raise ReadTimeout("the response's body did not come complete in time")
        return parser.received - received

    def expect_end(self) -> None:
        """Note when the last byte of a file came: `refuse_surplus` waits from here."""
        self._target_view = None
        self._linger_until = monotonic() + LINGER

    async def refuse_surplus(self) -> None:
        """Raise RemoteProtocolError where bytes follow a file's end; the wait began at `expect_end`."""
        until, self._linger_until = self._linger_until, None
        if until is not None:
            await self._refuse_surplus(max(until, monotonic() + SHORTEST_LINGER))

    async def _refuse_surplus(self, until: float) -> None:
        parser = self.parser
        while not (parser.surplus or self.closed or self._failure) and await self.wait_readable(until):
            pass  # an event loop wakes up also where nothing was left to receive
        if parser.surplus:
            raise RemoteProtocolError("more came than the response's length announced")

    # Receiving.

    def receive(self) -> bool:
        """Receive what has arrived, without waiting. Return False when there was nothing."""
        target = self._target_view
        if self.closed or self._failure is not None or (target is not None and not target):
            return False
        parser = self.parser
        try:
            if target is not None:
                size = self._socket.recv_into(target)
            elif parser.has_head:
                size = self._socket.recv_into(self._buffer)
            else:
                size = self._socket.recv_into(self._head_buffer)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError as error:
            self._failure = _describe(error)
            return False
        if size:
            if target is None:
                parser.feed(self._buffer[:size])
            else:
                self._target_view = target[size:]
                parser.count(size)
            return True
        if not self.closed:  # otherwise this side closed it
            self._failure = "the other side closed the connection"
            parser.end()
        return False

    def _raise_failure(self) -> None:
        if self.closed:
            raise ReadError(CLOSED)
        if self.parser.fault is not None:
            raise RemoteProtocolError(self.parser.fault)
        if self._failure is not None and not self.parser.done:
            raise ReadError(self._failure)

    # Sending. These return whether sending more makes sense: False where the response has come already.

    async def _send(self, data: bytes | memoryview, deadline: Deadline) -> bool:
        while True:
            try:
                sent = self._socket.send(data, MSG_NOSIGNAL)
            except BlockingIOError:
                sent = 0
            except OSError as error:
                return self._receive_early_response(_describe(error))
            if sent:
                self._sending_began = True
                if sent == len(data):
                    return True
                data = memoryview(data)[sent:]
            if not await self._can_send(deadline):
                return False

    async def _send_stream(self, head: bytes, body: StreamedBody, deadline: Deadline) -> bool:
        waiting = head  # it goes out with the first piece: a file that cannot be read has then sent nothing
        left = body.length
        for piece in body.segments():
            size = piece.length if isinstance(piece, FileRegion) else len(piece)
            if size == 0:
                continue
            if deadline.over:
                return self._give_up_sending()
            left -= size
            if left < 0:
                raise LocalProtocolError("the request's body is longer than its Content-Length")
            if isinstance(piece, FileRegion):
                sent = (not waiting or await self._send(waiting, deadline)) and await self._send_region(
                    piece, deadline
                )
            else:
                sent = await self._send(waiting + piece if waiting else piece, deadline)
            if not sent:
                return False
            waiting = b""
            await self.pause()
            if self._refused:
                return False
        if left > 0:
            raise LocalProtocolError(f"the request's body is {left} bytes shorter than its Content-Length")
        return True

    async def _send_region(self, region: FileRegion, deadline: Deadline) -> bool:
        while region.left:
            if self.closed:
                return self._receive_early_response(CLOSED)
            try:
                sent = region.send_some(self._socket)
            except BlockingIOError:
                if not await self._can_send(deadline):
                    return False
            except OSError as error:
                if region.failure is not None and not self.closed:
                    raise
                return self._receive_early_response(_describe(error))
            else:
                self._sending_began = True
                region.report(sent)
                await self.pause()
                if region.left and deadline.over:
                    return self._give_up_sending()
        return True

    async def _can_send(self, deadline: Deadline) -> bool:
        """Wait until more can be sent; the response may come meanwhile."""
        listening = not self.parser.done and self.parser.buffered < MOST_BUFFERED
        if not await self.wait_writable(deadline.next_moment, listening=listening):
            return self._give_up_sending()
        if self.closed:
            raise WriteError(CLOSED) if self._sending_began else ConnectError(CLOSED)
        if self.parser.fault is not None and self._failure is None:
            raise RemoteProtocolError(self.parser.fault)
        if self._failure is not None:
            return self._receive_early_response(self._failure)
        return not self._refused

    def _give_up_sending(self) -> bool:
        """Return False where the whole response has come: it may say why the module receives no more."""
        if self.parser.done:
            return False
        if self._sending_began:
            raise WriteTimeout("the request was not accepted in time")
        raise ConnectTimeout("nothing of the request was accepted in time")

    @property
    def _refused(self) -> bool:
        return self.parser.has_head and self.parser.status >= REFUSED

    def _receive_early_response(self, why: str) -> bool:
        """Nothing more can be sent: a response may have come before that."""
        parser = self.parser
        if self.closed:
            why = CLOSED
        while not parser.has_head and self._failure is None and parser.fault is None and self.receive():
            pass
        if parser.has_head:
            return False
        if self._sending_began:
            raise WriteError(f"while the request was sent: {why}")
        raise ConnectError(f"before the request was sent: {why}")


def _describe(error: OSError) -> str:
    return error.strerror or type(error).__name__
