"""Limits for connections that send no request.

Everybody who reaches the port can open connections, also without the token. Each costs a file descriptor, of which
a process often has 1024. Therefore a connection has little time to send the head of a request, and where there are
too many, the one that has waited longest for a head gives way to a new one.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Literal

from uvicorn.config import WS_PROTOCOLS

if TYPE_CHECKING:
    from uvicorn.protocols.http.h11_impl import H11Protocol as HttpProtocol
else:  # with httptools where it is installed
    from uvicorn.protocols.http.auto import AutoHTTPProtocol as HttpProtocol

logger = logging.getLogger(__name__)

WEB_SOCKETS: Literal["websockets-sansio", "websockets"] = (
    "websockets-sansio" if "websockets-sansio" in WS_PROTOCOLS else "websockets"
)
"""uvicorn's protocol for WebSockets; before uvicorn 0.35, only the older one."""
HEAD_TIMEOUT = 10.0
"""Seconds that a client has to send the head of a request, and an idle connection stays open."""
MAX_CONNECTIONS = 100
"""With those that wait to be accepted, fewer than the 256 file descriptors that a process has on macOS."""
LOG_INTERVAL = 60.0
"""Seconds between two log lines about too many connections."""


class WaitingConnections:
    """The connections that have not sent the head of a request yet, the oldest first."""

    def __init__(self, limit: int = MAX_CONNECTIONS, head_timeout: float = HEAD_TIMEOUT) -> None:
        self.limit = limit
        self.head_timeout = head_timeout
        self._connections: OrderedDict[Connection, asyncio.TimerHandle] = OrderedDict()
        self._next_log_time = 0.0

    def add(self, connection: Connection) -> None:
        """Give the connection time to send a head."""
        loop = asyncio.get_running_loop()
        self.discard(connection)
        self._connections[connection] = loop.call_later(self.head_timeout, self._abort, connection)

    def discard(self, connection: Connection) -> None:
        """Stop the time: the head is complete, or the connection is closed."""
        timer = self._connections.pop(connection, None)
        if timer is not None:
            timer.cancel()

    def make_room(self, newest: Connection) -> None:
        """Close the connection that has waited longest; `newest` where there is no other."""
        self._log()
        self._abort(next(iter(self._connections), newest))

    def _abort(self, connection: Connection) -> None:
        self.discard(connection)
        connection.transport.abort()

    def _log(self) -> None:
        now = time.monotonic()
        if now >= self._next_log_time:
            self._next_log_time = now + LOG_INTERVAL
            logger.warning(
                "there are %d connections to the console: those that wait longest without a request are closed",
                self.limit,
            )


class Connection(HttpProtocol):
    """uvicorn's connection, with limits."""

    waiting: WaitingConnections

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) > self.waiting.limit:
            self.waiting.make_room(self)
        if not transport.is_closing():
            self.waiting.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.waiting.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_busy:
            self.waiting.discard(self)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_busy and not self.transport.is_closing():
            self.waiting.add(self)

    @property
    def _is_busy(self) -> bool:
        """Whether a request is being answered, or the connection has become a WebSocket."""
        cycle: Any = self.cycle  # None before the first request
        has_request = cycle is not None and not cycle.response_complete
        return has_request or self.transport.get_protocol() is not self


def make_connection_class(waiting: WaitingConnections) -> type[asyncio.Protocol]:
    """Make the class of one server's connections, for uvicorn."""
    return type("LimitedConnection", (Connection,), {"waiting": waiting})
