"""Make the modules of the benchmark importable."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))


@pytest.fixture(scope="session")
def compiler() -> None:
    """Skip a test where the server of the benchmark cannot be compiled."""
    if not any(map(shutil.which, ("cc", "gcc", "clang"))):
        pytest.skip("the server of the benchmark needs a C compiler")
