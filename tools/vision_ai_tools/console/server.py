"""Serve the console on a socket."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

import uvicorn

from vision_ai import AsyncVisionAI, InvalidInputError

from .access import AccessControl, is_loopback
from .app import Console
from .backup_store import BackupStore
from .connection import WEB_SOCKETS, WaitingConnections, make_connection_class

BACKLOG = 32
"""Connections that wait to be accepted. All of them are accepted at once, before any is closed again."""
EXCLUSIVE_ADDRESS: int = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
"""On Windows, SO_REUSEADDR would let two programs listen on one port."""
SHUTDOWN_TIMEOUT = 2
"""Seconds that tabs and downloads have to finish when the console stops."""


class ConsoleServer:
    """Listens as soon as it is created; `run` serves.

    Raises OSError if it cannot listen, for example because the port is in use, and InvalidInputError for an
    invalid host or port.
    """

    def __init__(
        self,
        module: AsyncVisionAI,
        url: str,
        host: str,
        port: int,
        store: BackupStore,
        *,
        journal: Path | None = None,
        require_token: bool = False,
        read_only: bool = False,
    ) -> None:
        """
        Args:
            module: Client of the module. It is closed when `run` returns.
            url: URL of the module, for the page and the doctor.
            host: Address to listen on. Clients need a token unless it is a loopback address.
            port: Port to listen on; 0 selects a free one.
            store: Where backups are stored.
            journal: The file that the client keeps its journal in, for the view Quality; None without one.
            require_token: Also require a token on a loopback address, which other users of this computer can
                reach.
            read_only: Refuse every action that changes the module or a file, and every job.
        """
        self._host = host
        self._token = secrets.token_urlsafe(18) if require_token or not is_loopback(host) else None
        console = Console(module, url, store, journal, read_only=read_only)
        self._socket = open_listener(host, port)
        self._port: int = self._socket.getsockname()[1]
        app = AccessControl(console.app, host, self._port, self._token)
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                backlog=BACKLOG,
                http=make_connection_class(WaitingConnections()),
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws=WEB_SOCKETS,
                ws_max_size=64 * 1024,
                timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
            )
        )

    @property
    def url(self) -> str:
        """The URL to open in a browser, with the token where one is required."""
        name = _find_own_address() if self._host in ("0.0.0.0", "::") else self._host
        address = f"[{name}]" if ":" in name else name
        token = f"?token={self._token}" if self._token else ""
        return f"http://{address}:{self._port}/{token}"

    def run(self) -> None:
        """Serve until a signal arrives, or until another thread calls `stop`."""
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Make `run` return."""
        self._server.should_exit = True


def open_listener(host: str, port: int, backlog: int = BACKLOG) -> socket.socket:
    """Return a socket that listens.

    Raises:
        InvalidInputError: the host or the port is not possible.
        OSError: another program has the port.
    """
    if not 0 <= port <= 65535:
        raise InvalidInputError(f"port must be 0 to 65535, not {port}")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise InvalidInputError(f"host must be an address of this machine, not {host!r}: {error}") from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, EXCLUSIVE_ADDRESS, 1)
        listener.bind(address)
        listener.listen(backlog)
    except OSError:
        listener.close()
        raise
    return listener


def _find_own_address() -> str:
    """Find this computer's address in its network. Connecting a UDP socket selects it without sending."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # reserved for documentation (RFC 5737)
        except OSError:
            return "127.0.0.1"
        return probe.getsockname()[0]
