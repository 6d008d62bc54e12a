"""A real nats-server for the tests of one module, on 127.0.0.1."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from vision_ai_fleet.connection import Connection, connect
from vision_ai_fleet.credentials import Credentials
from vision_ai_fleet.engine.server import Server
from vision_ai_fleet.engine.server_config import ServerSettings
from vision_ai_fleet.engine.streams import add_scales, make_streams
from vision_ai_fleet.engine.trust import Trust
from vision_ai_fleet.names import ScaleId


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Center:
    """A server with its keys."""

    server: Server
    trust: Trust

    @property
    def operator(self) -> Credentials:
        return self.trust.make_credentials("operator", "test", server=self.server.url)

    def enrol(self, text: str) -> Credentials:
        """Make a scale's credentials. Its queue is made by `open(…)`."""
        scale = ScaleId.parse(text)
        return self.trust.make_credentials("scale", str(scale), server=self.server.url, scale=scale)

    @asynccontextmanager
    async def open(self, *scales: str) -> AsyncGenerator[Connection]:
        """Connect as an operator, with everything durable made for these scales."""
        async with connect(self.operator) as connection:
            await make_streams(connection)
            await add_scales(connection, map(ScaleId.parse, scales))
            yield connection


@pytest.fixture
def center(tmp_path: Path) -> Iterator[Center]:
    """A center of its own for one test."""
    settings = ServerSettings(tmp_path / "engine", port=find_free_port(), sync="2m")
    trust = Trust.create()
    server = Server(settings, trust)
    server.start()
    try:
        yield Center(server, trust)
    finally:
        server.stop()


@pytest.fixture
def run() -> Callable[..., Any]:
    """Run a coroutine with a limit (seconds) that no test should reach, not even on a busy computer."""

    def run_with_limit(coroutine: Coroutine[Any, Any, Any], limit: float = 60.0) -> Any:
        return asyncio.run(asyncio.wait_for(coroutine, limit))

    return run_with_limit
