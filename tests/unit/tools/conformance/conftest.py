from __future__ import annotations

import pytest
from conformance_support import SETTINGS

from vision_ai_emulator import Dialect, Emulator


@pytest.fixture(scope="session")
def session_emulator() -> Emulator:
    """One for all tests: the first picture of an emulator takes long."""
    return Emulator(settings=SETTINGS)


@pytest.fixture
def emulator(session_emulator: Emulator) -> Emulator:
    """A module in its initial state."""
    session_emulator.reset(settings=SETTINGS, dialect=Dialect())
    return session_emulator
