"""The connections of one transport, and the way of a request over one of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

from .._deadline import CONNECT_SHARE, Deadline
from .._failures import ConnectError, ConnectTimeout, ReadError, ReadTimeout, UnsupportedProtocol
from .._message import Message, WholeAnswer
from .address import Address, Target
from .connection import CLOSED, Connection
from .outgoing import Outgoing
from .waits import Waits, left_until

C = TypeVar("C", bound=Connection)


class Incoming(Generic[C]):
    """An answer whose body is read into memory of the reader's own."""

    def __init__(self, pool: Pool[C], connection: C, waits: Waits) -> None:
        answer = connection.answer
        self.status = answer.status
        self.content_type = answer.content_type
        self.length = answer.length
        self._pool = pool
        self._waits = waits
        self._connection: C | None = connection
        self._pending = memoryview(b"")

    async def read(self, view: memoryview) -> int:
        """Receives until `view` is full or the body ends: how many bytes, 0 at its end."""
        done = 0
        while done < len(view):
            count = await self._more(view[done:])
            if not count:
                break
            done += count
        return done

    async def _more(self, view: memoryview) -> int:
        if not self._pending:
            connection = self._connection
            if connection is None:
                raise ReadError("the answer was closed before its body was read")
            if self._waits.over and not connection.answer.done:
                raise ReadTimeout("the answer's body did not come whole in time")
            if connection.can_fill:
                return await connection.fill(view, self._waits)
            await connection.settle()
            self._pending = memoryview(await connection.more(self._waits))
        count = min(len(self._pending), len(view))
        view[:count] = self._pending[:count]
        self._pending = self._pending[count:]
        return count

    def close(self) -> None:
        """Gives the answer up, read or not."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if connection.answer.done and not connection.answer.pieces:
            self._pool.give_back(connection)
        else:
            self._pool.discard(connection)


class Pool(ABC, Generic[C]):
    """One connection for each request under way; `keep` of them stay open for the next ones."""

    def __init__(self, address: Address, keep: int) -> None:
        self.address = address
        self.keep = keep
        self._last: tuple[Message, Outgoing] | None = None

    @abstractmethod
    def take(self) -> C | None:
        """An idle connection that is still good."""

    @abstractmethod
    def begin(self, family: int) -> C:
        """A connection that is not connected yet."""

    @abstractmethod
    def give_back(self, connection: C) -> None:
        """After a request: the connection is kept, if it can be used again."""

    @abstractmethod
    def discard(self, connection: C) -> None:
        """Closes a connection in use."""

    @abstractmethod
    async def look_up(self, until: float | None) -> list[Any]:
        """getaddrinfo() for the address's name."""

    async def ask(self, message: Message, until: Deadline, most: int) -> WholeAnswer:
        """The whole answer, or the first bytes of one that has more than `most`."""
        waits = _waits(message, until)
        connection = await self.asked(self._outgoing(message), waits)
        answer = connection.answer
        try:
            content = answer.take() if answer.pieces else b""
            if not answer.done:
                content = await self._rest(connection, content, waits, most, message.kind)
            surpassed = len(content) > most
            whole = WholeAnswer(answer.status, answer.content_type, content, surpassed)
        except BaseException:
            self.discard(connection)
            raise
        if surpassed:
            self.discard(connection)
        else:
            self.give_back(connection)
        return whole

    async def open(self, message: Message, until: Deadline) -> Incoming[C]:
        """The answer, its body still to be read."""
        waits = _waits(message, until)
        return Incoming(self, await self.asked(self._outgoing(message), waits), waits)

    def _outgoing(self, message: Message) -> Outgoing:
        last = self._last
        if last is not None and last[0] is message:  # most programs ask the same again and again
            return last[1]
        outgoing = Outgoing.of(message)
        self._last = message, outgoing
        return outgoing

    async def asked(self, outgoing: Outgoing, waits: Waits) -> C:
        """A connection over which a request was sent, and the head of its answer has come."""
        if self.address.uds is None and outgoing.netloc != self.address.netloc:
            raise UnsupportedProtocol(
                f"this transport goes to {self.address}, not to {outgoing.netloc.decode()}"
            )
        kept = self.take()
        while True:
            connection = kept or await self._connected(waits)
            try:
                await connection.ask(outgoing, waits)
            except BaseException as error:
                self.discard(connection)
                # The kernel took nothing of it, so that it cannot have arrived: a new connection may have it.
                again = kept is not None and isinstance(error, ConnectError)
                if not again or not outgoing.repeatable or waits.over:
                    raise
                kept = None
            else:
                return connection

    async def _rest(self, connection: C, start: bytes, waits: Waits, most: int, kind: type[bytes]) -> bytes:
        """The body, of which the start has come; no more than a little over `most` of it."""
        length = connection.answer.length
        if connection.can_fill and length is not None and length <= most:
            view = connection.room(length)
            view[: len(start)] = start
            await connection.fill(view[len(start) :], waits)
            await connection.settle()
            return bytes.__new__(kind, view)
        content = bytearray(start)
        while len(content) <= most and (piece := await connection.more(waits)):
            content += piece
        return bytes(content)

    async def _connected(self, waits: Waits) -> C:
        until = waits.connect_until()
        targets = self.address.targets
        if targets is None:
            targets = self.address.found(await self.look_up(until))
        if not targets:
            raise ConnectError(f"{self.address}: no address of the same family as the local address")
        for number, target in enumerate(targets):
            remaining = len(targets) - number
            left = left_until(until)
            try:
                moment = (
                    until if until is None or left is None else until - left * (remaining - 1) / remaining
                )
                return await self._connected_to(target, moment)
            except (ConnectError, ConnectTimeout):
                if remaining == 1 or self.closed:
                    raise
        raise AssertionError("unreachable: the last failure was raised")

    async def _connected_to(self, target: Target, until: float | None) -> C:
        family, address = target
        connection = self.begin(family)
        try:
            await connection.connect(self.address, address, until)
        except BaseException:
            self.discard(connection)
            raise
        return connection

    @property
    @abstractmethod
    def closed(self) -> bool: ...

    def refuse(self) -> None:
        """A closed transport stays closed."""
        if self.closed:
            raise ConnectError(f"{self.address}: {CLOSED}")

    def told(self, name: str, idle: int) -> str:
        """A transport's repr."""
        return f"<{name} {self.address}, {'closed' if self.closed else f'{idle} idle'}>"


def _waits(message: Message, until: Deadline) -> Waits:
    waits = Waits.until(until.moment, strict_end=message.strict_end)
    waits.connect_within(CONNECT_SHARE)
    return waits
