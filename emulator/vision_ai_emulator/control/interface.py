"""The control interface under `/__emulator__/`, without any framework; CONTROL.md describes its endpoints.

Faults and dialects do not affect it, the device's log does not contain its requests, and it works while the
device is unreachable. `access` decides who may use it over a socket.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote

from attrs import define, field

from vision_ai_emulator.control.endpoints import ROUTES, Endpoint
from vision_ai_emulator.control.request import ControlError, ControlRequest, make_json_response
from vision_ai_emulator.emulator import Emulator
from vision_ai_emulator.http.response import Response, make_error_page
from vision_ai_emulator.http.transmission import Transmission

PREFIX = "/__emulator__"
# The largest body is a state that contains a large backup.
_MAX_BODY = 1 << 28


def is_control_target(target: str) -> bool:
    """Whether a request target belongs to the control interface."""
    path = target.partition("?")[0]
    return path == PREFIX or path.startswith(f"{PREFIX}/")


@define(eq=False)
class ControlRequestHandler:
    """Handles one control call in the same way as `http.interface.RequestHandler` handles a device call."""

    _emulator: Emulator
    _method: str
    _target: str
    _body: bytearray = field(factory=bytearray, init=False)
    is_refused: bool = field(default=False, init=False)

    def feed(self, chunk: bytes) -> None:
        """Process the next chunk of the body."""
        if len(self._body) <= _MAX_BODY:
            self._body += chunk

    def finish(self) -> Transmission:
        """Perform the call and return the response."""
        if len(self._body) > _MAX_BODY:
            error = ControlError(413, f"the body is larger than {_MAX_BODY} bytes")
            return Transmission(response=error.to_response())
        return Transmission(response=respond(self._emulator, self._method, self._target, bytes(self._body)))

    def close(self) -> None:
        """Do nothing: there is nothing to delete."""


def respond(emulator: Emulator, method: str, target: str, body: bytes = b"") -> Response:
    """Return the response to a control call. `target` is the path and the query."""
    path, _, query = target.partition("?")
    if path == PREFIX:
        return make_error_page(308, "Permanent Redirect").with_header("Location", f"{PREFIX}/")
    try:
        endpoint, name = _find_endpoint(method, path.removeprefix(PREFIX))
        result = endpoint(ControlRequest(emulator, body, dict(parse_qsl(query)), name))
    except ControlError as error:
        return error.to_response()
    except (ValueError, TypeError, ArithmeticError) as error:
        return ControlError(400, str(error)).to_response()
    return result if isinstance(result, Response) else make_json_response(result)


def _find_endpoint(method: str, path: str) -> tuple[Endpoint, str]:
    """Return the endpoint of a call, and the name or number in its path."""
    route, name = path, ""
    if path not in ROUTES:
        folder, _, name = path.rpartition("/")
        route = f"{folder}/*"
    if route not in ROUTES:
        known = ", ".join(sorted(ROUTES))
        raise ControlError(404, f"there is no {path!r}: the paths under {PREFIX} are {known}")
    methods = ROUTES[route]
    if method not in methods:
        allowed = ", ".join(methods)
        raise ControlError(405, f"{path!r} takes {allowed}, not {method}", (("Allow", allowed),))
    return methods[method], unquote(name)
