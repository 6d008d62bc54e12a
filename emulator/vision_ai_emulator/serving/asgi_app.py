"""The ASGI application: passes every request to the device or to the control interface.

It sends a response as its `Transmission` demands, and waits in real time. A wait ends when the client
disconnects or the port is closed.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from vision_ai_emulator.control.access import AccessPolicy
from vision_ai_emulator.control.interface import ControlRequestHandler, is_control_target
from vision_ai_emulator.control.request import ControlError
from vision_ai_emulator.emulator import Emulator
from vision_ai_emulator.http.interface import RequestHandler
from vision_ai_emulator.http.response import Response
from vision_ai_emulator.http.transmission import Transmission
from vision_ai_emulator.serving.connection import Connection
from vision_ai_emulator.serving.dispatch import begin_request

# Seconds between the checks whether a wait still makes sense.
_CHECK_INTERVAL = 0.02


class AsgiApp:
    """Handles the requests to one port."""

    def __init__(
        self,
        emulator: Emulator,
        access: AccessPolicy,
        update_ports: Callable[[], None],
        device_url: str | None = None,
    ) -> None:
        """`update_ports` closes the device's port if the latest request demands it.

        `device_url` is the device's URL, for a port that has the control interface only.
        """
        self._emulator = emulator
        self._access = access
        self._update_ports = update_ports
        self._device_url = device_url
        self.is_closing = False
        """Whether the port is closed, so that waits end."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        connection: Connection = scope["state"]["connection"]
        # The raw path: the HTTP interface decodes a part of it only.
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        error = self._check_access(request, target)
        if error is not None:
            await self._send_start(error, send)
            await send({"type": "http.response.body", "body": error.body})
            return
        handler = begin_request(self._emulator, request.method, target, request.headers)
        try:
            with suppress(ClientDisconnect):
                await self._handle(handler, request, connection, send)
        finally:
            handler.close()
        if connection.is_closed:
            await _wait_for_disconnect(receive)

    def _check_access(self, request: Request, target: str) -> Response | None:
        """Return the error response for a request that is not allowed or not for this port, or None."""
        if is_control_target(target):
            return self._access.check(request.method, target.partition("?")[0], request.headers)
        if self._device_url is not None:
            return ControlError(
                404, f"this port has the control interface only: the device is at {self._device_url}"
            ).to_response()
        return None

    async def _handle(
        self,
        handler: RequestHandler | ControlRequestHandler,
        request: Request,
        connection: Connection,
        send: Send,
    ) -> None:
        if handler.is_refused:
            connection.end("reset")
            return
        device = self._emulator.device
        reboots, unplug_count = device.reboots, device.unplug_count
        async for chunk in request.stream():
            handler.feed(chunk)
        if isinstance(handler, RequestHandler) and not device.up:
            # The device restarted or was unplugged while a long body arrived.
            connection.end("close")
            return
        transmission = handler.finish()
        self._update_ports()
        if isinstance(handler, RequestHandler) and device.unplug_count != unplug_count:
            connection.end("reset")
            return
        await self._wait(transmission.delay, connection)
        if connection.is_closed:
            return
        if transmission.response is None:
            await self._end(transmission, connection)
        elif transmission.response.streamed:
            await self._send(
                transmission, transmission.response, connection, send, lambda: device.reboots != reboots
            )
        else:
            await self._send(transmission, transmission.response, connection, send, lambda: False)

    async def _send(
        self,
        transmission: Transmission,
        response: Response,
        connection: Connection,
        send: Send,
        is_interrupted: Callable[[], bool],
    ) -> None:
        next_request = transmission.next_request
        if next_request and next_request != "at_once":
            connection.end_at_next_request(next_request)
        if transmission.excess:
            connection.set_corked(True)
        await self._send_start(response, send)
        for piece in transmission.iterate_body():
            await self._wait(transmission.pause, connection)
            if is_interrupted():
                connection.end("reset")
            if connection.is_closed:
                return
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        if transmission.body_limit is not None:
            await connection.flush()
            await self._wait(transmission.wait_before_end, connection)
            await self._end(transmission, connection)
            return
        if transmission.excess:
            connection.write(transmission.excess)
            connection.set_corked(False)
        await send({"type": "http.response.body", "body": b""})
        if next_request == "at_once":
            connection.end_at_next_request(next_request)

    async def _send_start(self, response: Response, send: Send) -> None:
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers
        ]
        if self.is_closing:  # without httptools uvicorn does not say it
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})

    async def _end(self, transmission: Transmission, connection: Connection) -> None:
        if transmission.ending == "silence":
            await self._wait(math.inf, connection)
        connection.end(transmission.ending)

    async def _wait(self, seconds: float, connection: Connection) -> None:
        """Wait; end the connection if the port is closed meanwhile."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (remaining := end - loop.time()) > 0 and not connection.is_closed:
            if self.is_closing:
                connection.end("close")
                return
            await asyncio.sleep(min(remaining, _CHECK_INTERVAL))


async def _wait_for_disconnect(receive: Receive) -> None:
    """Wait until uvicorn has noticed the disconnect: otherwise it sends a response of its own."""
    while (await receive())["type"] != "http.disconnect":
        pass
