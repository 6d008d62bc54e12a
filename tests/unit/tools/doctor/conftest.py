from __future__ import annotations

import pytest

from vision_ai_emulator import Emulator


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()
