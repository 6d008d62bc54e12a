"""Fixtures for recordings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from har_support import CONNECTION_KINDS, Clients

from vision_ai_emulator import Emulator, EmulatorTransport, serve


@pytest.fixture
def clients(flavor: str) -> Iterator[Clients]:
    """Makes clients of the flavor; all are closed at the end."""
    clients = Clients(flavor)
    yield clients
    clients.close()


@pytest.fixture
def emulator() -> Emulator:
    """A module with a banana on its pan. Its backups and restores advance with each poll, not with time."""
    return Emulator(pan="banana", store_id="store-11095", pace="polls", reboot_seconds=0.05)


@pytest.fixture(params=CONNECTION_KINDS)
def inner(request: pytest.FixtureRequest, clients: Clients, emulator: Emulator) -> Iterator[Any]:
    """The transport that a recorder wraps: to an emulator inside the process, or over a socket."""
    if request.param == "in-process":
        yield EmulatorTransport(emulator)
        return
    with serve(emulator) as url:
        yield clients.transport(request.param, url)
        clients.close()


@pytest.fixture
def backup(clients: Clients, emulator: Emulator, tmp_path: Path) -> Path:
    """A backup of the emulator to restore."""
    path = clients.to(EmulatorTransport(emulator)).backup(tmp_path, poll=0.01)
    return path.rename(tmp_path / "to-restore.evo")


@pytest.fixture
def har(tmp_path: Path) -> Path:
    """The path of a recording."""
    return tmp_path / "day.har"
