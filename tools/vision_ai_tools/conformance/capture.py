"""Captures the requests to a module and its responses as they are, before the SDK interprets them.

It is slow on purpose: one request at a time, with a pause before each.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, cast

from attrs import define

from vision_ai.transports import BodyTooLargeError, Deadline, Request, Response, Transport
from vision_ai_generated.operation import Version

from .body import ParsedJson, parse_json
from .operations import find_operation

BODY_LIMIT = 4 * 1024 * 1024
"""Bytes kept of a body. Only downloads are longer, and their first bytes are enough."""


@define(eq=False, slots=False)
class Exchange:
    """One request and its response."""

    number: int
    method: str
    target: str
    operation: str | None
    """The operation in the contract; None for a request that the contract of the module's version does not have."""
    purpose: str = ""
    """What the request is to find out, beyond its response."""
    sent: bytes = b""
    """The request's body; empty for a file, which is not kept."""
    status: int | None = None
    """The HTTP status; None without a response."""
    content_type: str = ""
    body: bytes = b""
    size: int = 0
    """Bytes of the response's body, including those that were not kept."""
    milliseconds: float | None = None
    """From the first byte of the request to the last byte of the response; None without that byte."""
    failure: str = ""
    """Why the response is missing or incomplete."""
    sdk_error: str = ""
    """The SDK's error for a response that it cannot use."""

    @property
    def is_complete(self) -> bool:
        return self.milliseconds is not None

    @cached_property
    def json(self) -> ParsedJson | None:
        """The JSON of a complete response, else None."""
        return parse_json(self.body) if self.is_complete and self.size == len(self.body) else None

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields of a response that is a JSON object, else nothing."""
        value = self.json.value if self.json else None
        return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}

    @property
    def code(self) -> int | None:
        """The code of the response; None where it has none that is a whole number."""
        code = self.fields.get("code")
        is_whole = isinstance(code, int) or (isinstance(code, float) and code.is_integer())
        return int(cast(float, code)) if is_whole else None


class CaptureTransport(Transport):
    """Sends requests over another transport and captures every exchange."""

    asynchronous = False

    def __init__(self, transport: Transport, pause: float) -> None:
        self._transport = transport
        self._pause = pause
        self._purpose = ""
        self._version: Version | None = None
        self._next_request_at = 0.0
        self.exchanges: list[Exchange] = []

    def set_version(self, version: Version) -> None:
        """Note the version of the API that the module speaks: it decides which operation a request calls."""
        self._version = version
        for each in self.exchanges:
            each.operation = find_operation(each.method, each.target, version)

    @contextmanager
    def set_purpose(self, purpose: str) -> Generator[None]:
        """Note the purpose with each exchange in the `with` block."""
        self._purpose = purpose
        try:
            yield
        finally:
            self._purpose = ""

    async def send(self, request: Request, deadline: Deadline) -> Response:
        """Send one request after the pause. The deadline counts from then on."""
        wait = self._next_request_at - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        exchange = self._add_exchange(request)
        started = time.perf_counter()
        try:
            response = await self._transport.send(request, Deadline(deadline.seconds, deadline.stall))
        except Exception as error:
            exchange.failure = _describe(error)
            raise
        finally:
            self._next_request_at = time.monotonic() + self._pause
        exchange.status = response.status
        exchange.content_type = response.content_type
        return _CapturedResponse(response, exchange, started)

    async def close(self) -> None:
        """Close the other transport."""
        await self._transport.close()

    def _add_exchange(self, request: Request) -> Exchange:
        target = request.url.target.decode("ascii")
        exchange = Exchange(
            number=len(self.exchanges) + 1,
            method=request.method,
            target=target,
            operation=find_operation(request.method, target, self._version),
            purpose=self._purpose,
            sent=request.body if isinstance(request.body, bytes) else b"",
        )
        self.exchanges.append(exchange)
        return exchange


class _CapturedResponse(Response):
    """A response whose body is captured while it is read."""

    def __init__(self, response: Response, exchange: Exchange, started: float) -> None:
        self._response = response
        self._exchange = exchange
        self._started = started
        self.copy_head(response)
        self.length = response.length

    @property
    def coded_size(self) -> int | None:
        return self._response.coded_size

    async def read(self, limit: int) -> bytes | bytearray:
        with self._note_failure():
            content = await self._response.read(limit)
        self._capture(content)
        self._complete()
        return content

    async def read_into(self, view: memoryview) -> int:
        with self._note_failure():
            count = await self._response.read_into(view)
        self._capture(view[:count])
        if count == 0:
            self._complete()
        return count

    async def close(self) -> None:
        await self._response.close()

    def _capture(self, chunk: bytes | bytearray | memoryview) -> None:
        exchange = self._exchange
        exchange.body += bytes(chunk[: max(0, BODY_LIMIT - len(exchange.body))])
        exchange.size += len(chunk)

    def _complete(self) -> None:
        self._exchange.milliseconds = (time.perf_counter() - self._started) * 1000

    @contextmanager
    def _note_failure(self) -> Generator[None]:
        try:
            yield
        except Exception as error:
            if isinstance(error, BodyTooLargeError):
                self._capture(error.start)
            self._exchange.failure = _describe(error)
            raise


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
