"""Every vector for devices, against the emulator, over a socket."""

from __future__ import annotations

from typing import Any

import pytest
from vector_answers import device_differences
from vector_device import Device

from vectors import load

VECTORS = [vector for vector in load() if "device" in vector["tests"]]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_a_device_answers_as_the_vector_says(vector: dict[str, Any], device: Device) -> None:
    assert device_differences(vector, device) == []
