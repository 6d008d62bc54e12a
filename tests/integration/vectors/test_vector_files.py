"""The files of the vectors are valid, agree with the contract, and cover all of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from vector_contract import OPERATIONS, find_contract_violations
from vector_coverage import COVERAGE, Check

from vectors import (
    FOLDER,
    FOLDERS,
    GENERAL,
    SCHEMA,
    api_of,
    file_name,
    find_problems,
    list_files,
    load,
    read,
)

VECTORS = load()


def test_the_schema_is_valid() -> None:
    Draft202012Validator.check_schema(read(SCHEMA))


@pytest.mark.parametrize("path", list_files(), ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_file_is_valid_and_formatted(path: Path) -> None:
    assert find_problems(path, read(SCHEMA)) == []


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_a_vector_agrees_with_the_contract(vector: dict[str, Any]) -> None:
    assert find_contract_violations(vector) == []


@pytest.mark.parametrize(
    ("missing", "api"), COVERAGE, ids=[f"{check.__name__}-{api}" for check, api in COVERAGE]
)
def test_the_vectors_are_complete(missing: Check, api: str) -> None:
    assert missing([vector for vector in VECTORS if api_of(vector) == api], api) == set()


@pytest.mark.parametrize("api", FOLDERS)
def test_each_operation_has_a_file_and_there_are_no_others(api: str) -> None:
    names = {GENERAL, *map(file_name, OPERATIONS[api])}
    others = {"README.md", SCHEMA.name, "v2"} if api == "v1" else set[str]()
    assert {path.name for path in FOLDERS[api].iterdir()} == {*others, *(f"{name}.json" for name in names)}


def test_the_vectors_of_both_versions_are_loaded() -> None:
    assert {api_of(vector) for vector in VECTORS} == set(FOLDERS)
    assert len({vector["id"] for vector in VECTORS}) == len(VECTORS)
