"""The emulator as a transport for httpx, sync and async: no socket, no framework.

What goes wrong on purpose comes out as the exceptions that httpx raises over a network. Waiting is bounded by
the request's timeout for reading; a wait without end and without a timeout ends at once.
"""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator, Iterator
from typing import cast, get_type_hints
from urllib.parse import parse_qsl

import httpx

from vision_ai_emulator.control.routing import ControlExchange, is_control
from vision_ai_emulator.device.settings import SettingsChanges
from vision_ai_emulator.emulator import Emulator, living
from vision_ai_emulator.faults.faults import Ending
from vision_ai_emulator.http.dialect import SWITCHES, Dialect
from vision_ai_emulator.http.request_handler import Exchange
from vision_ai_emulator.http.transmission import Delivery
from vision_ai_emulator.shared.clock import ManualClock
from vision_ai_emulator.shared.options import from_text, type_of

_SCHEME = "emulator:"
_EXTENSIONS = {"http_version": b"HTTP/1.1"}


class EmulatorTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Reaches one emulated device, which it keeps alive, as if by one connection that is kept open.

    While the device restarts it raises `httpx.ConnectError`, and a transfer that was under way ends in
    `httpx.ReadError`, as over a network. After `close` (or `aclose`) it raises RuntimeError.
    """

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._closed = False
        self._stale: Ending | None = None
        self._rest_before_answer = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        lost = self._lost(request)
        if lost:
            _Patience(request).wait(_until(lost))
            raise _ending(lost, request)
        exchange = self._begin(request)
        try:
            for chunk in cast(httpx.SyncByteStream, request.stream):
                exchange.feed(chunk)
            sending = self._finish(exchange, request)
            sending.patience.wait(sending.first_wait)
            return sending.response()
        finally:
            exchange.close()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        lost = self._lost(request)
        if lost:
            await _Patience(request).wait_async(_until(lost))
            raise _ending(lost, request)
        exchange = self._begin(request)
        try:
            async for chunk in cast(httpx.AsyncByteStream, request.stream):
                exchange.feed(chunk)
            sending = self._finish(exchange, request)
            await sending.patience.wait_async(sending.first_wait)
            return sending.response()
        finally:
            exchange.close()

    def close(self) -> None:
        """Refuse requests from now on."""
        self._closed = True

    async def aclose(self) -> None:
        """Refuse requests from now on."""
        self._closed = True

    def _lost(self, request: httpx.Request) -> Ending | None:
        """How the connection, gone stale, ends when this request comes on it."""
        if is_control(_target(request)):
            return None
        stale, self._stale = self._stale, None
        return stale

    def _begin(self, request: httpx.Request) -> Exchange | ControlExchange:
        self._refuse_if_unreachable(request)
        exchange = self.emulator.begin(request.method, _target(request), request.headers)
        if exchange.refused:
            raise httpx.ConnectError("the emulated device refuses the connection", request=request)
        return exchange

    def _finish(self, exchange: Exchange | ControlExchange, request: httpx.Request) -> _Sending:
        # Again: the device may have gone down while a long body was on its way.
        self._refuse_if_unreachable(request)
        reboots = self.emulator.device.reboots
        delivery = exchange.finish()
        if self._rest_before_answer and not is_control(_target(request)):
            self._rest_before_answer = False
            raise httpx.RemoteProtocolError("illegal status line", request=request)
        self._rest_before_answer |= bool(delivery.excess)
        # A connection closed at once is seen to be, and another is made in its place.
        if delivery.stale and delivery.stale != "at_once":
            self._stale = delivery.stale
        return _Sending(delivery, self.emulator, reboots, request)

    def _refuse_if_unreachable(self, request: httpx.Request) -> None:
        if self._closed:
            raise RuntimeError(
                "this transport to the emulator is closed: make another with EmulatorTransport(emulator)"
            )
        if is_control(_target(request)):
            return
        if not self.emulator.device.up:
            raise httpx.ConnectError("the emulated device is restarting", request=request)
        if self.emulator.faults.port_closed:
            raise httpx.ConnectError("the emulated device refuses connections", request=request)


class _Patience:
    """Waits for an answer as long as the request's timeout allows."""

    def __init__(self, request: httpx.Request) -> None:
        self._request = request
        timeout: float | None = request.extensions.get("timeout", {}).get("read")
        self._limit = math.inf if timeout is None else timeout

    def wait(self, seconds: float) -> None:
        if self._bounded(seconds) > 0:
            time.sleep(self._bounded(seconds))
        self._give_up_after(seconds)

    async def wait_async(self, seconds: float) -> None:
        if self._bounded(seconds) > 0:
            import anyio

            await anyio.sleep(self._bounded(seconds))
        self._give_up_after(seconds)

    def _bounded(self, seconds: float) -> float:
        bounded = min(seconds, self._limit)
        return bounded if math.isfinite(bounded) else 0

    def _give_up_after(self, seconds: float) -> None:
        if seconds > self._limit or seconds == math.inf:
            raise httpx.ReadTimeout("the emulated device did not answer in time", request=self._request)


class _Sending(httpx.SyncByteStream, httpx.AsyncByteStream):
    """An answer on its way: a stream that waits and breaks off as a fault has it, or at a restart."""

    def __init__(self, delivery: Delivery, emulator: Emulator, reboots: int, request: httpx.Request) -> None:
        self.delivery = delivery
        self.patience = _Patience(request)
        self._device = emulator.device
        self._reboots = reboots
        self._request = request

    @property
    def first_wait(self) -> float:
        """Seconds until there is something to see."""
        return self.delivery.delay if self.delivery.answer else max(self.delivery.delay, self._last_wait)

    @property
    def _last_wait(self) -> float:
        return max(self.delivery.wait_to_end, _until(self.delivery.ending))

    def response(self) -> httpx.Response:
        answer = self.delivery.answer
        if answer is None:
            raise _ending(self.delivery.ending, self._request)
        plain = self.delivery.whole and self.delivery.pieces is None and not answer.streamed
        stream = httpx.ByteStream(answer.body) if plain else self
        return httpx.Response(answer.status, headers=answer.headers, stream=stream, extensions=_EXTENSIONS)

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.delivery.body():
            self.patience.wait(self.delivery.pause)
            yield self._passed(piece)
        if self.delivery.sent is not None:
            self.patience.wait(self._last_wait)
            raise self._cut()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.delivery.body():
            await self.patience.wait_async(self.delivery.pause)
            yield self._passed(piece)
        if self.delivery.sent is not None:
            await self.patience.wait_async(self._last_wait)
            raise self._cut()

    def _passed(self, piece: bytes) -> bytes:
        answer = self.delivery.answer
        if answer and answer.streamed and self._device.reboots != self._reboots:
            raise httpx.ReadError("the emulated device restarted", request=self._request)
        return piece

    def _cut(self) -> httpx.TransportError:
        if self.delivery.ending == "close":
            return httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body", request=self._request
            )
        return _ending(self.delivery.ending, self._request)


def _target(request: httpx.Request) -> str:
    return request.url.raw_path.decode("ascii")


def _until(ending: Ending) -> float:
    """How many seconds an ending takes to show."""
    return math.inf if ending == "silence" else 0.0


def _ending(ending: Ending, request: httpx.Request) -> httpx.TransportError:
    """What httpx says of a connection that ends without an answer."""
    if ending == "reset":
        return httpx.ReadError("the emulated device reset the connection", request=request)
    return httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)


def open_transport(url: str, *, asynchronous: bool) -> EmulatorTransport:
    """The transport for an `emulator:` URL; the same kind serves sync and async clients.

    `emulator:` is a fresh device that lives as long as the transport, `emulator:?pan=banana&seed=3` one with
    options (`seed`, `pan`, `clock`, which is real or frozen, `state`, which is a file, the fields of
    `Settings` and those of `Dialect`), `emulator:<name>` the living `Emulator` of that `url`. Raises
    ValueError for anything else, OSError where the file cannot be read.
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
    settings = get_type_hints(SettingsChanges)
    types: dict[str, object] = {"clock": str, "pan": str, "seed": int, "state": str, **settings, **SWITCHES}
    given = {
        name: from_text(name, text, type_of(name, types, "the emulator"))
        for name, text in parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    }
    dialect = Dialect(**{name: value for name, value in given.items() if name in SWITCHES})
    emulator = Emulator(
        cast(int, given.get("seed", 0)),
        _clock(str(given.get("clock", "real"))),
        cast(str | None, given.get("pan")),
        dialect=dialect,
        **cast(SettingsChanges, {name: value for name, value in given.items() if name in settings}),
    )
    if "state" in given:
        alone = set(given) - {"state", "clock", "pan"}
        if alone:
            raise ValueError(f"a state has a {', a '.join(sorted(alone))} of its own: leave that out")
        emulator.load(str(given["state"]))
        if "pan" in given:
            emulator.lay(str(given["pan"]))
    return emulator


def _clock(mode: str) -> ManualClock | None:
    if mode not in ("real", "frozen"):
        raise ValueError(f"the option 'clock' is real or frozen, not {mode!r}")
    return ManualClock() if mode == "frozen" else None
