"""One connection over a socket, which can end in ways that a well-behaved server never shows."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from vision_ai_emulator.faults.faults import Ending

# On, for no time: closing drops what is not sent and tells the other side by a reset.
_NO_LINGER = struct.pack("ii", 1, 0)


class Connection(HttpToolsProtocol):
    """uvicorn's connection, which the application finds as `scope["state"]["connection"]`."""

    welcome: Callable[[], bool]
    """Whether the port is still open that it came through."""
    _stale: Ending | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """The connection is there."""
        super().connection_made(transport)
        if not self.welcome():
            self.end("reset")

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        state: dict[str, Any] = self.scope.setdefault("state", {})
        state["connection"] = self

    def data_received(self, data: bytes) -> None:
        """Bytes have come."""
        if self._stale is None:
            super().data_received(data)
        elif self._stale != "silence":
            self.end(self._stale)

    @property
    def gone(self) -> bool:
        """Whether it is closed, by either side."""
        return self.transport.is_closing()

    def go_stale(self, ending: Ending) -> None:
        """End when the next request comes, or before. To be called with the answer before still going out."""
        if ending == "at_once":
            # What was written is sent first.
            self.transport.close()
        else:
            self._stale = ending

    def end(self, ending: Ending) -> None:
        """End now: reset it, or close it in order once all that was written is sent. Silence does nothing."""
        if self.gone or ending == "silence":
            return
        if ending == "reset":
            tcp: socket.socket = self.transport.get_extra_info("socket")
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self.transport.abort()
        else:
            self.transport.close()

    async def sent(self) -> None:
        """Wait until all that was written is with the operating system, or the connection is gone."""
        while self.transport.get_write_buffer_size() and not self.gone:
            await asyncio.sleep(0.001)

    def write(self, data: bytes) -> None:
        """Send bytes that are no part of an answer."""
        if not self.gone:
            self.transport.write(data)

    def hold(self, held: bool) -> None:
        """Have the system send what is written from here on together, once it is held no more.

        Whether a client finds bytes too many with its answer or later would be a matter of luck otherwise.
        """
        if not self.gone:
            tcp: socket.socket = self.transport.get_extra_info("socket")
            tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, held)
