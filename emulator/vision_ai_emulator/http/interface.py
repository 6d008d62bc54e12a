"""The device's HTTP interface: from HTTP requests to operations to HTTP responses, without any framework.

A request arrives in chunks (`HttpInterface.begin_request`, `RequestHandler.feed`, `RequestHandler.finish`),
so that memory never holds a large upload as a whole. `HttpInterface.respond` handles a complete request.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from attrs import evolve, frozen

from vision_ai_emulator.device.api_versions import ApiVersion
from vision_ai_emulator.device.clock import Clock
from vision_ai_emulator.device.device import Device
from vision_ai_emulator.device.error_codes import (
    JSON_PARSING_FAILED,
    UNKNOWN_COMMAND,
    UNKNOWN_MISTAKE,
    DeviceError,
)
from vision_ai_emulator.device.operations import OPERATIONS
from vision_ai_emulator.faults.fault import Fault
from vision_ai_emulator.faults.kinds import Stage
from vision_ai_emulator.faults.plan import FaultPlan
from vision_ai_emulator.http import v1_endpoints, v2_endpoints
from vision_ai_emulator.http.dialect import LENIENT, Dialect, UnknownCommand
from vision_ai_emulator.http.endpoint import Call, Endpoint
from vision_ai_emulator.http.multipart import Upload
from vision_ai_emulator.http.request_log import MAX_TEXT, RequestLog
from vision_ai_emulator.http.response import (
    JsonResult,
    OperationResult,
    Response,
    make_error_page,
    wrap_in_envelope,
)
from vision_ai_emulator.http.transmission import Transmission, apply_content_fault

_ENDPOINTS: Mapping[ApiVersion, Mapping[str, Endpoint]] = {
    "v1": v1_endpoints.ENDPOINTS,
    "v2": v2_endpoints.ENDPOINTS,
}
_DOWNLOAD = "/download/"
# Far larger than any request in the document. A larger body is not stored and results in a parsing error.
_MAX_JSON = 1 << 20


class HttpInterface:
    """The HTTP interface of one device."""

    def __init__(self, device: Device, faults: FaultPlan, clock: Clock, dialect: Dialect = LENIENT) -> None:
        self.device = device
        self.faults = faults
        self.clock = clock
        self.dialect = dialect
        """How requests are parsed and responses encoded; may be replaced at any time."""
        self.log: RequestLog = RequestLog()

    def begin_request(self, method: str, target: str, headers: Mapping[str, str]) -> RequestHandler:
        """Return the handler for a request.

        `target` is the one of the request line; the names of `headers` are in lower case.
        """
        path = target.partition("?")[0]
        return RequestHandler(self, method, path, headers.get("content-type", ""))

    def respond(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Response:
        """Return the response to a complete request, and ignore how a fault sends it.

        Raises ConnectionError if a fault prevents the response.
        """
        lower_case = {name.lower(): value for name, value in (headers or {}).items()}
        handler = self.begin_request(method, target, lower_case)
        try:
            handler.feed(body)
            response = None if handler.is_refused else handler.finish().response
        finally:
            handler.close()
        if response is None:
            raise ConnectionError("a fault prevents the response")
        return response


class RequestHandler:
    """Handles one request: feed the body, then call `finish`. Call `close` in any case."""

    def __init__(self, interface: HttpInterface, method: str, path: str, content_type: str) -> None:
        self._interface = interface
        self._dialect = interface.dialect
        self._api: ApiVersion = interface.device.settings.api
        self._route = _find_route(method, path, self._api, self._dialect)
        self._operation = self._route.operation
        self._fault_kinds: list[str] = []
        self._code: int | None = None
        self._body = bytearray()
        self._body_size = 0
        self._upload: Upload | None = None
        self.is_refused: bool = self._take_fault("arrival") is not None
        """Whether the connection is refused. Then do not call `feed` and `finish`."""
        if self.is_refused:
            return
        self._number = interface.log.add(interface.clock.now(), method, path, self._operation)
        if self._operation == "start_restore":
            limit = interface.device.settings.storage_bytes
            self._upload = Upload(content_type, limit, self._dialect.restore_part)

    def feed(self, chunk: bytes) -> None:
        """Process the next chunk of the body. Operations without parameters ignore their body."""
        if self._upload:
            self._upload.feed(chunk)
        elif self._operation and OPERATIONS[self._api][self._operation].has_parameters:
            self._body_size += len(chunk)
            if len(self._body) <= _MAX_JSON:
                self._body += chunk

    def finish(self) -> Transmission:
        """Perform the operation, and return the response and how to send it."""
        delay = self._take_fault("delay")
        transmission = self._perform()
        if delay:
            transmission = evolve(transmission, delay=delay.seconds)
        status = transmission.response.status if transmission.response else None
        self._interface.log.complete(
            self._number,
            bytes(self._body[:MAX_TEXT]),
            self._body_size,
            status,
            self._code,
            tuple(self._fault_kinds),
        )
        return transmission

    def close(self) -> None:
        """Delete the upload. Further calls have no effect."""
        if self._upload:
            self._upload.close()

    def _perform(self) -> Transmission:
        if self._operation is None:
            return Transmission(response=self._encode(_reject(self._route.rejection)))
        fault = self._take_fault("outcome")
        if fault is None:
            result = self._act(self._operation)
            if self._operation == "reset_device" and self._dialect.reset_answer == "drop":
                return Transmission(response=None)
            return self._make_transmission(result)
        result = self._act(self._operation) if fault.acted else None
        if fault.kind == "error_code":
            result = v1_endpoints.make_error(self._operation, fault.code or UNKNOWN_MISTAKE)
            return self._make_transmission(result)
        if fault.kind == "http_status":
            return self._make_transmission(_make_page(fault.status or 500))
        if fault.kind == "reboot":
            self._interface.device.reboot(fault.seconds)
        return Transmission(response=None, ending=fault.ending or "close")

    def _make_transmission(self, result: OperationResult) -> Transmission:
        """Return the response with the faults that change its content, its pace and its connection."""
        content = self._take_fault("content")
        if content and content.kind == "trailing_comma" and isinstance(result, JsonResult):
            result = evolve(result, trailing_commas=True)
        transmission = Transmission(response=self._encode(result))
        if content:
            transmission = apply_content_fault(transmission, content)
        pace = self._take_fault("pace")
        if pace:
            transmission = evolve(transmission, pieces=pace.pieces, pause=pace.seconds)
        connection = self._take_fault("connection")
        return evolve(transmission, next_request=connection.ending) if connection else transmission

    def _encode(self, result: OperationResult) -> Response:
        if isinstance(result, JsonResult):
            code = result.json.get("code")
            self._code = code if isinstance(code, int) else None
        return self._dialect.encode(result)

    def _act(self, operation: str) -> OperationResult:
        fault = self._take_fault("job")
        try:
            result = self._call(operation, (fault.code if fault else None) or 0)
        except DeviceError as error:
            return v1_endpoints.make_error(operation, error.code)
        self._interface.log.count_operation(operation)
        return result

    def _call(self, operation: str, failure: int) -> OperationResult:
        device = self._interface.device
        if operation == "download":
            return v1_endpoints.download(device, self._route.filename)
        if self._upload:
            return v1_endpoints.start_restore(device, self._upload.finish(), failure)
        if operation == "start_backup":
            return v1_endpoints.start_backup(device, self._dialect, failure)
        if failure and operation == "get_backup_status":
            device.fail_backup(failure)
        if failure and operation == "get_restore_status":
            device.fail_restore(failure)
        if len(self._body) > _MAX_JSON:
            raise DeviceError(JSON_PARSING_FAILED)
        return _ENDPOINTS[self._api][operation](device, Call(bytes(self._body), self._dialect))

    def _take_fault(self, stage: Stage) -> Fault | None:
        if self._operation is None:
            return None
        fault = self._interface.faults.take(stage, self._operation, self._interface.device)
        if fault:
            self._fault_kinds.append(fault.kind)
        return fault


@frozen(kw_only=True)
class _Route:
    """What a request asks for."""

    operation: str | None = None
    """None: nothing that the device knows."""
    filename: str = ""
    """The name of the file to download."""
    rejection: UnknownCommand = "code"
    """How the device rejects a request for nothing that it knows."""


def _find_route(method: str, path: str, api: ApiVersion, dialect: Dialect) -> _Route:
    unknown = _Route(rejection=dialect.unknown_command)
    name = path.removeprefix("/api/")
    filename = ""
    if path.startswith(_DOWNLOAD):
        name = "download"
        filename = unquote_to_bytes(path[len(_DOWNLOAD) :]).decode("utf-8", "replace")
    elif name == path or name == "download":
        return unknown
    # A3: the vendor's example of a restore uses another path than its text.
    elif name in ("start_restore", "restore"):
        if not dialect.has_restore_path(name):
            return unknown
        name = "start_restore"
    operation = OPERATIONS[api].get(name)
    if operation is None:
        return unknown
    route = _Route(operation=name, filename=filename)
    if method == operation.method:
        return route
    if dialect.other_method == "unknown_command" or not _is_method_of_another_version(method, name):
        return unknown
    return route if dialect.other_method == "answer" else _Route(rejection=dialect.other_method)


def _is_method_of_another_version(method: str, name: str) -> bool:
    return any(name in each and each[name].method == method for each in OPERATIONS.values())


def _reject(rejection: UnknownCommand) -> OperationResult:
    if rejection == "code":
        return wrap_in_envelope(code=UNKNOWN_COMMAND)
    return _make_page(404 if rejection == "http_404" else 405)


def _make_page(status: int) -> Response:
    phrase = HTTPStatus(status).phrase if status in list(HTTPStatus) else ""
    return make_error_page(status, phrase)
