"""Captures the requests to a module and its responses as they are, before the SDK interprets them.

It is slow on purpose: one request at a time, with a pause before each.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, cast

import httpx
from attrs import define

from vision_ai_generated.operation import Operation
from vision_ai_generated.operations import OPERATIONS

from .body import ParsedJson, parse_json

BODY_LIMIT = 4 * 1024 * 1024
"""Bytes kept of a body. Only downloads are longer, and their first bytes are enough."""


@define(eq=False, slots=False)
class Exchange:
    """One request and its response."""

    number: int
    method: str
    target: str
    operation: str | None
    """The operation in the contract; None for a path that the contract does not have."""
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


class CaptureTransport(httpx.BaseTransport):
    """Sends requests over another transport and captures every exchange."""

    def __init__(self, transport: httpx.BaseTransport, pause: float) -> None:
        self._transport = transport
        self._pause = pause
        self._purpose = ""
        self._next_request_at = 0.0
        self.exchanges: list[Exchange] = []

    @contextmanager
    def set_purpose(self, purpose: str) -> Generator[None]:
        """Note the purpose with each exchange in the `with` block."""
        self._purpose = purpose
        try:
            yield
        finally:
            self._purpose = ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request after the pause."""
        time.sleep(max(0.0, self._next_request_at - time.monotonic()))
        exchange = self._add_exchange(request)
        started = time.perf_counter()
        try:
            response = self._transport.handle_request(request)
        except Exception as error:
            exchange.failure = _describe(error)
            raise
        finally:
            self._next_request_at = time.monotonic() + self._pause
        exchange.status = response.status_code
        exchange.content_type = response.headers.get("content-type", "")
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_CapturedStream(response, exchange, started),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close the other transport."""
        self._transport.close()

    def _add_exchange(self, request: httpx.Request) -> Exchange:
        target = request.url.raw_path.decode("ascii")
        exchange = Exchange(
            number=len(self.exchanges) + 1,
            method=request.method,
            target=target,
            operation=_find_operation(request.method, target),
            purpose=self._purpose,
            sent=b"".join(request.stream) if isinstance(request.stream, httpx.ByteStream) else b"",
        )
        self.exchanges.append(exchange)
        return exchange


class _CapturedStream(httpx.SyncByteStream):
    """Passes a response's body on and captures its bytes."""

    def __init__(self, response: httpx.Response, exchange: Exchange, started: float) -> None:
        self._response = response
        self._exchange = exchange
        self._started = started

    def __iter__(self) -> Iterator[bytes]:
        exchange = self._exchange
        try:
            for chunk in cast(httpx.SyncByteStream, self._response.stream):
                exchange.body += chunk[: max(0, BODY_LIMIT - len(exchange.body))]
                exchange.size += len(chunk)
                yield chunk
        except Exception as error:
            exchange.failure = _describe(error)
            raise
        exchange.milliseconds = (time.perf_counter() - self._started) * 1000

    def close(self) -> None:
        self._response.close()


def _find_operation(method: str, target: str) -> str | None:
    return next((name for name, each in OPERATIONS.items() if _matches(each, method, target)), None)


def _matches(operation: Operation[object], method: str, target: str) -> bool:
    path = "[^/?]+".join(map(re.escape, re.split(r"\{\w+\}", operation.path)))
    # The module's URL may have a path of its own in front.
    return method == operation.method and re.search(rf"{path}\Z", target) is not None


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
