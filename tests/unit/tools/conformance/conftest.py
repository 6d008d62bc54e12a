from __future__ import annotations

import pytest
from conformance_support import make

from vision_ai_emulator import Emulator


@pytest.fixture(scope="module")
def lasting() -> Emulator:
    """One for all tests of a module, which give it a dialect: drawing what lies on the pan takes a while."""
    return make()
