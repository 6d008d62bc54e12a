"""The journal of a till that does not use the SDK, written by the SDK.

A client of the SDK, whose transport returns what the till's calls returned, makes the same calls again in a thread of
its own. So its journal gets the rows that the till's own would have.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from vision_ai import Call, Journal, VisionAI, VisionAIError
from vision_ai.transports import (
    BodyTooLargeError,
    ConnectError,
    Deadline,
    Request,
    Response,
    Transport,
)
from vision_ai_generated.api import OPERATIONS

from .gateway import Caller, Gateway
from .joined_readings import JoinedReadings
from .settings import Api
from .till_transport import Exchange

log = logging.getLogger("vision_ai_fleet")

LONGEST_QUEUE = 200
"""Calls of the till that wait; what comes on top is left out."""
LONGEST_CALL = 120.0
"""Seconds."""
KEEP_DAYS = 60.0
KEEP_BYTES = 50_000_000


class RelayJournal:
    """Writes what passes a relay into a journal.

    Args:
        path: The journal's file.
        gateway: The journal's own question, which module it is, goes through it, after the till's calls.
        api: The version of the module's API.
        on_call: Called with what became of each call.
    """

    def __init__(self, path: Path, gateway: Gateway, api: Api, on_call: Callable[[Call], None]) -> None:
        self._queue: queue.Queue[Exchange | None] = queue.Queue(LONGEST_QUEUE)
        self._transport = _CopyTransport(gateway.open_transport(Caller.AGENT))
        self._client = VisionAI(
            gateway.base_url,
            transport=self._transport,
            timeout=LONGEST_CALL,
            retries=0,
            api=api,
            journal=Journal(path, keep_days=KEEP_DAYS, keep_bytes=KEEP_BYTES),
            on_call=on_call,
        )
        self._readings = JoinedReadings()
        self._dropped = 0
        self._thread = threading.Thread(target=self._run, name="vision-ai relay journal", daemon=True)
        self._thread.start()

    def add(self, exchange: Exchange) -> None:
        """Queue a call of the till; count it where too many wait."""
        try:
            self._queue.put_nowait(exchange)
        except queue.Full:
            self._dropped += 1

    def close(self) -> None:
        """Write what waits, for a bounded time."""
        with suppress(queue.Full):
            self._queue.put_nowait(None)
        self._thread.join(2.0)
        self._client.close()

    def _run(self) -> None:
        while (exchange := self._queue.get()) is not None:
            if self._dropped:
                dropped, self._dropped = self._dropped, 0
                log.warning("%s calls of the till are missing in the journal: they came too fast", dropped)
            try:
                self._call(exchange)
            except VisionAIError as error:
                log.debug("the till's %s: %s", exchange.operation, error)
            except Exception:
                log.exception("the journal failed after the till's %s", exchange.operation)

    def _call(self, exchange: Exchange) -> None:
        if exchange.operation == "get_result" and self._readings.is_repeated(exchange.content):
            return
        arguments = _read_arguments(exchange)
        if arguments is None:
            return
        if exchange.operation == "result_feedback":
            arguments["sid"] = self._readings.find_sid(arguments["sid"])
        self._transport.exchange = exchange
        getattr(self._client, exchange.operation)(**arguments)


def _read_arguments(exchange: Exchange) -> dict[str, Any] | None:
    """Return the arguments of a till's call; None for those that the SDK would not send."""
    fields = OPERATIONS[exchange.operation].fields
    if not fields:
        return {}
    try:
        body: object = json.loads(exchange.request_body)
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    values = cast("dict[str, Any]", body)
    arguments: dict[str, Any] = {}
    for field in fields:
        for name in (field.name, field.alias):
            if name in values:
                arguments[field.python_name] = values[name]
                break
        else:
            return None
    return arguments


class _CopyTransport(Transport):
    """Returns the response that the till got. The journal's own question goes to the module."""

    asynchronous = False

    def __init__(self, module: Transport) -> None:
        self.exchange: Exchange | None = None
        self._module = module

    async def send(self, request: Request, deadline: Deadline) -> Response:
        exchange = self.exchange
        if exchange is None or not request.url.text.endswith(OPERATIONS[exchange.operation].path):
            if request.url.text.endswith(OPERATIONS["get_device_info"].path):
                return await self._module.send(request, deadline)
            raise ConnectError("the till has not asked for this")
        self.exchange = None
        time.sleep(min(exchange.duration, LONGEST_CALL / 2))  # so that the journal has the call's latency
        if exchange.error is not None:
            raise exchange.error
        return _CopyResponse(exchange)

    async def close(self) -> None:
        await self._module.close()


class _CopyResponse(Response):
    """The response that the till got."""

    def __init__(self, exchange: Exchange) -> None:
        self.status = exchange.status
        self.headers = exchange.headers
        self.length = len(exchange.content)
        self._content = memoryview(bytes(exchange.content))

    async def read(self, limit: int) -> bytes | bytearray:
        content, self._content = bytes(self._content), self._content[:0]
        if len(content) > limit:
            raise BodyTooLargeError(content[:1024])
        return content

    async def read_into(self, view: memoryview) -> int:
        count = min(len(view), len(self._content))
        view[:count] = self._content[:count]
        self._content = self._content[count:]
        return count

    async def close(self) -> None:
        pass
