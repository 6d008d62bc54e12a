"""The contract's tools are scripts beside it, not a package: their folder is put on the path here."""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "openapi" / "tools"))


@pytest.fixture(scope="session")
def loaded() -> dict[str, Any]:
    from document import CONTRACT, load

    return load(CONTRACT)


@pytest.fixture
def contract(loaded: dict[str, Any]) -> dict[str, Any]:
    """The contract as it is; each test may spoil its own copy."""
    return copy.deepcopy(loaded)


@pytest.fixture(scope="session")
def linters() -> None:
    """Redocly and Spectral, which need npm packages. CI installs them first, so that it never skips."""
    from node_tools import installed

    if not installed():
        pytest.skip("the contract's linters are not installed: make contract")
