"""One connection over a socket, which can end in ways that no correct server uses."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from uvicorn.config import Config
from uvicorn.server import ServerState

from vision_ai_emulator.faults.kinds import Ending

if TYPE_CHECKING:
    from uvicorn.protocols.http.h11_impl import H11Protocol as HttpProtocol
else:  # with httptools where it is installed: there are no wheels of it for 32-bit boards
    from uvicorn.protocols.http.auto import AutoHTTPProtocol as HttpProtocol

# SO_LINGER with zero seconds: closing discards unsent data and sends a reset. Windows has shorter numbers in it.
_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
# Linux's option, and macOS's. Windows has none: excess bytes may come a little later there.
_CORK: int | None = getattr(
    socket, "TCP_CORK", getattr(socket, "TCP_NOPUSH", 4 if sys.platform == "darwin" else None)
)


class Connection(HttpProtocol):
    """uvicorn's connection. The application receives it as `scope["state"]["connection"]`."""

    def __init__(self, config: Config, state: ServerState, is_port_open: Callable[[], bool]) -> None:
        """`is_port_open` returns whether the port that accepted the connection is still open."""
        super().__init__(config, state, {"connection": self})
        self._is_port_open = is_port_open
        self._next_request: Ending | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Called when the connection is established."""
        super().connection_made(transport)
        if not self._is_port_open():
            self.end("reset")

    def data_received(self, data: bytes) -> None:
        """Called with received bytes."""
        if self._next_request is None:
            super().data_received(data)
        elif self._next_request != "silence":
            self.end(self._next_request)

    @property
    def is_closed(self) -> bool:
        """Whether either side has closed the connection."""
        transport: Any = self.transport  # None until the connection is set up
        return transport is not None and transport.is_closing()

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        cycle: Any = self.cycle  # None before the first request
        return cycle is None or cycle.response_complete

    def end_at_next_request(self, ending: Ending) -> None:
        """End when the next request arrives. With "at_once" close when all written bytes are sent."""
        if ending == "at_once":
            self.transport.close()
        else:
            self._next_request = ending

    def end(self, ending: Ending) -> None:
        """Reset now, or close when all written bytes are sent. "silence" has no effect."""
        if self.is_closed or ending == "silence":
            return
        if ending == "reset":
            tcp: socket.socket = self.transport.get_extra_info("socket")
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self.transport.abort()
        else:
            self.transport.close()

    async def flush(self) -> None:
        """Wait until the operating system has all written bytes, or the connection is closed."""
        while self.transport.get_write_buffer_size() and not self.is_closed:
            await asyncio.sleep(0.001)

    def write(self, data: bytes) -> None:
        """Send bytes that belong to no response."""
        if not self.is_closed:
            self.transport.write(data)

    def set_corked(self, corked: bool) -> None:
        """Let the system collect written bytes and send them together when corking ends.

        Otherwise it depends on timing whether a client receives excess bytes with the response or later.
        """
        if not self.is_closed and _CORK is not None:
            tcp: socket.socket = self.transport.get_extra_info("socket")
            tcp.setsockopt(socket.IPPROTO_TCP, _CORK, corked)
