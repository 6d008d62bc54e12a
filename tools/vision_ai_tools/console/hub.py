"""Connections to the browser tabs that show the page, and the state that they show.

The state has sections. A tab subscribes to those that it shows, so that the module is asked for nothing else.
A tab also confirms each picture that it has displayed: a slow tab gets fewer pictures, a hidden tab none.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any, cast

from starlette.websockets import WebSocket, WebSocketDisconnect

from .safe_json import decode_object, encode_json

logger = logging.getLogger(__name__)

PICTURE = "picture"
HEARTBEAT = 3.0
"""Seconds without changes after which a tab gets an empty message. The page treats longer silence as the end."""
CLOSE_TIMEOUT = 2.0
"""Seconds that the tabs have to take their disconnection."""
INTERNAL_ERROR, GOING_AWAY = 1011, 1001
"""WebSocket close codes."""


class ConnectionHub:
    """The state, the same for all tabs, and the connections that it is sent to."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}
        """The JSON value of each section."""
        self.picture: bytes | None = None
        self.picture_number = 0
        self._connections: set[Connection] = set()
        self._has_subscriptions = asyncio.Event()
        self._closing = asyncio.Event()
        self._is_empty = asyncio.Event()

    def publish(self, section: str, value: Any) -> None:
        """Set a section's value, and send it to all tabs if it differs."""
        if section not in self.state or self.state[section] != value:
            self.state[section] = value
            for each in self._connections:
                each.mark_changed(section)

    def publish_picture(self, picture: bytes) -> None:
        """Set the camera's latest picture, and send it to the tabs that are ready for one."""
        self.picture = picture
        self.picture_number += 1
        for each in self._connections:
            each.wake()

    def is_wanted(self, section: str) -> bool:
        """Whether a tab shows the section, and for a picture whether it is ready for the next one."""
        if section == PICTURE:
            return any(each.is_ready_for_picture for each in self._connections)
        return any(section in each.subscriptions for each in self._connections)

    async def wait_for_subscriptions(self) -> None:
        """Wait until a tab subscribes to anything."""
        await self._has_subscriptions.wait()

    def update_subscriptions(self) -> None:
        """To be called when a connection is opened or closed, or changes its subscriptions."""
        if any(each.subscriptions for each in self._connections):
            self._has_subscriptions.set()
        else:
            self._has_subscriptions.clear()

    async def serve(self, socket: WebSocket) -> None:
        """Serve a tab until it closes its connection."""
        connection = Connection(socket, self)
        self._connections.add(connection)
        try:
            await connection.serve(self._closing)
        finally:
            self._connections.discard(connection)
            self.update_subscriptions()
            if not self._connections:
                self._is_empty.set()

    async def close(self) -> None:
        """Disconnect all tabs, and wait until they are."""
        self._closing.set()
        if self._connections:
            with suppress(TimeoutError):  # a tab whose computer is gone takes no close
                await asyncio.wait_for(self._is_empty.wait(), CLOSE_TIMEOUT)


class Connection:
    """The WebSocket of one tab."""

    def __init__(self, socket: WebSocket, hub: ConnectionHub) -> None:
        self._socket = socket
        self._hub = hub
        self._changed_sections = set(hub.state)
        self._last_picture_number = 0
        self._has_displayed_picture = True
        self._wake = asyncio.Event()
        self._wake.set()
        self.subscriptions: frozenset[str] = frozenset()

    @property
    def is_ready_for_picture(self) -> bool:
        """Whether the tab shows the picture and has displayed the previous one."""
        return PICTURE in self.subscriptions and self._has_displayed_picture

    def mark_changed(self, section: str) -> None:
        """Send the section's latest value as soon as the tab can take it."""
        self._changed_sections.add(section)
        self.wake()

    def wake(self) -> None:
        """Check for something to send."""
        self._wake.set()

    async def serve(self, closing: asyncio.Event) -> None:
        """Serve the tab until it closes its connection, until either direction fails, or until `closing` is set.

        A connection that stays open without its sender would show the tab an old state for ever.
        """
        await self._socket.accept()
        tasks = [asyncio.create_task(each) for each in (self._receive(), self._send(), _wait(closing))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in tasks:
                each.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        failures = [each for each in results if isinstance(each, Exception)]
        for failure in failures:
            if not isinstance(failure, WebSocketDisconnect):
                logger.error("the connection to a tab failed", exc_info=failure)
        if failures or closing.is_set():
            with suppress(RuntimeError, OSError, WebSocketDisconnect):  # it may be closed already
                await self._socket.close(INTERNAL_ERROR if failures else GOING_AWAY)

    async def _receive(self) -> None:
        while (message := await self._socket.receive())["type"] != "websocket.disconnect":
            self._handle_message(message.get("text") or "")

    def _handle_message(self, text: str) -> None:
        fields = decode_object(text)
        if fields is None:
            return
        sections = fields.get("subscribe")
        if isinstance(sections, list):
            self.subscriptions = frozenset(str(each) for each in cast("list[object]", sections))
            self._hub.update_subscriptions()
        if fields.get("displayed"):
            self._has_displayed_picture = True
        self.wake()

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        next_heartbeat = loop.time() + HEARTBEAT
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(next_heartbeat):
                    await self._wake.wait()
            self._wake.clear()
            if self._changed_sections or loop.time() >= next_heartbeat:
                sections = {each: self._hub.state[each] for each in sorted(self._changed_sections)}
                self._changed_sections.clear()
                await self._socket.send_text(encode_json(sections))
                next_heartbeat = loop.time() + HEARTBEAT
            number, picture = self._hub.picture_number, self._hub.picture
            if self.is_ready_for_picture and picture and self._last_picture_number != number:
                self._last_picture_number = number
                self._has_displayed_picture = False
                await self._socket.send_bytes(picture)


async def _wait(event: asyncio.Event) -> None:
    await event.wait()
