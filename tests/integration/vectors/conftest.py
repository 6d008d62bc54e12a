"""Fixtures of the wire vectors: both clients, and an emulator that is known only by its URLs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "openapi" / "tools"))

from vector_device import Device

from vision_ai_emulator import Emulator, serve


@pytest.fixture(params=["sync", "async"])
def flavor(request: pytest.FixtureRequest) -> str:
    """The synchronous or the asynchronous client."""
    return request.param


@pytest.fixture(scope="session")
def device() -> Iterator[Device]:
    emulator = Emulator()
    with serve(emulator) as url:
        control_url = emulator.server_info.control_url
        assert control_url is not None
        with Device(url, control_url) as device:
            yield device
