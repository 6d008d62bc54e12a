"""HTTP request → device call → HTTP answer, in the vendor's formats byte for byte, without any framework.

A request comes in pieces (`Wire.begin`, `Exchange.feed` …, `Exchange.finish`), so that a large upload never
has to be held as a whole; `Wire.answer` is the same for a body that is at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from attrs import evolve

from vision_ai_emulator.device.device import Device
from vision_ai_emulator.device.error_codes import (
    JSON_PARSING_FAILED,
    UNKNOWN_COMMAND,
    UNKNOWN_MISTAKE,
    DeviceError,
)
from vision_ai_emulator.faults.faults import Fault, Faults, Stage
from vision_ai_emulator.http import endpoints as operations
from vision_ai_emulator.http import response as answer
from vision_ai_emulator.http import transmission as delivery
from vision_ai_emulator.http.dialect import LENIENT, Dialect
from vision_ai_emulator.http.multipart import Upload
from vision_ai_emulator.http.request_log import Log
from vision_ai_emulator.http.response import Answer, Reply, Value
from vision_ai_emulator.http.transmission import Delivery
from vision_ai_emulator.shared.clock import Clock

_DOWNLOAD = "/download/"
# Far beyond any request of the document; more is not kept and cannot be parsed.
_LARGEST_JSON = 1 << 20


class Exchange:
    """One request on its way in. Feed its body, then `finish`; `close` it in any case."""

    def __init__(self, wire: Wire, method: str, path: str, content_type: str) -> None:
        self._wire = wire
        self._dialect = wire.dialect
        self._operation, self._filename = _route(method, path, self._dialect)
        self._faults: list[str] = []
        self._code: int | None = None
        self._body = bytearray()
        self._upload: Upload | None = None
        self.refused = self._meets("arrival") is not None
        """Whether the connection is refused; there is nothing to feed or finish then."""
        if self.refused:
            return
        self._number = wire.log.add(wire.clock.now(), method, path, self._operation)
        if self._operation == "start_restore":
            limit = wire.device.settings.storage_bytes
            self._upload = Upload(content_type, limit, self._dialect.restore_part)

    def feed(self, chunk: bytes) -> None:
        """Take the next piece of the request's body. Calls without parameters ignore theirs."""
        if self._upload:
            self._upload.feed(chunk)
        elif self._operation in operations.TAKES_JSON and len(self._body) <= _LARGEST_JSON:
            self._body += chunk

    def finish(self) -> Delivery:
        """Do what was asked, and say how the answer goes out."""
        delay = self._meets("delay")
        delivered = self._outcome()
        if delay:
            delivered = evolve(delivered, delay=delay.seconds)
        body = bytes(self._body).decode("utf-8", "replace") if self._body else None
        status = delivered.answer.status if delivered.answer else None
        self._wire.log.complete(self._number, body, status, self._code, tuple(self._faults))
        return delivered

    def close(self) -> None:
        """Forget what was uploaded; harmless when done twice."""
        if self._upload:
            self._upload.close()

    def _outcome(self) -> Delivery:
        if self._operation is None:
            return Delivery(answer=self._written(_unknown(self._dialect)))
        fault = self._meets("outcome")
        if fault is None:
            reply = self._act(self._operation)
            if self._operation == "reset_device" and self._dialect.reset_answer == "drop":
                return delivery.nothing("close")
            return self._delivered(reply, self._operation)
        reply = self._act(self._operation) if fault.acted else None
        if fault.kind == "error_code":
            reply = operations.failure(self._operation, fault.code or UNKNOWN_MISTAKE)
            return self._delivered(reply, self._operation)
        if fault.kind == "http_status":
            return self._delivered(_page(fault.status or 500), self._operation)
        if fault.kind == "reboot":
            self._wire.device.reboot(fault.seconds)
        return delivery.nothing(fault.ending)

    def _delivered(self, reply: Reply, operation: str) -> Delivery:
        """A reply after the faults that bear on its content, its pace and its connection."""
        content = self._meets("content")
        if content and content.kind == "trailing_comma" and isinstance(reply, Value):
            reply = evolve(reply, trailing_commas=True)
        delivered = Delivery(answer=self._written(reply))
        if content:
            delivered = delivery.changed(delivered, content)
        pace = self._meets("pace")
        if pace:
            delivered = evolve(delivered, pieces=pace.pieces, pause=pace.seconds)
        stale = self._meets("connection")
        return evolve(delivered, stale=stale.ending) if stale else delivered

    def _written(self, reply: Reply) -> Answer:
        if isinstance(reply, Value):
            code = reply.json.get("code")
            self._code = code if isinstance(code, int) else None
        return self._dialect.write(reply)

    def _act(self, operation: str) -> Reply:
        fault = self._meets("job")
        try:
            reply = self._call(operation, (fault.code if fault else None) or 0)
        except DeviceError as error:
            return operations.failure(operation, error.code)
        self._wire.log.act(operation)
        return reply

    def _call(self, operation: str, failure: int) -> Reply:
        device = self._wire.device
        if operation == "download":
            return operations.download(device, self._filename)
        if self._upload:
            return operations.start_restore(device, self._upload.finish(), failure)
        if operation == "start_backup":
            return operations.start_backup(device, self._dialect, failure)
        if failure:
            operations.fail_job(device, operation, failure)
        if len(self._body) > _LARGEST_JSON:
            raise DeviceError(JSON_PARSING_FAILED)
        return operations.CALLS[operation](device, operations.Call(bytes(self._body), self._dialect))

    def _meets(self, stage: Stage) -> Fault | None:
        if self._operation is None:
            return None
        fault = self._wire.faults.take(stage, self._operation, self._wire.device)
        if fault:
            self._faults.append(fault.kind)
        return fault


class Wire:
    """The device as HTTP shows it."""

    def __init__(self, device: Device, faults: Faults, clock: Clock, dialect: Dialect = LENIENT) -> None:
        self.device = device
        self.faults = faults
        self.clock = clock
        self.dialect = dialect
        """How requests are read and answers written; may be replaced at any time."""
        self.log = Log()

    def begin(self, method: str, target: str, headers: Mapping[str, str]) -> Exchange:
        """A request whose head has come: `target` as on the request line, header names in lower case."""
        path = target.partition("?")[0]
        return Exchange(self, method, path, headers.get("content-type", ""))

    def answer(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """The answer to a request that is at hand as a whole, whatever way a fault sends it.

        Raises ConnectionError where there is none.
        """
        exchange = self.begin(
            method, target, {name.lower(): value for name, value in (headers or {}).items()}
        )
        try:
            exchange.feed(body)
            delivered = None if exchange.refused else exchange.finish()
        finally:
            exchange.close()
        if delivered is None or delivered.answer is None:
            raise ConnectionError("a fault keeps the device from answering")
        return delivered.answer


def _route(method: str, path: str, dialect: Dialect) -> tuple[str | None, str]:
    """The operation of a request (None: there is none such) and the name of the file to download."""
    if path.startswith(_DOWNLOAD):
        filename = unquote_to_bytes(path[len(_DOWNLOAD) :]).decode("utf-8", "replace")
        return ("download" if method == "GET" else None), filename
    name = path.removeprefix("/api/")
    if method != "POST" or name == path:
        return None, ""
    # A3: the vendor's example of a restore uses another path than its text.
    if name in ("start_restore", "restore"):
        return ("start_restore" if dialect.knows(name) else None), ""
    return (name if name in operations.OPERATIONS - {"download"} else None), ""


def _unknown(dialect: Dialect) -> Reply:
    if dialect.unknown_command == "code":
        return answer.enveloped(code=UNKNOWN_COMMAND)
    return _page(404 if dialect.unknown_command == "http_404" else 405)


def _page(status: int) -> Answer:
    words = HTTPStatus(status).phrase if status in list(HTTPStatus) else ""
    return answer.html(status, words)
