"""The guard between the tests and a real module: it refuses every request that is not allowed.

`pytest:http://…` is the URL of a module behind the guard. The program under test, which opens a client of its
own, gets this URL too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache
from typing import NoReturn

from vision_ai.transports import Deadline, Request, Response, Transport, open_route, parse_url
from vision_ai_generated.api import OPERATIONS, find_form
from vision_ai_generated.operation import Effect, Operation, Version

_SCHEME = "pytest:"
_VERSIONS: tuple[Version, ...] = ("v1", "v2")
_EFFECTS: tuple[Effect, ...] = ("read", "set", "act", "destructive")

_active_guards: list[Guard] = []
"""The guards of the pytest runs in this process. A run inside a test of another run comes after it."""


class Guard:
    """Decides what may be sent to one module."""

    def __init__(self, url: str, allowed: str, refuse: Callable[[str], NoReturn]) -> None:
        """
        Args:
            url: Address of the module, `http://…` or `https://…`.
            allowed: The strongest effect that a call may have. Each effect includes those before it.
            refuse: Called with the reason instead of sending a request.
        """
        self.module_url: str = url.rstrip("/")
        self._allowed: Collection[str] = _EFFECTS[: _EFFECTS.index(allowed) + 1]
        self._refuse = refuse

    @property
    def url(self) -> str:
        """The URL for a client."""
        return _SCHEME + self.module_url

    def check(self, method: str, target: str) -> None:
        """Refuse a request that is not allowed."""
        operation = _find_operation(method, target)
        not_sent = f"was not sent to {self.module_url}"
        if operation is None:
            self._refuse(f"{method} {target} {not_sent}: the contract has no such operation")
        if operation.effect not in self._allowed:
            self._refuse(
                f"{operation.name} {not_sent}: it changes the module ({operation.effect}); "
                f"to allow it, add --vision-ai-allow={operation.effect}"
            )

    def activate(self) -> None:
        """Allow clients for `url` from now on."""
        _active_guards.append(self)

    def deactivate(self) -> None:
        """Allow no more clients for `url`."""
        _active_guards.remove(self)


@cache
def _list_forms() -> tuple[Operation[object], ...]:
    """Return every operation in its form of each version of the API that has it."""
    forms = (find_form(each, version) for each in OPERATIONS.values() for version in _VERSIONS)
    return tuple(form for form in forms if form is not None)


def _find_operation(method: str, target: str) -> Operation[object] | None:
    for operation in _list_forms():
        path = "[^/?]+".join(map(re.escape, re.split(r"\{\w+\}", operation.path)))
        if method == operation.method and re.fullmatch(path, target):
            return operation
    return None


class GuardedTransport(Transport):
    """Reaches the module behind a guard.

    Each request has a connection of its own: none stays open in an event loop that ends with the test, or
    because the program under test did not close its client.
    """

    def __init__(self, guard: Guard, *, asynchronous: bool) -> None:
        self._guard = guard
        self._transport = open_route(guard.module_url, concurrency=0, asynchronous=asynchronous).transport

    async def send(self, request: Request, deadline: Deadline) -> Response:
        """Send a request to the module, or refuse it."""
        target = request.url.target.decode("ascii")
        self._guard.check(request.method, target)
        url = parse_url(self._guard.module_url + target)
        headers = [*request.headers, (b"Connection", b"close")]
        exact_length = request.exact_length
        guarded = Request(request.method, url, headers, request.body, exact_length=exact_length)
        return await self._transport.send(guarded, deadline)

    async def close(self) -> None:
        """Do nothing. No connection stays open between requests, and no event loop may run any more."""


def open_transport(url: str, *, asynchronous: bool) -> GuardedTransport:
    """Return the transport for a `pytest:http://…` URL.

    Raises:
        ValueError: No test run uses that module.
    """
    for guard in reversed(_active_guards):
        if guard.url == url:
            return GuardedTransport(guard, asynchronous=asynchronous)
    raise ValueError(f"{_SCHEME!r} URLs work only in tests that pytest runs with --vision-ai-url")
