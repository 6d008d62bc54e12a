"""What stands between the tests and a real module, and lets nothing past that was not allowed.

`pytest:http://…` is the URL of a module behind the guard, so that the program under test, which opens a
client of its own, is held back as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import NoReturn

import httpx

from vision_ai_generated.api import OPERATIONS
from vision_ai_generated.operation import Effect, Operation

_SCHEME = "pytest:"
_EFFECTS: tuple[Effect, ...] = ("read", "set", "act", "destructive")

_standing: list[Guard] = []
"""The guards of the pytest runs in this process; a run inside another one's test comes after it."""


class Guard:
    """Decides what may be sent to one module."""

    def __init__(self, url: str, allowed: str, refuse: Callable[[str], NoReturn]) -> None:
        """
        Args:
            url: The module's, `http://…` or `https://…`.
            allowed: The strongest effect that a call may have; each allows those before it.
            refuse: Called with the reason in the place of sending a request.
        """
        self.module_url = url.rstrip("/")
        self._allowed: Collection[str] = _EFFECTS[: _EFFECTS.index(allowed) + 1]
        self._refuse = refuse

    @property
    def url(self) -> str:
        """What to give to a client."""
        return _SCHEME + self.module_url

    def check(self, request: httpx.Request) -> None:
        """Refuse a request that may not be sent."""
        target = request.url.raw_path.decode("ascii")
        operation = _operation(request.method, target)
        not_sent = f"was not sent to {self.module_url}"
        if operation is None:
            self._refuse(f"{request.method} {target} {not_sent}: it is no operation of the contract")
        if operation.effect not in self._allowed:
            self._refuse(
                f"{operation.name} {not_sent}: it changes the module ({operation.effect}); "
                f"--vision-ai-allow={operation.effect} lets it through"
            )

    def stand(self) -> None:
        """From now on clients for `url` can be made."""
        _standing.append(self)

    def leave(self) -> None:
        """From now on they cannot."""
        _standing.remove(self)


def _operation(method: str, target: str) -> Operation[object] | None:
    for operation in OPERATIONS.values():
        path = "[^/?]+".join(map(re.escape, re.split(r"\{\w+\}", operation.path)))
        if method == operation.method and re.fullmatch(path, target):
            return operation
    return None


class GuardedTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Reaches the module behind a guard.

    Every request has a connection of its own: nothing stays open in an event loop that ends with the test, or
    because the program under test did not close its client.
    """

    def __init__(self, guard: Guard, *, asynchronous: bool) -> None:
        self._guard = guard
        # A plain connection needs no certificates, and loading them takes most of a start.
        encrypted = guard.module_url.lower().startswith("https:")
        limits = httpx.Limits(max_keepalive_connections=0)
        # Only the one that is used: closing the asynchronous one would need an event loop.
        self._transport: httpx.HTTPTransport | httpx.AsyncHTTPTransport = (
            httpx.AsyncHTTPTransport(verify=encrypted, limits=limits)
            if asynchronous
            else httpx.HTTPTransport(verify=encrypted, limits=limits)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, or refuse it."""
        self._guard.check(request)
        assert isinstance(self._transport, httpx.HTTPTransport)
        return self._transport.handle_request(self._readdressed(request))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, or refuse it."""
        self._guard.check(request)
        assert isinstance(self._transport, httpx.AsyncHTTPTransport)
        return await self._transport.handle_async_request(self._readdressed(request))

    def _readdressed(self, request: httpx.Request) -> httpx.Request:
        url = httpx.URL(self._guard.module_url + request.url.raw_path.decode("ascii"))
        headers = request.headers.copy()
        headers["Host"] = url.netloc.decode("ascii")
        return httpx.Request(
            request.method,
            url,
            headers=headers,
            stream=request.stream,
            extensions=request.extensions,
        )


def open_transport(url: str, *, asynchronous: bool) -> GuardedTransport:
    """The transport for a `pytest:http://…` URL. Raises ValueError outside a test run with that module."""
    for guard in reversed(_standing):
        if guard.url == url:
            return GuardedTransport(guard, asynchronous=asynchronous)
    raise ValueError(f"{_SCHEME!r} is for tests that pytest runs with --vision-ai-url")
