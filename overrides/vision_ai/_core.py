"""The way of a call: arguments → request → transport → answer → result, with its deadline and its retries.

Written once for both clients: what waits is the wire's.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from attrs import Factory, evolve, frozen

from vision_ai_generated.operation import Operation

from ._answer import Answer, result_of
from ._calls import Watch, is_watched
from ._check import checked
from ._deadline import Deadline
from ._failures import kinds
from ._incoming import DirectBody, PiecewiseBody
from ._message import Message, addressed, form_headers, message
from ._picture import JPEG, Image
from ._second_path import in_turn, is_unknown_command
from ._settings import Settings
from ._twins import with_twins
from ._upload import Sent, Upload
from ._wire import Incoming, Told, Wire, timeouts, told
from .errors import (
    AnswerLostError,
    AnswerTimeoutError,
    InvalidAnswerError,
    UnreachableError,
    VisionAIError,
)

if TYPE_CHECKING:
    from ._http import Request, Response

T = TypeVar("T")

FILE = "application/octet-stream"
LARGEST_ANSWER = 16 * 1024 * 1024
"""Bytes; far more than any picture or list has."""
LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of a download that is kept in memory."""
TRANSFER_TIMEOUT = 1800.0
"""Seconds for a file to move, where nothing else is said."""
LOST = (UnreachableError, AnswerTimeoutError, AnswerLostError)
REPEATABLE = ("read", "set")


class State:
    """What all clients over one connection know of it."""

    def __init__(self) -> None:
        self.closed = False
        self.restarting = False
        """Told to restart, and not yet seen to have done so."""
        self.prepared: dict[str, Message] = {}
        """The messages of operations that are always sent alike."""


@frozen
class Core:
    """One connection to a module, with the settings of one client."""

    address: str
    wire: Wire
    settings: Settings
    state: State = Factory(State)

    def with_settings(self, **changes: Any) -> Core:
        return evolve(self, settings=evolve(self.settings, **changes))

    def within(self, until: Deadline) -> Core:
        """The same with calls that end with a longer piece of work."""
        if until.left is None:
            return self
        return self.with_settings(timeout=max(min(self.settings.timeout, until.left), 0.001))

    async def call(self, operation: Operation[T], arguments: Mapping[str, object]) -> T:
        """One operation from its arguments to its result."""
        values = checked(operation, arguments) if operation.fields else arguments
        if operation.body == "multipart":
            return await self.upload(operation, values, Deadline(TRANSFER_TIMEOUT), None)
        message = self.message(operation, values)

        async def once(until: Deadline) -> T:
            return result_of(operation, await self._exchange(operation, message, until))

        return await self.attempts(operation, Deadline(self.settings.timeout), once)

    async def upload(
        self, operation: Operation[T], values: Mapping[str, object], until: Deadline, sent: Sent | None
    ) -> T:
        """An operation that sends a file; where the path is unknown to the module, once more at the other."""
        file = next(values[field.name] for field in operation.fields if field.kind == "file")
        upload = await self.wire.work(Upload, file)
        first, *others = in_turn(operation, self.settings.restore_path)
        watch = self._watch(operation)
        try:
            with watch or nullcontext():
                try:
                    return await self._upload_to(first, operation, upload, until, sent, watch)
                except VisionAIError as error:
                    if not others or not is_unknown_command(error):
                        raise
                return await self._upload_to(others[0], operation, upload, until, sent, watch)
        finally:
            upload.close()

    async def _upload_to(
        self,
        path: str,
        operation: Operation[T],
        upload: Upload,
        until: Deadline,
        sent: Sent | None,
        watch: Watch | None,
    ) -> T:
        async def once(try_until: Deadline) -> T:
            form = upload.form(self.settings.part_name, sent)
            headers = form_headers(form.content_type, form.length)
            url = addressed(self.address, path)
            request = Message(operation.method, url, headers, b"").request()
            request.stream = form
            try:
                return result_of(operation, await self._exchange_parts(operation, request, try_until))
            except LOST:
                if form.failure is not None:
                    raise form.failure from None  # it was the file, not the connection
                raise

        attempt = once if watch is None else watch.counted(once)
        return await self._attempts(operation, until, attempt, shared=True)

    async def attempts(
        self,
        operation: Operation[Any],
        until: Deadline,
        attempt: Callable[[Deadline], Awaitable[T]],
        *,
        shared: bool = True,
    ) -> T:
        """Tries a call as often as its effect and the settings allow; each try that may be followed by others
        gets a share of the time, unless it moves a file, which may well need all of it."""
        watch = self._watch(operation)
        if watch is None:
            return await self._attempts(operation, until, attempt, shared)
        with watch:
            return await self._attempts(operation, until, watch.counted(attempt), shared)

    def _watch(self, operation: Operation[Any]) -> Watch | None:
        on_call = self.settings.on_call
        return Watch(operation, on_call) if on_call is not None or is_watched() else None

    async def _attempts(
        self,
        operation: Operation[Any],
        until: Deadline,
        attempt: Callable[[Deadline], Awaitable[T]],
        shared: bool,
    ) -> T:
        repeatable = operation.effect in REPEATABLE
        retries = self.settings.retries
        for retry in range(retries.count):
            left = until.left
            share = left / (retries.count + 1 - retry) if shared and repeatable and left else None
            try:
                return await attempt(until.within(share))
            except LOST as lost:
                may_have_arrived = not isinstance(lost, UnreachableError)
                if may_have_arrived and not repeatable:
                    raise
                pause = retries.pause_before(retry)
                left = until.left
                if left is not None and left <= pause:
                    raise
                await self.wire.sleep(pause)
        return await attempt(until.within(None))

    def _refuse_if_closed(self) -> None:
        if self.state.closed:
            raise VisionAIError("this client is closed; make a new one")

    async def _exchange(self, operation: Operation[Any], message: Message, until: Deadline) -> Answer:
        wire, direct = self.wire, self.wire.direct
        if direct is None or not direct.answers_whole:
            return await self._exchange_parts(operation, message.request(), until)
        most = _most(operation)
        self._refuse_if_closed()
        await wire.enter(until)
        try:  # what `_turn` and `Told` do, without their cost
            self._refuse_if_closed()
            status, content_type, content, surpassed = await direct.ask(message, until, most)
        except VisionAIError:
            raise
        except kinds.any as error:
            raise told(error, operation.name, until, self.address) from error
        finally:
            wire.leave()
        if surpassed:
            raise _too_long(operation, status, bytes(content[:1024]), most)
        return Answer(status, content_type, content)

    @asynccontextmanager
    async def answered(
        self, operation: Operation[Any], request: Request, until: Deadline
    ) -> AsyncGenerator[Response]:
        """An answer whose body is still to be read, in this caller's turn."""
        async with self._turn(until):
            request.extensions = {
                **request.extensions,
                "timeout": timeouts(until, self.settings.timeout),  # the wait for the turn counts too
                "deadline": until.moment,
            }
            with Told(operation.name, until, self.address):
                async with self.wire.limit(until):
                    response = await self.wire.send(request)
            try:
                yield response
            finally:
                await self.wire.discard(response)

    @asynccontextmanager
    async def _turn(self, until: Deadline) -> AsyncGenerator[None]:
        self._refuse_if_closed()
        await self.wire.enter(until)
        try:
            self._refuse_if_closed()  # it may have been, while this caller waited
            yield
        finally:
            self.wire.leave()

    async def chunks(
        self, operation: Operation[Any], response: Response, until: Deadline
    ) -> AsyncGenerator[bytes]:
        """The body, piece by piece, each within the deadline."""
        async with aclosing(self.wire.chunks(response)) as pieces:
            while True:
                with Told(operation.name, until):
                    async with self.wire.limit(until):
                        piece = await anext(pieces, None)
                        if until.over and piece is not None:
                            raise TimeoutError
                if piece is None:
                    return
                yield piece

    async def _exchange_parts(self, operation: Operation[Any], request: Request, until: Deadline) -> Answer:
        most = _most(operation)
        async with self.answered(operation, request, until) as response:
            content = bytearray()
            async with aclosing(self.chunks(operation, response, until)) as pieces:
                async for piece in pieces:
                    content += piece
                    if len(content) > most:
                        raise _too_long(operation, response.status_code, bytes(content[:1024]), most)
            return Answer(response.status_code, response.headers.get("content-type", ""), bytes(content))

    @asynccontextmanager
    async def received(
        self, operation: Operation[Any], values: Mapping[str, object], until: Deadline
    ) -> AsyncGenerator[Incoming]:
        """An answer whose body is read as its reader wants it, in this caller's turn."""
        message, direct = self.message(operation, values), self.wire.direct
        if direct is None or not direct.answers_whole:
            async with (
                self.answered(operation, message.request(), until) as response,
                aclosing(self.chunks(operation, response, until)) as pieces,
            ):
                yield PiecewiseBody(response, pieces)
            return
        async with self._turn(until):
            with Told(operation.name, until, self.address):
                incoming = await direct.open(message, until)
            try:
                yield DirectBody(operation.name, incoming, until)
            finally:
                incoming.close()

    async def close(self) -> None:
        if not self.state.closed:
            self.state.closed = True
            await self.wire.close()

    def message(self, operation: Operation[Any], values: Mapping[str, object]) -> Message:
        """What is sent for an operation, where that is no file."""
        prepared = self.state.prepared.get(operation.name)
        if prepared is not None:
            return prepared
        path, body = self._addressed(operation, values)
        whole_file = operation.media_type == FILE
        kind = Image if operation.media_type == JPEG else bytes
        made = message(operation.method, self.address, path, body, strict_end=whole_file, kind=kind)
        if not operation.fields:
            self.state.prepared[operation.name] = made
        return made

    def _addressed(self, operation: Operation[Any], values: Mapping[str, object]) -> tuple[str, bytes | None]:
        path = operation.path
        body: dict[str, object] = {}
        for field in operation.fields:
            if field.location == "path":
                value = quote(str(values[field.name]), safe="")
                if value in (".", ".."):
                    value = value.replace(".", "%2E")  # else a URL takes it for a step in the path
                path = path.replace(f"{{{field.name}}}", value)
            elif field.name in values:
                body[field.name] = values[field.name]
        if operation.body != "json":
            return path, None
        named = with_twins(body, operation.fields, self.settings.field_names)
        return path, json.dumps(named, ensure_ascii=False, separators=(",", ":")).encode()


def _most(operation: Operation[Any]) -> int:
    return LARGEST_FILE if operation.media_type == FILE else LARGEST_ANSWER


def _too_long(operation: Operation[Any], status: int, start: bytes, most: int) -> InvalidAnswerError:
    return InvalidAnswerError(
        f"{operation.name}: given up, the answer has more than {most:,} bytes; "
        "save_backup() streams a large file to the disk",
        content=start,
        status=status,
    )
