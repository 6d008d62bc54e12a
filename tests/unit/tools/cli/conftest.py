from __future__ import annotations

from collections.abc import Iterator

import pytest

from vision_ai_emulator import Emulator, Settings, serve

SETTINGS = Settings(backup_seconds=0.05, restore_seconds=0.08, reboot_seconds=0.5)


@pytest.fixture(scope="session")
def shared_emulator() -> Emulator:
    """One for all tests: the first picture of an emulator takes long."""
    return Emulator(settings=SETTINGS)


@pytest.fixture(scope="session")
def shared_url(shared_emulator: Emulator) -> Iterator[str]:
    with serve(shared_emulator) as url:
        yield url


@pytest.fixture
def emulator(shared_emulator: Emulator) -> Emulator:
    """A module with an apple on its pan and short jobs."""
    shared_emulator.reset(settings=SETTINGS)
    return shared_emulator


@pytest.fixture
def url(emulator: Emulator, shared_url: str) -> str:
    """Its URL on 127.0.0.1."""
    return shared_url


@pytest.fixture(scope="module")
def v2() -> Emulator:
    """A module that speaks V2, one for the tests of a file."""
    return Emulator(settings=Settings(api="v2"))


@pytest.fixture(scope="module")
def v2_url(v2: Emulator) -> Iterator[str]:
    """Its URL on 127.0.0.1."""
    with serve(v2) as url:
        yield url
