"""Nothing of these tests may leave this computer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from har_support import ROADS, Clients

from vision_ai_emulator import Emulator, EmulatorTransport, serve


@pytest.fixture(autouse=True)
def only_this_computer(nothing_leaves_this_computer: None) -> None:
    """For every test of this folder."""


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
        yield EmulatorTransport(emulator)
        return
    with serve(emulator) as url:
        yield clients.carrier(request.param, url)
        clients.close()


@pytest.fixture
def har(tmp_path: Path) -> Path:
    """Where a recording goes."""
    return tmp_path / "day.har"
