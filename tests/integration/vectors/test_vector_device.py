"""Each vector for devices passes with the emulator, over a socket."""

from __future__ import annotations

from typing import Any

import pytest
from vector_device import Device
from vector_responses import find_device_differences

from vectors import load

VECTORS = [vector for vector in load() if "device" in vector["tests"]]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_the_device_passes_the_vector(vector: dict[str, Any], device: Device) -> None:
    assert find_device_differences(vector, device) == []
