"""The emulator as a transport for httpx, sync and async: no socket, no framework."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TypeVar, cast, get_type_hints
from urllib.parse import parse_qsl

import httpx

from vision_ai_emulator.answer import Answer
from vision_ai_emulator.emulator import Emulator, living
from vision_ai_emulator.settings import SettingsChanges
from vision_ai_emulator.wire import Exchange

_Number = TypeVar("_Number", int, float)

_SCHEME = "emulator:"
_EXTENSIONS = {"http_version": b"HTTP/1.1"}


class EmulatorTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Reaches one emulated device, which it keeps alive.

    While the device restarts it raises `httpx.ConnectError`, and a transfer that was under way ends in
    `httpx.ReadError`, as over a network. After `close` (or `aclose`) it raises RuntimeError.
    """

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        exchange = self._begin(request)
        try:
            for chunk in cast(httpx.SyncByteStream, request.stream):
                exchange.feed(chunk)
            return self._finish(exchange, request)
        finally:
            exchange.close()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        exchange = self._begin(request)
        try:
            async for chunk in cast(httpx.AsyncByteStream, request.stream):
                exchange.feed(chunk)
            return self._finish(exchange, request)
        finally:
            exchange.close()

    def close(self) -> None:
        """Refuse requests from now on."""
        self._closed = True

    async def aclose(self) -> None:
        """Refuse requests from now on."""
        self._closed = True

    def _begin(self, request: httpx.Request) -> Exchange:
        self._refuse_if_unreachable(request)
        target = request.url.raw_path.decode("ascii")
        return self.emulator.wire.begin(request.method, target, request.headers)

    def _finish(self, exchange: Exchange, request: httpx.Request) -> httpx.Response:
        # Again: the device may have gone down while a long body was on its way.
        self._refuse_if_unreachable(request)
        reboots = self.emulator.device.reboots
        answer = exchange.finish()
        stream: httpx.SyncByteStream | httpx.AsyncByteStream = (
            _FileStream(answer, self.emulator, reboots, request)
            if answer.streamed
            else httpx.ByteStream(answer.body)
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=stream, extensions=_EXTENSIONS)

    def _refuse_if_unreachable(self, request: httpx.Request) -> None:
        if self._closed:
            raise RuntimeError(
                "this transport to the emulator is closed: make another with Emulator.transport()"
            )
        if not self.emulator.device.up:
            raise httpx.ConnectError("the emulated device is restarting", request=request)


class _FileStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A file on its way out, cut off by a restart."""

    def __init__(self, answer: Answer, emulator: Emulator, reboots: int, request: httpx.Request) -> None:
        self._answer = answer
        self._device = emulator.device
        self._reboots = reboots
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._answer.pieces():
            if self._device.reboots != self._reboots:
                raise httpx.ReadError("the emulated device restarted", request=self._request)
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def open_transport(url: str, *, asynchronous: bool) -> EmulatorTransport:
    """The transport for an `emulator:` URL; the same kind serves sync and async clients.

    `emulator:` is a fresh device that lives as long as the transport, `emulator:?pan=banana&seed=3` one with
    options (`seed`, `pan` and the fields of `Settings`), `emulator:<name>` the living `Emulator` of that
    `url`. Raises ValueError for anything else.
    """
    scheme, rest = url[: len(_SCHEME)], url[len(_SCHEME) :]
    if scheme.lower() != _SCHEME:
        raise ValueError(f"{url!r} is no emulator URL: it begins with {_SCHEME!r}")
    name, question, query = rest.partition("?")
    if name and question:
        raise ValueError(
            f"{url!r} names a living emulator, which has its options already: leave out the '?…'"
        )
    return EmulatorTransport(living(name) if name else _with_options(query))


def _with_options(query: str) -> Emulator:
    seed = 0
    pan: str | None = None
    types = get_type_hints(SettingsChanges)
    settings: dict[str, object] = {}
    for name, text in parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)):
        if name == "pan":
            pan = text
        elif name == "seed":
            seed = _number(name, text, int)
        elif name in types:
            settings[name] = _typed(name, text, types[name])
        else:
            known = ", ".join(sorted({"pan", "seed", *types}))
            raise ValueError(f"the emulator has no option {name!r}: it is one of {known}")
    return Emulator(seed, pan=pan, **cast(SettingsChanges, settings))


def _typed(name: str, text: str, type: object) -> object:
    if type is bool:
        if text.lower() not in ("true", "false", "1", "0"):
            raise ValueError(f"the emulator's option {name!r} is true or false, not {text!r}")
        return text.lower() in ("true", "1")
    if type is int:
        return _number(name, text, int)
    if type is float:
        return _number(name, text, float)
    return text


def _number(name: str, text: str, type: Callable[[str], _Number]) -> _Number:
    try:
        return type(text)
    except ValueError:
        raise ValueError(f"the emulator's option {name!r} is a number, not {text!r}") from None
