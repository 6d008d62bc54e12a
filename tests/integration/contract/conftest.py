"""Put the folders of the contract's tools and of the new firmware on the path: they are not packages."""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "openapi" / "tools"), str(ROOT / "tests" / "unit" / "codegen")]


@pytest.fixture(scope="session")
def loaded() -> dict[str, dict[str, Any]]:
    from document import CONTRACT, CONTRACT_V2, load

    return {path.stem: load(path) for path in (CONTRACT, CONTRACT_V2)}


@pytest.fixture
def documents(loaded: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The documents of both versions of the API by the names of their files; copies, which the test may change."""
    return copy.deepcopy(loaded)


@pytest.fixture
def contract(documents: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The document of V1."""
    return documents["vision-ai"]


@pytest.fixture(scope="session")
def linters() -> None:
    """Skip the test if Redocly and Spectral are not installed. CI installs them first."""
    from linters import is_installed

    if not is_installed():
        pytest.skip("the linters are not installed; run `make contract`")
