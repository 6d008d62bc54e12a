"""Nothing of these tests may leave this computer."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from har_support import ROADS, Clients

from vision_ai_emulator import Emulator


@pytest.fixture(autouse=True)
def nothing_leaves_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISION_AI_URL", raising=False)

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if isinstance(address, tuple) and not ipaddress.ip_address(address[0]).is_loopback:
                raise AssertionError(f"a test tried to reach {address}")
            return original(self, address)

        return connect

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))


@pytest.fixture(params=["sync", "async"])
def clients(request: pytest.FixtureRequest) -> Iterator[Clients]:
    """Makes clients of either flavour; all are closed at the end."""
    made = Clients(request.param)
    yield made
    made.close()


@pytest.fixture
def emulator() -> Emulator:
    """A module with a banana on its pan, quick in everything that takes time."""
    return Emulator(pan="banana", backup_seconds=0.02, restore_seconds=0.02, reboot_seconds=0.05)


@pytest.fixture(params=ROADS)
def carrier(request: pytest.FixtureRequest, clients: Clients, emulator: Emulator) -> Iterator[Any]:
    """What carries requests to the emulator: inside the process, and over sockets."""
    if request.param == "in-process":
        yield emulator.transport()
        return
    with emulator.serve() as url:
        yield clients.carrier(request.param, url)
        clients.close()


@pytest.fixture
def har(tmp_path: Path) -> Path:
    """Where a recording goes."""
    return tmp_path / "day.har"
