"""One connection, and its exchange of a request for an answer.

All of it but the waiting, which `BlockingConnection` and `LoopConnection` add.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
from time import monotonic
from typing import Any, ClassVar

from .._failures import (
    ConnectError,
    ConnectTimeout,
    LocalProtocolError,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    WriteError,
    WriteTimeout,
)
from .address import Address
from .answer import Answer
from .forks import process
from .outgoing import ONE_SEND, Outgoing
from .regions import FileRegion
from .waits import Waits

BUFFER = 128 * 1024
"""Bytes received at a time."""
WITH_HEAD = 16 * 1024
"""The same until the head is there: what then follows of a long body is spared a copy."""
MOST_KEPT = 1024 * 1024
"""Bytes of memory for bodies that a connection keeps between requests."""
LINGER = 0.05
"""Seconds in which more than a file's announced length would come."""
LOOK = 0.001
"""Seconds for a look whether it has."""
REFUSED = 400
"""The status from which an answer that comes early ends the sending of a body."""
CLOSED = "this transport was closed"
NOWHERE = memoryview(b"")
IN_PROGRESS = (0, errno.EINPROGRESS)


class Connection:
    """A socket of our own. Whoever uses it closes it, unless it is `reusable` afterwards."""

    asynchronous: ClassVar[bool]
    """Whether the bodies of requests are asynchronous as well."""

    __slots__ = (
        "_begun",
        "_buffer",
        "_for_head",
        "_generation",
        "_into",
        "_linger_until",
        "_lost",
        "_room",
        "_socket",
        "_stale",
        "_view",
        "_whole",
        "answer",
        "ended",
    )

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened
        self._generation = process.generation
        self._stale = select.poll()
        self._stale.register(opened, select.POLLIN)
        self._buffer = bytearray(BUFFER)
        self._view = memoryview(self._buffer)
        self._for_head = self._view[:WITH_HEAD]
        self._begun = False  # the first byte was handed to the kernel
        self._whole = True  # and the last one
        self._lost: str | None = None
        self._room = bytearray()
        self._into: memoryview | None = None  # where the next bytes of the body belong; empty: nowhere yet
        self._linger_until: float | None = None
        self.answer = Answer()
        self.ended = False

    # The waiting, which differs.

    async def readable(self, until: float | None) -> bool:
        """Waits until something has arrived, and receives it. False when time is up."""
        raise NotImplementedError

    async def writable(self, until: float | None, *, listening: bool) -> bool:
        """Waits until something can be sent; when listening, ends also when something was received meanwhile.

        False when time is up.
        """
        raise NotImplementedError

    async def pause(self) -> None:
        """Lets others run, after much was sent without waiting."""

    # Opening and ending.

    async def connect(self, address: Address, target: Any, until: float | None) -> None:
        """Connects to one of the address's targets."""
        try:
            failed = self._socket.connect_ex(target)
        except (OSError, ValueError) as error:  # a path that is too long, for example
            raise ConnectError(f"{address}: {error}") from error
        if failed in IN_PROGRESS:
            if failed and not await self.writable(until, listening=False):
                raise ConnectTimeout(f"{address}: no connection in time")
            if self.ended:
                raise ConnectError(f"{address}: {CLOSED}")
            failed = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if failed:
            raise ConnectError(f"{address}: {os.strerror(failed)}")

    @property
    def inherited(self) -> bool:
        """Whether this process got it by a fork: the parent goes on using it."""
        return self._generation != process.generation

    @property
    def stale(self) -> bool:
        """Whether an idle connection was closed by the other side, or has bytes that belong to no answer."""
        return self.ended or bool(self._stale.poll(0))

    @property
    def reusable(self) -> bool:
        """Whether another request can follow."""
        answer = self.answer
        return answer.done and answer.keep_alive and self._whole and not answer.surplus and not self.ended

    def close(self) -> None:
        """Ends it, in whatever state it is."""
        self.ended = True
        self.answer.release()
        self._socket.close()

    # The exchange.

    async def ask(self, outgoing: Outgoing, waits: Waits) -> None:
        """Sends a request and receives the head of its answer, and what comes along of the body."""
        answer = self.answer
        answer.start(bodyless=outgoing.is_head)
        self._begun = self._whole = False
        self._into = self._linger_until = None
        if outgoing.stream is None and len(outgoing.body) <= ONE_SEND:
            self._whole = await self._send(outgoing.head + outgoing.tail(), waits)
        elif outgoing.stream is None:
            self._whole = await self._send(outgoing.head, waits) and await self._send(outgoing.tail(), waits)
        else:
            self._whole = await self._send_stream(outgoing, waits)
        while not answer.has_head:
            self._raise_trouble()
            if not await self.readable(waits.read_until()):
                raise ReadTimeout("no answer in time")
        if waits.strict_end and answer.done:
            await self._refuse_more(monotonic() + LINGER)

    async def more(self, waits: Waits) -> bytes:
        """The next piece of the answer's body; nothing at its end."""
        answer = self.answer
        if not answer.pieces:
            if answer.done:
                return b""
            await self.receive_more(waits)
        return answer.take()

    async def receive_more(self, waits: Waits) -> None:
        """Receives more of the answer's body, or its end."""
        answer = self.answer
        received = answer.received
        while answer.received == received and not answer.done:
            self._raise_trouble()
            if not await self.readable(waits.read_until()):
                raise ReadTimeout("the answer's body did not come on in time")
        if waits.over:
            raise ReadTimeout("the answer's body did not come whole in time")
        if waits.strict_end and answer.done:
            await self._refuse_more(monotonic() + LINGER)

    @property
    def can_fill(self) -> bool:
        """Whether the rest of the body can be received straight to where it belongs: `take` what there is of
        it before."""
        answer = self.answer
        return answer.length is not None and not answer.done and answer.fault is None and not answer.pieces

    def room(self, size: int) -> memoryview:
        """So much memory until the next request: the same again and again, unless it is very much."""
        if size > MOST_KEPT:
            return memoryview(bytearray(size))
        if size > len(self._room):
            self._room = bytearray(MOST_KEPT)
            # What the C library has seen come and go once, it keeps for the next time. Else the memory of
            # each picture goes back to the kernel and is taken anew page by page, which takes longer than
            # the picture itself.
            bytearray(MOST_KEPT)
        return memoryview(self._room)[:size]

    async def fill(self, view: memoryview, waits: Waits) -> int:
        """Receives the body's next bytes into `view`, until that is full or the body ends: how many."""
        answer = self.answer
        if self._into is None:
            answer.read_past_the_parser()
        self._into = view = view[: (answer.length or 0) - answer.received]
        try:
            while self._into:
                if not self.receive():
                    self._raise_trouble()
                    if not await self.readable(waits.read_until()):
                        raise ReadTimeout("the answer's body did not come on in time")
                if waits.over:
                    raise ReadTimeout("the answer's body did not come whole in time")
        finally:
            self._into = None if answer.done else NOWHERE
        if waits.strict_end and answer.done:
            self._linger_until = monotonic() + LINGER
        return len(view)

    async def settle(self) -> None:
        """After `fill` has received a file's end, and the reader has had time for it: nothing may follow."""
        until, self._linger_until = self._linger_until, None
        if until is not None:
            await self._refuse_more(max(until, monotonic() + LOOK))

    async def _refuse_more(self, until: float) -> None:
        """For files, of which only the length tells whether they are whole: nothing may come after it."""
        answer = self.answer
        while not (answer.surplus or self.ended or self._lost) and await self.readable(until):
            pass  # an event loop wakes up also where nothing was left to receive
        if answer.surplus:
            raise RemoteProtocolError("more came than the answer's length announced")

    # Receiving.

    def receive(self) -> bool:
        """Takes what has arrived, without waiting. False when there was nothing."""
        into = self._into
        if self.ended or (into is not None and not into):
            return False
        try:
            if into is None:
                into_buffer = self._buffer if self.answer.has_head else self._for_head
                count = self._socket.recv_into(into_buffer)
            else:
                count = self._socket.recv_into(into)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError as error:
            self._lost = _reason(error)
            return False
        if count:
            if into is None:
                self.answer.feed(self._view[:count])
            else:
                self._into = into[count:]
                self.answer.took(count)
            return True
        if not self.ended:  # else it is our own doing
            self._lost = "the other side closed the connection"
            self.answer.end()
        return False

    def _raise_trouble(self) -> None:
        if self.ended:
            raise ReadError(CLOSED)
        if self.answer.fault is not None:
            raise RemoteProtocolError(self.answer.fault)
        if self._lost is not None and not self.answer.done:
            raise ReadError(self._lost)

    # Sending: these give back whether there is any use in sending more.

    async def _send(self, data: bytes | memoryview, waits: Waits) -> bool:
        while True:
            try:
                sent = self._socket.send(data, socket.MSG_NOSIGNAL)
            except BlockingIOError:
                sent = 0
            except OSError as error:
                return self._salvage(_reason(error))
            if sent:
                self._begun = True
                if sent == len(data):
                    return True
                data = memoryview(data)[sent:]
            if not await self._can_send(waits):
                return False

    async def _send_region(self, region: FileRegion, waits: Waits) -> bool:
        while region.left:
            if self.ended:
                return self._salvage(CLOSED)
            try:
                sent = region.send_some(self._socket)
            except BlockingIOError:
                if not await self._can_send(waits):
                    return False
            except OSError as error:
                if region.failure is not None and not self.ended:
                    raise
                return self._salvage(_reason(error))
            else:
                self._begun = True
                region.tell(sent)
                await self.pause()
                if region.left and waits.over:
                    raise self._not_taken()
        return True

    async def _can_send(self, waits: Waits) -> bool:
        """Waits for it; meanwhile the answer may come."""
        if not await self.writable(waits.write_until(), listening=not self.answer.has_head):
            raise self._not_taken()
        if self.ended:
            raise WriteError(CLOSED) if self._begun else ConnectError(CLOSED)
        if self.answer.fault is not None and self._lost is None:
            raise RemoteProtocolError(self.answer.fault)
        if self._lost is not None:
            return self._salvage(self._lost)
        return not self._refused

    def _not_taken(self) -> WriteTimeout | ConnectTimeout:
        if self._begun:
            return WriteTimeout("the request was not taken in time")
        return ConnectTimeout("nothing of the request was taken in time")

    @property
    def _refused(self) -> bool:
        return self.answer.has_head and self.answer.status >= REFUSED

    def _salvage(self, why: str) -> bool:
        """Nothing more can be sent; an answer may have come before that."""
        answer = self.answer
        if self.ended:
            why = CLOSED
        while not answer.has_head and self._lost is None and answer.fault is None and self.receive():
            pass
        if answer.has_head:
            return False
        if self._begun:
            raise WriteError(f"while the request was sent: {why}")
        raise ConnectError(f"before the request was sent: {why}")

    async def _send_stream(self, outgoing: Outgoing, waits: Waits) -> bool:
        pending = outgoing.head  # goes out with the first piece: a stream that fails at once has sent nothing
        left = outgoing.length
        async with contextlib.aclosing(outgoing.pieces(asynchronous=self.asynchronous)) as pieces:
            async for piece in pieces:
                size = piece.length if isinstance(piece, FileRegion) else len(piece)
                if size == 0:
                    continue
                if waits.over:
                    raise self._not_taken()
                if not outgoing.chunked:
                    left -= size
                    if left < 0:
                        raise LocalProtocolError("the request's body is longer than its Content-Length")
                if not await self._send_piece(outgoing, pending, piece, waits):
                    return False
                pending = b""
                await self.pause()
                if self._refused:
                    return False
        if left > 0:
            raise LocalProtocolError(f"the request's body is {left} bytes shorter than its Content-Length")
        rest = pending + b"0\r\n\r\n" if outgoing.chunked else pending
        return await self._send(rest, waits) if rest else True

    async def _send_piece(
        self, outgoing: Outgoing, pending: bytes, piece: bytes | FileRegion, waits: Waits
    ) -> bool:
        if not isinstance(piece, FileRegion):
            data = outgoing.framed(piece) if outgoing.chunked else piece
            return await self._send(pending + data if pending else data, waits)
        before = pending + b"%x\r\n" % piece.length if outgoing.chunked else pending
        if before and not await self._send(before, waits):
            return False
        if not await self._send_region(piece, waits):
            return False
        return await self._send(b"\r\n", waits) if outgoing.chunked else True


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
