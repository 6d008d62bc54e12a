"""The ASGI application: every path goes to the wire or to the control interface, which know what is unknown.

It carries out how an answer is to leave the device (`delivery`), waiting in real time where it must. A wait
ends when the client goes away or the port is closed.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from vision_ai_emulator.control.access import Guard
from vision_ai_emulator.control.request import ControlError
from vision_ai_emulator.control.routing import ControlExchange, is_control
from vision_ai_emulator.emulator import Emulator
from vision_ai_emulator.http.request_handler import Exchange
from vision_ai_emulator.http.response import Answer
from vision_ai_emulator.http.transmission import Delivery
from vision_ai_emulator.serving.connection import Connection

# How often a wait looks whether it still makes sense, in seconds.
_LOOK_EVERY = 0.02


class Handler:
    """Answers the requests that come to one port."""

    def __init__(
        self, emulator: Emulator, guard: Guard, follow: Callable[[], None], elsewhere: str | None = None
    ) -> None:
        """`follow` closes the device's port if what was done just now wants it.

        `elsewhere` is where the device is, for a port that has the control interface only.
        """
        self._emulator = emulator
        self._guard = guard
        self._follow = follow
        self._elsewhere = elsewhere
        self.closing = False
        """Whether the port is closed, so that nobody should wait any more."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        connection: Connection = scope["state"]["connection"]
        # The path as it came: decoded only where the wire means to.
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        refusal = self._refusal(request, target)
        if refusal is not None:
            await _send_whole(refusal, send)
            return
        exchange = self._emulator.begin(request.method, target, request.headers)
        try:
            with suppress(ClientDisconnect):
                await self._exchange(exchange, request, connection, send)
        finally:
            exchange.close()
        if connection.gone:
            await _disconnected(receive)

    def _refusal(self, request: Request, target: str) -> Answer | None:
        """The answer to a request that is not for this port, or not from whom it should be."""
        if is_control(target):
            return self._guard.refuse(request.method, target.partition("?")[0], request.headers)
        if self._elsewhere is not None:
            return ControlError(
                404, f"this is the control interface only: the device is at {self._elsewhere}"
            ).answer()
        return None

    async def _exchange(
        self, exchange: Exchange | ControlExchange, request: Request, connection: Connection, send: Send
    ) -> None:
        if exchange.refused:
            connection.end("reset")
            return
        device = self._emulator.device
        reboots = device.reboots
        async for chunk in request.stream():
            exchange.feed(chunk)
        if isinstance(exchange, Exchange) and not device.up:
            # It went down while a long body was on its way.
            connection.end("close")
            return
        delivery = exchange.finish()
        self._follow()
        await self._wait(delivery.delay, connection)
        if connection.gone:
            return
        if delivery.answer is None:
            await self._end(delivery, connection)
        elif delivery.answer.streamed:
            await self._deliver(
                delivery, delivery.answer, connection, send, lambda: device.reboots != reboots
            )
        else:
            await self._deliver(delivery, delivery.answer, connection, send, lambda: False)

    async def _deliver(
        self,
        delivery: Delivery,
        answer: Answer,
        connection: Connection,
        send: Send,
        interrupted: Callable[[], bool],
    ) -> None:
        if delivery.stale and delivery.stale != "at_once":
            connection.go_stale(delivery.stale)
        if delivery.excess:
            connection.hold(True)
        await _send_head(answer, send)
        for piece in delivery.body():
            await self._wait(delivery.pause, connection)
            if interrupted():
                connection.end("reset")
            if connection.gone:
                return
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        if delivery.sent is not None:
            await connection.sent()
            await self._wait(delivery.wait_to_end, connection)
            await self._end(delivery, connection)
            return
        if delivery.excess:
            connection.write(delivery.excess)
            connection.hold(False)
        await send({"type": "http.response.body", "body": b""})
        if delivery.stale == "at_once":
            connection.go_stale(delivery.stale)

    async def _end(self, delivery: Delivery, connection: Connection) -> None:
        if delivery.ending == "silence":
            await self._wait(math.inf, connection)
        connection.end(delivery.ending)

    async def _wait(self, seconds: float, connection: Connection) -> None:
        """Let time pass. If the port is closed meanwhile, so is the connection."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0 and not connection.gone:
            if self.closing:
                connection.end("close")
                return
            await asyncio.sleep(min(left, _LOOK_EVERY))


async def _send_whole(answer: Answer, send: Send) -> None:
    await _send_head(answer, send)
    await send({"type": "http.response.body", "body": answer.body})


async def _send_head(answer: Answer, send: Send) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})


async def _disconnected(receive: Receive) -> None:
    """Wait until uvicorn has noticed too: it would answer for an application that returns before."""
    while (await receive())["type"] != "http.disconnect":
        pass
