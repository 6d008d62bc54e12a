"""Each vector for clients passes with both clients of the SDK, over a socket."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from vector_client import find_client_differences

from vectors import load

VECTORS = [vector for vector in load() if "client" in vector["tests"]]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_the_client_passes_the_vector(vector: dict[str, Any], flavor: str, tmp_path: Path) -> None:
    assert find_client_differences(vector, flavor, tmp_path) == []
