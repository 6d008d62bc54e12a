"""The line to a module, with a record of all that went over it, as it was before the SDK made anything of it.

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

from vision_ai_generated.api import OPERATIONS
from vision_ai_generated.operation import Operation

from .body import Json, read_json

KEPT = 4 * 1024 * 1024
"""Bytes of a body that are kept; more come only in downloads, of which the start says enough."""


@define(eq=False, slots=False)
class Exchange:
    """One request and what became of it."""

    number: int
    method: str
    target: str
    operation: str | None
    """The contract's name of the operation; None for a path that the contract does not have."""
    purpose: str = ""
    """What the request is to find out, where it is more than the answer itself."""
    sent: bytes = b""
    """The request's body; empty for a file, which is not kept."""
    status: int | None = None
    """The HTTP status; None where no answer came."""
    content_type: str = ""
    body: bytes = b""
    size: int = 0
    """Bytes of the answer's body, also of what was not kept of it."""
    milliseconds: float | None = None
    """From the request's first byte to the answer's last one; None where that did not come."""
    failure: str = ""
    """Why there is no answer, or not all of it."""
    refused_by_sdk: str = ""
    """What the SDK says of an answer that it cannot use."""

    @property
    def whole(self) -> bool:
        return self.milliseconds is not None

    @cached_property
    def json(self) -> Json | None:
        """The answer's JSON; None where it is none, or not whole. Only for answers that are over."""
        return read_json(self.body) if self.whole and self.size == len(self.body) else None

    @property
    def fields(self) -> Mapping[str, Any]:
        """The answer's JSON where it is an object, else nothing."""
        value = self.json.value if self.json else None
        return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}

    @property
    def code(self) -> int | None:
        """The answer's code; None where it has none, or one that is no whole number."""
        code = self.fields.get("code")
        whole = isinstance(code, int) or (isinstance(code, float) and code.is_integer())
        return int(cast(float, code)) if whole else None


class Line(httpx.BaseTransport):
    """Carries requests over another transport and keeps what went by."""

    def __init__(self, transport: httpx.BaseTransport, pause: float) -> None:
        self._transport = transport
        self._pause = pause
        self._purpose = ""
        self._free_from = 0.0
        self.exchanges: list[Exchange] = []

    @contextmanager
    def purpose(self, words: str) -> Generator[None]:
        """What is sent meanwhile is sent for this."""
        self._purpose = words
        try:
            yield
        finally:
            self._purpose = ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request, when its time has come."""
        time.sleep(max(0.0, self._free_from - time.monotonic()))
        exchange = self._begun(request)
        started = time.perf_counter()
        try:
            response = self._transport.handle_request(request)
        except Exception as error:
            exchange.failure = _reason(error)
            raise
        finally:
            self._free_from = time.monotonic() + self._pause
        exchange.status = response.status_code
        exchange.content_type = response.headers.get("content-type", "")
        stream = _Kept(response, exchange, started)
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=stream,
            extensions=response.extensions,
        )

    def close(self) -> None:
        """End the connection."""
        self._transport.close()

    def _begun(self, request: httpx.Request) -> Exchange:
        target = request.url.raw_path.decode("ascii")
        exchange = Exchange(
            number=len(self.exchanges) + 1,
            method=request.method,
            target=target,
            operation=_operation(request.method, target),
            purpose=self._purpose,
            sent=b"".join(request.stream) if isinstance(request.stream, httpx.ByteStream) else b"",
        )
        self.exchanges.append(exchange)
        return exchange


class _Kept(httpx.SyncByteStream):
    """An answer's body on its way, its bytes noted as they go by."""

    def __init__(self, response: httpx.Response, exchange: Exchange, started: float) -> None:
        self._response = response
        self._exchange = exchange
        self._started = started

    def __iter__(self) -> Iterator[bytes]:
        exchange = self._exchange
        try:
            for chunk in cast(httpx.SyncByteStream, self._response.stream):
                exchange.body += chunk[: max(0, KEPT - len(exchange.body))]
                exchange.size += len(chunk)
                yield chunk
        except Exception as error:
            exchange.failure = _reason(error)
            raise
        exchange.milliseconds = (time.perf_counter() - self._started) * 1000

    def close(self) -> None:
        self._response.close()


def _operation(method: str, target: str) -> str | None:
    return next((name for name, each in OPERATIONS.items() if _is_at(each, method, target)), None)


def _is_at(operation: Operation[object], method: str, target: str) -> bool:
    path = "[^/?]+".join(map(re.escape, re.split(r"\{\w+\}", operation.path)))
    # The module's URL may have a path of its own before that of the operation.
    return method == operation.method and re.search(rf"{path}\Z", target) is not None


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
