"""Serve the page on a socket, in the event loop of the program that runs the center."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Collection, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from vision_ai_tools.console.access import is_loopback
from vision_ai_tools.console.connection import WEB_SOCKETS, WaitingConnections, make_connection_class
from vision_ai_tools.console.server import open_listener

from .access import RoleAccess, Tokens
from .app import FleetPage

BACKLOG = 128
SHUTDOWN_TIMEOUT = 2
"""Seconds that tabs have to finish when the page ends."""
READY_INTERVAL = 0.01


@dataclass(frozen=True, slots=True)
class PageSettings:
    """How the page is served.

    Args:
        host: Address to listen on. Clients need a token unless it is a loopback address.
        port: Port; 0 selects a free one.
        certificate: PEM file with the certificate; None: HTTP without TLS.
        key: PEM file with its key.
        read_only: Nobody can change anything on the page.
        console_changes: Whether an operator may change a module on the console of a scale, where its agent permits it.
        tokens: Those of an earlier run, so that people stay signed in; None: new ones where they are needed.
        names: More names of this computer, as people type them.
        routes: Requests that need no token, such as the enrolment of scales.
    """

    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None
    read_only: bool = False
    console_changes: bool = False
    tokens: Tokens | None = field(default=None, repr=False)
    names: Collection[str] = ()
    routes: Sequence[BaseRoute] = ()


@dataclass(frozen=True, slots=True)
class PageAddress:
    """Where the page is. The URLs contain the tokens."""

    base: str
    tokens: Tokens | None = field(repr=False)

    @property
    def operator_url(self) -> str:
        return f"{self.base}?token={self.tokens.operator}" if self.tokens else self.base

    @property
    def viewer_url(self) -> str:
        return f"{self.base}?token={self.tokens.viewer}" if self.tokens else self.base


@asynccontextmanager
async def serve_page(page: FleetPage, settings: PageSettings | None = None) -> AsyncGenerator[PageAddress]:
    """Serve the page inside an `async with` block.

    Raises:
        OSError: the port is in use, or the certificate cannot be read.
        InvalidInputError: host or port are not valid.
    """
    settings = settings or PageSettings()
    tokens = settings.tokens or (None if is_loopback(settings.host) else Tokens())
    listener = open_listener(settings.host, settings.port, BACKLOG)
    port: int = listener.getsockname()[1]
    names = frozenset(name.lower() for name in settings.names)
    access = RoleAccess(page.app, settings.host, port, tokens, read_only=settings.read_only, host_names=names)
    try:
        server = _make_server(_OpenRoutes(access, settings.routes), settings)
        async with page.running():
            task = asyncio.create_task(server.serve(sockets=[listener]))
            try:
                while not server.started and not task.done():
                    await asyncio.sleep(READY_INTERVAL)
                yield PageAddress(_make_url(settings, port), tokens)
            finally:
                server.should_exit = True
                await task
    finally:
        listener.close()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals to the program that runs the center."""
        yield


class _OpenRoutes:
    """ASGI application that serves some routes to everybody, and the rest through `app`."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self._app = app
        self._routes = routes
        self._open = Starlette(routes=list(routes))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open = scope["type"] == "http" and any(
            each.matches(scope)[0] is not Match.NONE for each in self._routes
        )
        await (self._open if is_open else self._app)(scope, receive, send)


def _make_server(app: ASGIApp, settings: PageSettings) -> uvicorn.Server:
    return _Server(
        uvicorn.Config(
            app,
            backlog=BACKLOG,
            lifespan="off",
            http=make_connection_class(WaitingConnections()),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws=WEB_SOCKETS,
            ws_max_size=64 * 1024,
            timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
            ssl_certfile=settings.certificate,
            ssl_keyfile=settings.key,
        )
    )


def _make_url(settings: PageSettings, port: int) -> str:
    name = next(iter(settings.names), settings.host)
    if name in ("0.0.0.0", "::"):
        name = socket.gethostname()
    address = f"[{name}]" if ":" in name else name
    return f"{'https' if settings.certificate else 'http'}://{address}:{port}/"
