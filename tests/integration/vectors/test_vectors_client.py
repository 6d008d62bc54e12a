"""Every vector for clients, against both of the SDK's, over a socket."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from vector_callers import client_differences

from vectors import load

VECTORS = [vector for vector in load() if "client" in vector["tests"]]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_a_client_sends_and_understands_what_the_vector_says(
    vector: dict[str, Any], flavour: str, tmp_path: Path
) -> None:
    assert client_differences(vector, flavour, tmp_path) == []
