"""Find the parts of the contract that have no vector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vector_contract import DOCUMENT, OPERATIONS, bodies, catalog_entry, examples

from document import Node

Vectors = list[Node]

READINGS = {f"A{number}" for number in range(1, 29)}
BOTH = ["client", "device"]
STATUSES = {"getBackupStatus": "BackupState", "getRestoreStatus": "RestoreState"}


def operations_without_success(vectors: Vectors) -> set[str]:
    """Each operation needs a successful call for both clients and devices."""
    return set(OPERATIONS) - {
        vector["operation"]
        for vector in vectors
        if vector["tests"] == BOTH and not {"result", "bytes"}.isdisjoint(vector["expect"])
    }


def operations_without_error(vectors: Vectors) -> set[str]:
    return set(OPERATIONS) - {
        vector["operation"] for vector in vectors if "error" in vector.get("expect", {})
    }


def operations_without_invalid_argument(vectors: Vectors) -> set[str]:
    """Operations without arguments need none. A deprecated operation has the arguments of its replacement."""
    with_arguments = {
        name
        for name, (_, _, operation) in OPERATIONS.items()
        if "x-replaced-by" not in operation and not {"requestBody", "parameters"}.isdisjoint(operation)
    }
    return with_arguments - {
        vector["operation"] for vector in vectors if _error_of(vector).get("kind") == "input"
    }


def operations_without_core(vectors: Vectors) -> set[str]:
    """Each operation needs a successful call of the level that everybody starts with."""
    return set(OPERATIONS) - {
        vector["operation"]
        for vector in vectors
        if vector["level"] == "core" and not {"result", "bytes"}.isdisjoint(vector.get("expect", {}))
    }


def readings_without_vector(vectors: Vectors) -> set[str]:
    return READINGS - {reading for vector in vectors for reading in vector["readings"]}


def codes_without_vector(vectors: Vectors) -> set[int]:
    """Each code of the catalog needs a vector, and both ends of each range with their neighbors."""
    required = {entry["code"] for entry in DOCUMENT["x-error-codes"]}
    for span in DOCUMENT["x-error-ranges"]:
        required |= {span["from"] - 1, span["from"], span["to"], span["to"] + 1}
    return required - _codes(vectors)


def categories_without_vector(vectors: Vectors) -> set[str | None]:
    """None is the category of an unknown code."""
    entries = DOCUMENT["x-error-codes"] + DOCUMENT["x-error-ranges"]
    found = {catalog_entry(code)["category"] for code in _codes(vectors)}
    return {None, *(entry["category"] for entry in entries)} - found


def states_without_vector(vectors: Vectors) -> set[tuple[str, int | str]]:
    """Each status needs a vector for each known number, and two for unknown ones: over and in progress."""
    required: set[tuple[str, int | str]] = set()
    found: set[tuple[str, int | str]] = set()
    for operation, schema in STATUSES.items():
        listed = DOCUMENT["components"]["schemas"][schema]["enum"]
        required |= {(operation, number) for number in listed}
        required |= {(operation, "unlisted, over"), (operation, "unlisted, in progress")}
        for vector in vectors:
            if vector["operation"] == operation and "over" in vector.get("expect", {}):
                number = vector["expect"]["result"]["status"]
                unlisted = f"unlisted, {'over' if vector['expect']['over'] else 'in progress'}"
                found.add((operation, number if number in listed else unlisted))
    return required - found


def examples_without_vector(vectors: Vectors) -> set[str]:
    """Each JSON example of the contract needs a vector."""
    found = bodies(vectors)
    return {str(example) for example in examples() if example not in found}


def error_kinds_without_vector(vectors: Vectors) -> set[str]:
    return {"device", "invalid-answer", "lost", "input"} - {
        _error_of(vector)["kind"] for vector in vectors if _error_of(vector)
    }


COVERAGE: list[Callable[[Vectors], set[Any]]] = [
    operations_without_success,
    operations_without_error,
    operations_without_invalid_argument,
    operations_without_core,
    readings_without_vector,
    codes_without_vector,
    categories_without_vector,
    states_without_vector,
    examples_without_vector,
    error_kinds_without_vector,
]


def _error_of(vector: Node) -> Node:
    return vector.get("expect", {}).get("error", {})


def _codes(vectors: Vectors) -> set[int]:
    return {_error_of(vector)["code"] for vector in vectors if "code" in _error_of(vector)}
