"""The console on a socket."""

from __future__ import annotations

import secrets
import socket

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from vision_ai import AsyncVisionAI, InvalidInputError

from .app import Console
from .guard import Guard, is_loopback
from .shelf import Shelf

BACKLOG = 128
PATIENCE = 2
"""Seconds that tabs and downloads have left when the console ends."""


class ConsoleServer:
    """Listens from the beginning, serves in `run`.

    Raises OSError where the port is taken, InvalidInputError for a host or a port that cannot be.
    """

    def __init__(
        self,
        module: AsyncVisionAI,
        url: str,
        host: str,
        port: int,
        shelf: Shelf,
        *,
        ask_for_token: bool = False,
    ) -> None:
        """
        Args:
            module: The module's client; closed when `run` ends.
            url: Where it is, for people and for the doctor.
            host: The address to listen on. On any but this machine itself, who comes needs a token.
            port: 0 takes any free one.
            shelf: Where backups are kept.
            ask_for_token: Whether a token is needed on this machine too, which others may use as well.
        """
        self._host = host
        self._token = secrets.token_urlsafe(18) if ask_for_token or not is_loopback(host) else None
        console = Console(module, url, shelf)
        self._socket = _listening(host, port)
        self._port: int = self._socket.getsockname()[1]
        guard = Guard(console.app, host, self._port, self._token)
        self._server = uvicorn.Server(
            uvicorn.Config(
                guard,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws=WebSocketsSansIOProtocol,
                ws_max_size=64 * 1024,
                timeout_graceful_shutdown=PATIENCE,
            )
        )

    @property
    def url(self) -> str:
        """What to open in a browser, with the token where one is needed."""
        name = _own_address() if self._host in ("0.0.0.0", "::") else self._host
        address = f"[{name}]" if ":" in name else name
        token = f"?token={self._token}" if self._token else ""
        return f"http://{address}:{self._port}/{token}"

    def run(self) -> None:
        """Serve until a signal comes, or `stop` is called from another thread."""
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Have `run` end."""
        self._server.should_exit = True

    @property
    def started(self) -> bool:
        """Whether requests are answered already."""
        return self._server.started


def _listening(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise InvalidInputError(f"port must be 0 to 65535, not {port}")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise InvalidInputError(f"host must be an address of this machine, not {host!r}: {error}") from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _own_address() -> str:
    """This machine's address in its network, for people to type elsewhere; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address of documentation: which way would it go?
        except OSError:
            return "127.0.0.1"
        return probe.getsockname()[0]
