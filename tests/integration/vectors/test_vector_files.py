"""The files of the vectors are valid, agree with the contract, and cover all of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from vector_contract import OPERATIONS, find_contract_violations
from vector_coverage import COVERAGE

from vectors import FOLDER, GENERAL, SCHEMA, file_name, find_problems, list_files, load, read

VECTORS = load()


def test_the_schema_is_valid() -> None:
    Draft202012Validator.check_schema(read(SCHEMA))


@pytest.mark.parametrize("path", list_files(), ids=lambda path: path.name)
def test_a_file_is_valid_and_formatted(path: Path) -> None:
    assert find_problems(path, read(SCHEMA)) == []


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_a_vector_agrees_with_the_contract(vector: dict[str, Any]) -> None:
    assert find_contract_violations(vector) == []


@pytest.mark.parametrize("missing", COVERAGE, ids=lambda function: function.__name__)
def test_the_vectors_are_complete(missing: Callable[[list[dict[str, Any]]], set[Any]]) -> None:
    assert missing(VECTORS) == set()


def test_each_operation_has_a_file_and_there_are_no_others() -> None:
    names = {GENERAL, *map(file_name, OPERATIONS)}
    assert {path.name for path in FOLDER.iterdir()} == {
        "README.md",
        SCHEMA.name,
        *(f"{name}.json" for name in names),
    }
