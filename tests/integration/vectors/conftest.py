"""What the tests of the wire vectors share: both clients, and an emulator reached by its URLs only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "openapi" / "tools"))

from vector_device import Device

from vision_ai_emulator import Emulator, serve


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    """Which of the two clients."""
    return request.param


@pytest.fixture(scope="session")
def device() -> Iterator[Device]:
    emulator = Emulator()
    with serve(emulator) as url:
        control_url = emulator.server_info.control_url
        assert control_url is not None
        with Device(url, control_url) as device:
            yield device
