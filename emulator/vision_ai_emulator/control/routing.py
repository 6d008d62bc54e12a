"""The control interface under `/__emulator__/`, without any framework: CONTROL.md has the endpoints.

No fault and no dialect touches it, nothing of it is logged among the device's requests, and it works while
the device is gone. Who may use it over a socket is `guard`'s business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from attrs import define, field

from vision_ai_emulator.control.endpoints import ROUTES, Handler
from vision_ai_emulator.control.request import Asked, ControlError, Served, written
from vision_ai_emulator.http import response as answer
from vision_ai_emulator.http.response import Answer
from vision_ai_emulator.http.transmission import Delivery

if TYPE_CHECKING:
    from vision_ai_emulator.emulator import Emulator

PREFIX = "/__emulator__"
# A state with a large backup in it is the largest thing that anybody sends.
_LARGEST_BODY = 1 << 28


def is_control(target: str) -> bool:
    """Whether a request is one for the control interface."""
    path = target.partition("?")[0]
    return path == PREFIX or path.startswith(f"{PREFIX}/")


@define(eq=False)
class Control:
    """The control interface of one emulator."""

    emulator: Emulator
    served: Served = field(factory=Served)

    def begin(self, method: str, target: str) -> ControlExchange:
        """A control call whose head has come."""
        return ControlExchange(self, method, target)

    def answer(self, method: str, target: str, body: bytes = b"") -> Answer:
        """The answer to a control call: `target` is its path, with the query if there is one."""
        path, _, query = target.partition("?")
        if path == PREFIX:
            return answer.html(308, "Permanent Redirect").with_header("Location", f"{PREFIX}/")
        try:
            handler, name = _find(method, path.removeprefix(PREFIX))
            asked = Asked(self.emulator, self.served, body, dict(parse_qsl(query)), name)
            said = handler(asked)
        except ControlError as error:
            return error.answer()
        except (ValueError, TypeError) as error:
            return ControlError(400, str(error)).answer()
        return said if isinstance(said, Answer) else written(said)


@define(eq=False)
class ControlExchange:
    """One control call on its way in, as `wire.Exchange` is one to the device."""

    _control: Control
    _method: str
    _target: str
    _body: bytearray = field(factory=bytearray, init=False)
    refused: bool = field(default=False, init=False)

    def feed(self, chunk: bytes) -> None:
        """Take the next piece of the body."""
        if len(self._body) <= _LARGEST_BODY:
            self._body += chunk

    def finish(self) -> Delivery:
        """Do what was asked, and answer."""
        if len(self._body) > _LARGEST_BODY:
            return Delivery(answer=ControlError(413, f"the body is over {_LARGEST_BODY} bytes").answer())
        return Delivery(answer=self._control.answer(self._method, self._target, bytes(self._body)))

    def close(self) -> None:
        """There is nothing to forget."""


def _find(method: str, path: str) -> tuple[Handler, str]:
    """Who answers a call, and the name or number in its path."""
    route, name = path, ""
    if path not in ROUTES:
        folder, _, name = path.rpartition("/")
        route = f"{folder}/*"
    if route not in ROUTES:
        known = ", ".join(sorted(ROUTES))
        raise ControlError(404, f"there is no {path!r} here: under {PREFIX} there are {known}")
    methods = ROUTES[route]
    if method not in methods:
        allowed = ", ".join(methods)
        raise ControlError(405, f"{path!r} takes {allowed}, not {method}", (("Allow", allowed),))
    return methods[method], unquote(name)
