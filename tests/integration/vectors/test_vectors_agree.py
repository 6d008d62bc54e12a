"""The vectors' files are in order, agree with the contract, and leave nothing of it out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from vector_agreement import OPERATIONS, disagreements
from vector_coverage import GAPS

from vectors import FOLDER, GENERAL, SCHEMA, file_name, files, findings, load, read

VECTORS = load()


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(read(SCHEMA))


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_a_file_is_in_order(path: Path) -> None:
    assert findings(path, read(SCHEMA)) == []


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_a_vector_agrees_with_the_contract(vector: dict[str, Any]) -> None:
    assert disagreements(vector) == []


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.__name__)
def test_nothing_is_left_out(gap: Callable[[list[dict[str, Any]]], set[Any]]) -> None:
    assert gap(VECTORS) == set()


def test_each_operation_has_a_file_and_nothing_else_lies_beside() -> None:
    wanted = {GENERAL, *map(file_name, OPERATIONS)}
    assert {path.name for path in FOLDER.iterdir()} == {
        "README.md",
        SCHEMA.name,
        *(f"{name}.json" for name in wanted),
    }
