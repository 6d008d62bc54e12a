from __future__ import annotations

from collections.abc import Iterator

import pytest

from vision_ai_emulator import Emulator, serve

TAUGHT = {"001": ("Apple", "apple"), "002": ("Pear", "pear"), "003": ("Banana", "banana")}


@pytest.fixture
def emulator() -> Emulator:
    """A module that knows three products, with an empty pan."""
    emulator = Emulator(pan="empty", pace="immediate", reboot_seconds=0.2)
    for number, (name, kind) in TAUGHT.items():
        emulator.put(kind)
        emulator.device.register_item(number, name)
        emulator.device.commit_registered_item(number)
    emulator.clear()
    return emulator


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with serve(emulator) as url:
        yield url
