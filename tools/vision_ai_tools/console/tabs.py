"""The tabs of browsers that show the page, and what they show.

The module is asked only what somebody looks at. A tab says what that is, and says whenever it has shown a
picture: so a slow one gets fewer pictures, and none is sent to a tab in the background.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any, cast

from starlette.websockets import WebSocket, WebSocketDisconnect

PICTURE = "picture"


class Tab:
    """One tab, over its WebSocket."""

    def __init__(self, socket: WebSocket, board: Board) -> None:
        self._socket = socket
        self._board = board
        self._untold = set(board.sections)
        self._shown = 0
        self._may_show = True
        self._changed = asyncio.Event()
        self._changed.set()
        self.looks_at: frozenset[str] = frozenset()

    @property
    def wants_picture(self) -> bool:
        """Whether it looks at the picture and has shown the one before."""
        return PICTURE in self.looks_at and self._may_show

    def tell(self, section: str) -> None:
        """That section has another value. Only the latest is sent, however slow the tab is."""
        self._untold.add(section)
        self._changed.set()

    def look_again(self) -> None:
        """There is another picture."""
        self._changed.set()

    async def serve(self) -> None:
        """Until the tab goes away."""
        await self._socket.accept()
        sending = asyncio.create_task(self._send())
        try:
            while (message := await self._socket.receive())["type"] != "websocket.disconnect":
                self._hear(message.get("text") or "")
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect):
                await sending

    def _hear(self, message: str) -> None:
        try:
            said = json.loads(message)
        except ValueError:
            return
        if not isinstance(said, dict):
            return
        told = cast("dict[str, Any]", said)
        looks_at = told.get("looksAt")
        if isinstance(looks_at, list):
            self.looks_at = frozenset(str(each) for each in cast("list[object]", looks_at))
            self._board.audience_changed()
        if told.get("shown"):
            self._may_show = True
        self._changed.set()

    async def _send(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._untold:
                sections = {each: self._board.sections[each] for each in sorted(self._untold)}
                self._untold.clear()
                await self._socket.send_text(json.dumps(sections, ensure_ascii=False))
            if self.wants_picture and self._board.picture and self._shown != self._board.picture_number:
                self._shown = self._board.picture_number
                self._may_show = False
                await self._socket.send_bytes(self._board.picture)


class Board:
    """What is shown: the same in all tabs, by section."""

    def __init__(self) -> None:
        self.sections: dict[str, Any] = {}
        self.picture: bytes | None = None
        self.picture_number = 0
        self._tabs: set[Tab] = set()
        self._looking = asyncio.Event()

    def put(self, section: str, value: Any) -> None:
        """A section's new value (JSON); all tabs are told where it differs."""
        if section not in self.sections or self.sections[section] != value:
            self.sections[section] = value
            for tab in self._tabs:
                tab.tell(section)

    def put_picture(self, picture: bytes) -> None:
        """The camera's latest picture."""
        self.picture = picture
        self.picture_number += 1
        for tab in self._tabs:
            tab.look_again()

    def is_looked_at(self, what: str) -> bool:
        """Whether a tab waits for that."""
        if what == PICTURE:
            return any(tab.wants_picture for tab in self._tabs)
        return any(what in tab.looks_at for tab in self._tabs)

    async def somebody_looks(self) -> None:
        """Wait until a tab looks at anything."""
        await self._looking.wait()

    def audience_changed(self) -> None:
        """A tab came, went, or looks at something else."""
        if any(tab.looks_at for tab in self._tabs):
            self._looking.set()
        else:
            self._looking.clear()

    async def serve(self, socket: WebSocket) -> None:
        """A tab, from its beginning to its end."""
        tab = Tab(socket, self)
        self._tabs.add(tab)
        try:
            await tab.serve()
        finally:
            self._tabs.discard(tab)
            self.audience_changed()
