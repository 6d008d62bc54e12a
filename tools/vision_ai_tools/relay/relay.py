"""The relay's socket, and the thread that serves it."""

from __future__ import annotations

import logging
import os
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import ThreadingHTTPServer
from typing import Any, Self

from vision_ai.transports import Transport

from .handler import RelayHandler

logger = logging.getLogger(__name__)

POLL_INTERVAL = 0.1
"""Seconds within which the serving thread notices that it must end."""

CallHandler = Callable[[str, str], None]
"""Takes the method and the path of a request."""
ErrorHandler = Callable[[str, str, Exception], None]
"""Takes the method and the path of a request, and why it got no response."""


class Relay:
    """Forwards the HTTP requests of a till to a module, through a transport.

    It listens as soon as it is created. `start`, or the `with` statement, serves in a thread:

        with Relay(transport, "http://172.22.0.6", port=8172) as relay:
            print(relay.url)

    Bodies pass unchanged in both directions. What happens to the connection to the module also happens to the
    till's: when the module refuses or loses a connection, the relay closes the till's without a response.

    Each connection of the till has a thread of its own, so that the transport and the handlers are called from several
    threads at once. A transport that lets one call through at a time makes the till wait for its turn.
    """

    def __init__(
        self,
        transport: Transport,
        module_url: str,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        on_call: CallHandler | None = None,
        on_error: ErrorHandler | None = None,
    ) -> None:
        """
        Args:
            transport: A synchronous transport, which carries the requests. It stays open when the relay is closed.
            module_url: URL of the module: what stands before the path of each request.
            host: Address to listen on, IPv4 or a name.
            port: Port to listen on; 0 selects a free one.
            on_call: Called before each request that is forwarded.
            on_error: Called for each request that got no response, and for each that was refused.

        Raises:
            OSError: it cannot listen, for example because the port is in use.
        """
        self._calls = 0
        self._counter_lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._on_call = on_call
        self._on_error = on_error
        self.transport = transport
        self.module_url = module_url.rstrip("/")
        self._server = _Server((host, port), self)

    @property
    def host(self) -> str:
        """The address that it listens on."""
        return str(self._server.server_address[0])

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        """The URL for the till, in place of the module's."""
        return f"http://{self.host}:{self.port}"

    @property
    def calls(self) -> int:
        """The number of requests that were forwarded."""
        return self._calls

    def start(self) -> None:
        """Serve in a thread until `close` is called.

        Raises:
            RuntimeError: it serves already, or is closed.
        """
        if self._thread is not None:
            raise RuntimeError("the relay was started before")
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_INTERVAL,), name="vision-ai-relay", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening, and close the till's connections. A call that the module is carrying out goes on there."""
        if self._thread is not None and self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self._server.close_connections()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def report_call(self, method: str, path: str) -> None:
        """Count a request that is forwarded. For the relay's own handlers."""
        with self._counter_lock:
            self._calls += 1
        if self._on_call is not None:
            self._on_call(method, path)

    def report_error(self, method: str, path: str, error: Exception) -> None:
        """Report a request without a response. For the relay's own handlers."""
        if self._on_error is not None:
            self._on_error(method, path, error)


class _Server(ThreadingHTTPServer):
    """Serves each connection of the till in a thread of its own."""

    allow_reuse_address = os.name == "posix"  # on Windows, two programs could then listen on one port
    daemon_threads = True
    block_on_close = False  # a till keeps its connection open

    def __init__(self, address: tuple[str, int], relay: Relay) -> None:
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()
        self.relay = relay
        super().__init__(address, RelayHandler)

    def server_bind(self) -> None:
        """Bind without asking DNS for this computer's name, as http.server does."""
        socketserver.TCPServer.server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._connections_lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._connections_lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """End all connections. Their threads close the sockets."""
        with self._connections_lock:
            connections = tuple(self._connections)
        for each in connections:
            with suppress(OSError):  # the till has closed it
                each.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a till that closes its connection between two calls."""
        if not isinstance(sys.exception(), OSError):
            logger.exception("the relay failed")
