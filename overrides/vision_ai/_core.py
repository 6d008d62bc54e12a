"""The way of a call: arguments → request → transport → answer → result, with its deadline and its retries.

Written once for both clients: what waits is the wire's.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import quote

from attrs import Factory, define, evolve, frozen

from vision_ai_generated.operation import Effect, Operation

from ._answer import Answer, result_of
from ._check import checked
from ._deadline import Deadline
from ._http import InvalidURL, Request, Response
from ._second_path import is_unknown_command
from ._settings import DEFAULT_URL, Settings
from ._twins import with_twins
from ._upload import FormBody, Sent, Upload
from ._version import __version__
from ._wire import Wire, failures_told, timeouts
from .errors import (
    AnswerLostError,
    AnswerTimeoutError,
    InvalidAnswerError,
    InvalidInputError,
    UnreachableError,
    VisionAIError,
)

T = TypeVar("T")

FILE = "application/octet-stream"
LARGEST_ANSWER = 16 * 1024 * 1024
"""Bytes; far more than any picture or list has."""
LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of a download that is kept in memory."""
TRANSFER_TIMEOUT = 1800.0
"""Seconds for a file to move, where nothing else is said."""
LOST = (UnreachableError, AnswerTimeoutError, AnswerLostError)
REPEATABLE: tuple[Effect, ...] = ("read", "set")


@define
class State:
    """What all clients over one connection know of it."""

    closed: bool = False
    restarting: bool = False
    """Told to restart, and not yet seen to have done so."""


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
        values = checked(operation, arguments)
        if operation.body == "multipart":
            return await self.upload(operation, values, Deadline(TRANSFER_TIMEOUT), None)

        async def once(until: Deadline) -> T:
            request = self.request(operation, values, until)
            return result_of(operation, await self._exchange(operation, request, until))

        return await self.attempts(operation.effect, Deadline(self.settings.timeout), once)

    async def upload(
        self, operation: Operation[T], values: Mapping[str, object], until: Deadline, sent: Sent | None
    ) -> T:
        """An operation that sends a file; where the path is unknown to the module, once more at the other."""
        file = next(values[field.name] for field in operation.fields if field.kind == "file")
        upload = await self.wire.work(Upload, file)
        try:
            try:
                return await self._upload_to(operation.path, operation, upload, until, sent)
            except VisionAIError as error:
                if operation.second_path is None or not is_unknown_command(error):
                    raise
            return await self._upload_to(operation.second_path, operation, upload, until, sent)
        finally:
            upload.close()

    async def _upload_to(
        self, path: str, operation: Operation[T], upload: Upload, until: Deadline, sent: Sent | None
    ) -> T:
        async def once(try_until: Deadline) -> T:
            form = upload.form(self.settings.part_name, sent)
            request = self._request(operation.method, path, try_until, content=form)
            try:
                return result_of(operation, await self._exchange(operation, request, try_until))
            except LOST:
                if form.failure is not None:
                    raise form.failure from None  # it was the file, not the connection
                raise

        return await self.attempts(operation.effect, until, once)

    async def attempts(
        self,
        effect: Effect,
        until: Deadline,
        attempt: Callable[[Deadline], Awaitable[T]],
        *,
        shared: bool = True,
    ) -> T:
        """Tries a call as often as its effect and the settings allow; each try that may be followed by others
        gets a share of the time, unless it moves a file, which may well need all of it."""
        shared = shared and effect in REPEATABLE
        retries = self.settings.retries
        for retry in range(retries.count):
            left = until.left
            share = None if left is None or not shared else left / (retries.count + 1 - retry)
            try:
                return await attempt(until.within(share))
            except LOST as lost:
                may_have_arrived = not isinstance(lost, UnreachableError)
                if may_have_arrived and effect not in REPEATABLE:
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

    @asynccontextmanager
    async def answered(
        self, operation: Operation[Any], request: Request, until: Deadline
    ) -> AsyncGenerator[Response]:
        """An answer whose body is still to be read, in this caller's turn."""
        self._refuse_if_closed()
        async with self.wire.turn(until):
            self._refuse_if_closed()  # it may have been, while this caller waited
            async with failures_told(operation.name, until, self._hint), self.wire.limit(until):
                response = await self.wire.send(request)
            try:
                yield response
            finally:
                await self.wire.discard(response)

    async def chunks(
        self, operation: Operation[Any], response: Response, until: Deadline
    ) -> AsyncGenerator[bytes]:
        """The body, piece by piece, each within the deadline."""
        async with aclosing(self.wire.chunks(response)) as pieces:
            while True:
                async with failures_told(operation.name, until), self.wire.limit(until):
                    piece = await anext(pieces, None)
                    if until.over and piece is not None:
                        raise TimeoutError
                if piece is None:
                    return
                yield piece

    async def _exchange(self, operation: Operation[Any], request: Request, until: Deadline) -> Answer:
        async with self.answered(operation, request, until) as response:
            limit = LARGEST_FILE if operation.media_type == FILE else LARGEST_ANSWER
            content = bytearray()
            async with aclosing(self.chunks(operation, response, until)) as pieces:
                async for piece in pieces:
                    content += piece
                    if len(content) > limit:
                        raise InvalidAnswerError(
                            f"{operation.name}: given up, the answer has more than {limit:,} bytes; "
                            "save_backup() streams a large file to the disk",
                            content=bytes(content[:1024]),
                            status=response.status_code,
                        )
            return Answer(response.status_code, response.headers.get("content-type", ""), bytes(content))

    @property
    def _hint(self) -> str:
        if self.address.removeprefix(DEFAULT_URL)[:1] not in ("", ":", "/"):
            return ""
        return " Is it switched on, and is this terminal's address on the USB network 172.22.0.7/24?"

    async def close(self) -> None:
        if not self.state.closed:
            self.state.closed = True
            await self.wire.close()

    def request(self, operation: Operation[Any], values: Mapping[str, object], until: Deadline) -> Request:
        """A request whose body is JSON or nothing."""
        path, body = self._addressed(operation, values)
        request = self._request(operation.method, path, until, content=body)
        if operation.media_type == FILE:
            request.extensions["strict_end"] = True  # only its length tells a whole file from half of one
        return request

    def _addressed(self, operation: Operation[Any], values: Mapping[str, object]) -> tuple[str, bytes | None]:
        path = operation.path
        body: dict[str, object] = {}
        for field in operation.fields:
            if field.place == "path":
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

    def _request(
        self, method: str, path: str, until: Deadline, *, content: bytes | FormBody | None
    ) -> Request:
        headers = {"User-Agent": f"vision-ai-module/{__version__}", "Accept": "*/*"}
        if isinstance(content, FormBody):
            headers["Content-Type"] = content.content_type
            headers["Content-Length"] = str(content.length)
        elif content is not None:
            headers["Content-Type"] = "application/json"
        elif method == "POST":
            headers["Content-Length"] = "0"
        try:
            request = Request(
                method,
                self.address + path,
                headers=headers,
                content=content if isinstance(content, bytes) else None,
                extensions={
                    "timeout": timeouts(until, self.settings.timeout),
                    "deadline": until.moment,
                },
            )
        except InvalidURL as error:  # the address is known to be good by now
            raise InvalidInputError(f"{path[:60]!r}… cannot be asked for: {error}") from None
        if isinstance(content, FormBody):
            request.stream = content
        return request
