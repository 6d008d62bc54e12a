"""HTTP request → device call → HTTP answer, in the vendor's formats byte for byte, without any framework.

A request comes in pieces (`Wire.begin`, `Exchange.feed` …, `Exchange.finish`), so that a large upload never
has to be held as a whole; `Wire.answer` is the same for a body that is at hand.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from vision_ai_emulator import answer, operations
from vision_ai_emulator.answer import Answer
from vision_ai_emulator.codes import JSON_PARSING_FAILED, UNKNOWN_COMMAND, DeviceError
from vision_ai_emulator.device import Device
from vision_ai_emulator.faults import Faults
from vision_ai_emulator.multipart import Upload

_DOWNLOAD = "/download/"
# Far beyond any request of the document; more is not kept and cannot be parsed.
_LARGEST_JSON = 1 << 20
_REQUESTS_LOGGED = 1000


class Exchange:
    """One request on its way in. Feed its body, then `finish`; `close` it in any case."""

    def __init__(self, wire: Wire, operation: str | None, filename: str, content_type: str) -> None:
        self._wire = wire
        self._operation = operation
        self._filename = filename
        self._body = bytearray()
        limit = wire.device.settings.storage_bytes
        self._upload = Upload(content_type, limit) if operation == "start_restore" else None

    def feed(self, chunk: bytes) -> None:
        """Take the next piece of the request's body. Calls without parameters ignore theirs."""
        if self._upload:
            self._upload.feed(chunk)
        elif self._operation in operations.TAKES_JSON and len(self._body) <= _LARGEST_JSON:
            self._body += chunk

    def finish(self) -> Answer:
        """Do what was asked, and answer."""
        if self._operation is None:
            return answer.envelope(code=UNKNOWN_COMMAND)
        code = self._wire.faults.take(self._operation)
        if code is not None:
            return operations.failure(self._operation, code)
        try:
            return self._call(self._operation)
        except DeviceError as error:
            return operations.failure(self._operation, error.code)

    def close(self) -> None:
        """Forget what was uploaded; harmless when done twice."""
        if self._upload:
            self._upload.close()

    def _call(self, operation: str) -> Answer:
        device = self._wire.device
        if operation == "download":
            return operations.download(device, self._filename)
        if self._upload:
            device.start_restore(self._upload.finish())
            return answer.envelope()
        if len(self._body) > _LARGEST_JSON:
            raise DeviceError(JSON_PARSING_FAILED)
        return operations.CALLS[operation](device, bytes(self._body))


class Wire:
    """The device as HTTP shows it."""

    def __init__(self, device: Device, faults: Faults) -> None:
        self.device = device
        self.faults = faults
        self._requests: deque[tuple[str, str]] = deque(maxlen=_REQUESTS_LOGGED)
        self._lock = threading.Lock()

    @property
    def requests(self) -> tuple[tuple[str, str], ...]:
        """Method and path of the latest requests, oldest first."""
        with self._lock:
            return tuple(self._requests)

    def begin(self, method: str, target: str, headers: Mapping[str, str]) -> Exchange:
        """A request whose head has come: `target` as on the request line, header names in lower case."""
        path = target.partition("?")[0]
        with self._lock:
            self._requests.append((method, path))
        operation, filename = _route(method, path)
        return Exchange(self, operation, filename, headers.get("content-type", ""))

    def answer(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """The answer to a request that is at hand as a whole."""
        exchange = self.begin(
            method, target, {name.lower(): value for name, value in (headers or {}).items()}
        )
        try:
            exchange.feed(body)
            return exchange.finish()
        finally:
            exchange.close()


def _route(method: str, path: str) -> tuple[str | None, str]:
    """The operation of a request (None: there is none such) and the name of the file to download."""
    if path.startswith(_DOWNLOAD):
        filename = unquote_to_bytes(path[len(_DOWNLOAD) :]).decode("utf-8", "replace")
        return ("download" if method == "GET" else None), filename
    name = path.removeprefix("/api/")
    if method != "POST" or name == path:
        return None, ""
    # A3: the vendor's example of a restore uses another path than its text.
    if name in ("start_restore", "restore"):
        return "start_restore", ""
    return (name if name in operations.CALLS else None), ""
