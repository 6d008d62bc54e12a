from __future__ import annotations

from collections.abc import Iterator

import pytest

from vision_ai_emulator import Emulator, serve


@pytest.fixture
def emulator() -> Emulator:
    """A module with an apple on its pan, quick in everything that takes time."""
    return Emulator(backup_seconds=0.05, restore_seconds=0.08, reboot_seconds=0.25)


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    """Where it is served, on 127.0.0.1."""
    with serve(emulator) as url:
        yield url
