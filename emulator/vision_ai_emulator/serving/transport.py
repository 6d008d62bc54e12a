"""The emulator as a transport for httpx, sync and async, without a socket and a framework.

Faults result in the exceptions that httpx raises over a network. The request's read timeout limits every
wait; an endless wait without a timeout ends at once.
"""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator, Iterator
from typing import cast

import httpx

from vision_ai_emulator.control.interface import ControlRequestHandler, is_control_target
from vision_ai_emulator.device.clock import ManualClock
from vision_ai_emulator.emulator import Emulator
from vision_ai_emulator.faults.kinds import Ending
from vision_ai_emulator.http.interface import RequestHandler
from vision_ai_emulator.http.transmission import Transmission
from vision_ai_emulator.serving.dispatch import begin_request
from vision_ai_emulator.serving.manual_time import ManualTime
from vision_ai_emulator.serving.url import find_or_create_emulator

_EXTENSIONS = {"http_version": b"HTTP/1.1"}
# Seconds between the checks whether a device that lets wait was unplugged.
_CHECK_INTERVAL = 0.02


def open_transport(url: str, *, asynchronous: bool) -> EmulatorTransport:
    """Return the transport for an `emulator:` URL; the same class serves sync and async clients.

    Raises ValueError for any other URL or an unknown option, OSError if a state file cannot be read.
    """
    return EmulatorTransport(find_or_create_emulator(url))


class EmulatorTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Connects httpx clients to an emulator, which it keeps alive, as over one keep-alive connection.

    While the device restarts or is unplugged it raises `httpx.ConnectError`. A restart ends a running transfer with
    `httpx.ReadError`, as over a network, unplugging every running request. After `close` or `aclose` it raises
    RuntimeError.
    """

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._is_closed = False
        self._next_request: Ending | None = None
        self._has_excess = False

    @property
    def clock(self) -> ManualTime | None:
        """The time of an emulator that has a manual clock, to step instead of waiting; None with a real clock."""
        return ManualTime(self.emulator) if isinstance(self.emulator.clock, ManualClock) else None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the emulator."""
        ending = self._take_connection_ending(request)
        power = _Power(self.emulator, request)
        if ending:
            _ReadTimeout(request, power).wait(_get_wait(ending))
            raise _make_error(ending, request)
        handler = self._begin(request)
        try:
            for chunk in cast(httpx.SyncByteStream, request.stream):
                power.check()
                handler.feed(chunk)
            stream = self._finish(handler, request, power)
            stream.timeout.wait(stream.initial_wait)
            return stream.make_response()
        finally:
            handler.close()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the emulator."""
        ending = self._take_connection_ending(request)
        power = _Power(self.emulator, request)
        if ending:
            await _ReadTimeout(request, power).wait_async(_get_wait(ending))
            raise _make_error(ending, request)
        handler = self._begin(request)
        try:
            async for chunk in cast(httpx.AsyncByteStream, request.stream):
                power.check()
                handler.feed(chunk)
            stream = self._finish(handler, request, power)
            await stream.timeout.wait_async(stream.initial_wait)
            return stream.make_response()
        finally:
            handler.close()

    def close(self) -> None:
        """Reject requests from now on."""
        self._is_closed = True

    async def aclose(self) -> None:
        """Reject requests from now on."""
        self._is_closed = True

    def _take_connection_ending(self, request: httpx.Request) -> Ending | None:
        """Return how the connection ends when this request arrives, or None."""
        if is_control_target(_get_target(request)):
            return None
        ending, self._next_request = self._next_request, None
        return ending

    def _begin(self, request: httpx.Request) -> RequestHandler | ControlRequestHandler:
        self._require_reachable(request)
        handler = begin_request(self.emulator, request.method, _get_target(request), request.headers)
        if handler.is_refused:
            raise httpx.ConnectError("the emulated device refuses the connection", request=request)
        return handler

    def _finish(
        self, handler: RequestHandler | ControlRequestHandler, request: httpx.Request, power: _Power
    ) -> _ResponseStream:
        # The device may have been unplugged, or have restarted, while a long body arrived.
        power.check()
        self._require_reachable(request)
        reboots = self.emulator.device.reboots
        transmission = handler.finish()
        if self._has_excess and not is_control_target(_get_target(request)):
            self._has_excess = False
            raise httpx.RemoteProtocolError("illegal status line", request=request)
        self._has_excess |= bool(transmission.excess)
        # A client detects a connection that is closed at once, and opens another one.
        if transmission.next_request and transmission.next_request != "at_once":
            self._next_request = transmission.next_request
        return _ResponseStream(transmission, self.emulator, reboots, request, power)

    def _require_reachable(self, request: httpx.Request) -> None:
        if self._is_closed:
            raise RuntimeError(
                "this transport to the emulator is closed: create another with EmulatorTransport(emulator)"
            )
        if is_control_target(_get_target(request)):
            return
        if not self.emulator.plugged_in:
            raise httpx.ConnectError("the emulated device is unplugged", request=request)
        if not self.emulator.device.up:
            raise httpx.ConnectError("the emulated device is restarting", request=request)
        if self.emulator.faults.closes_port:
            raise httpx.ConnectError("the emulated device refuses connections", request=request)


class _Power:
    """Detects that the device was unplugged after a request to it had begun."""

    def __init__(self, emulator: Emulator, request: httpx.Request) -> None:
        self._device = emulator.device
        self._request = request
        self._is_control = is_control_target(_get_target(request))
        self._unplug_count = self._device.unplug_count

    def check(self) -> None:
        """Raise `httpx.ReadError` if the device was unplugged."""
        if self._device.unplug_count != self._unplug_count and not self._is_control:
            raise httpx.ReadError("the emulated device was unplugged", request=self._request)


class _ReadTimeout:
    """Waits for a response, but not longer than the request's read timeout, and not from an unplugged device."""

    def __init__(self, request: httpx.Request, power: _Power) -> None:
        self._request = request
        self._power = power
        timeout: float | None = request.extensions.get("timeout", {}).get("read")
        self._seconds = math.inf if timeout is None else timeout

    def wait(self, seconds: float) -> None:
        end = time.monotonic() + self._limit(seconds)
        self._power.check()
        while (remaining := end - time.monotonic()) > 0:
            time.sleep(min(remaining, _CHECK_INTERVAL))
            self._power.check()
        self._raise_if_shorter_than(seconds)

    async def wait_async(self, seconds: float) -> None:
        end = time.monotonic() + self._limit(seconds)
        self._power.check()
        while (remaining := end - time.monotonic()) > 0:
            import anyio

            await anyio.sleep(min(remaining, _CHECK_INTERVAL))
            self._power.check()
        self._raise_if_shorter_than(seconds)

    def _limit(self, seconds: float) -> float:
        limit = min(seconds, self._seconds)
        return limit if math.isfinite(limit) else 0

    def _raise_if_shorter_than(self, seconds: float) -> None:
        if seconds > self._seconds or seconds == math.inf:
            raise httpx.ReadTimeout("the emulated device did not respond in time", request=self._request)


class _ResponseStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A response body that waits and breaks off as a fault demands, or at a restart."""

    def __init__(
        self,
        transmission: Transmission,
        emulator: Emulator,
        reboots: int,
        request: httpx.Request,
        power: _Power,
    ) -> None:
        self.timeout = _ReadTimeout(request, power)
        self._transmission = transmission
        self._device = emulator.device
        self._reboots = reboots
        self._request = request

    @property
    def initial_wait(self) -> float:
        """Seconds until the response begins, or the connection ends without one."""
        delay = self._transmission.delay
        return delay if self._transmission.response else max(delay, self._final_wait)

    @property
    def _final_wait(self) -> float:
        return max(self._transmission.wait_before_end, _get_wait(self._transmission.ending))

    def make_response(self) -> httpx.Response:
        """Return the response. Raises the exception for a connection that ends without one."""
        transmission, response = self._transmission, self._transmission.response
        if response is None:
            raise _make_error(transmission.ending, self._request)
        at_once = transmission.is_ordinary and transmission.pieces is None and not response.streamed
        stream = httpx.ByteStream(response.body) if at_once else self
        return httpx.Response(
            response.status, headers=response.headers, stream=stream, extensions=_EXTENSIONS
        )

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._transmission.iterate_body():
            self.timeout.wait(self._transmission.pause)
            self._require_no_restart()
            yield piece
        if self._transmission.body_limit is not None:
            self.timeout.wait(self._final_wait)
            raise self._make_final_error()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._transmission.iterate_body():
            await self.timeout.wait_async(self._transmission.pause)
            self._require_no_restart()
            yield piece
        if self._transmission.body_limit is not None:
            await self.timeout.wait_async(self._final_wait)
            raise self._make_final_error()

    def _require_no_restart(self) -> None:
        response = self._transmission.response
        if response and response.streamed and self._device.reboots != self._reboots:
            raise httpx.ReadError("the emulated device restarted", request=self._request)

    def _make_final_error(self) -> httpx.TransportError:
        if self._transmission.ending == "close":
            return httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body", request=self._request
            )
        return _make_error(self._transmission.ending, self._request)


def _get_target(request: httpx.Request) -> str:
    return request.url.raw_path.decode("ascii")


def _get_wait(ending: Ending) -> float:
    """Return the seconds until a client notices an ending."""
    return math.inf if ending == "silence" else 0.0


def _make_error(ending: Ending, request: httpx.Request) -> httpx.TransportError:
    """Return httpx's exception for a connection that ends without a response."""
    if ending == "reset":
        return httpx.ReadError("the emulated device reset the connection", request=request)
    return httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
