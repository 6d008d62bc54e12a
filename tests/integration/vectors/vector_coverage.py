"""Find the parts of the contract that have no vector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vector_contract import DOCUMENTS, OPERATIONS, bodies, catalog_entry, examples

from document import Node

Vectors = list[Node]
"""The vectors of one version of the API."""

READINGS = {
    "v1": {f"A{number}" for number in range(1, 29)},
    "v2": {f"B{number}" for number in range(1, 6)},
}
BOTH = ["client", "device"]
STATUSES = {"getBackupStatus": "BackupState", "getRestoreStatus": "RestoreState"}


def operations_without_success(vectors: Vectors, api: str) -> set[str]:
    """Each operation needs a successful call for both clients and devices."""
    return set(OPERATIONS[api]) - {
        vector["operation"]
        for vector in vectors
        if vector["tests"] == BOTH and not {"result", "bytes"}.isdisjoint(vector["expect"])
    }


def operations_without_error(vectors: Vectors, api: str) -> set[str]:
    return set(OPERATIONS[api]) - {
        vector["operation"] for vector in vectors if "error" in vector.get("expect", {})
    }


def operations_without_invalid_argument(vectors: Vectors, api: str) -> set[str]:
    """Operations without arguments need none. A deprecated operation has the arguments of its replacement."""
    with_arguments = {
        name
        for name, (_, _, operation) in OPERATIONS[api].items()
        if "x-replaced-by" not in operation and not {"requestBody", "parameters"}.isdisjoint(operation)
    }
    return with_arguments - {
        vector["operation"] for vector in vectors if _error_of(vector).get("kind") == "input"
    }


def operations_without_core(vectors: Vectors, api: str) -> set[str]:
    """Each operation needs a successful call of the level that everybody starts with."""
    return set(OPERATIONS[api]) - {
        vector["operation"]
        for vector in vectors
        if vector["level"] == "core" and not {"result", "bytes"}.isdisjoint(vector.get("expect", {}))
    }


def readings_without_vector(vectors: Vectors, api: str) -> set[str]:
    return READINGS[api] - {reading for vector in vectors for reading in vector["readings"]}


def codes_without_vector(vectors: Vectors, api: str) -> set[int]:
    """Each code of the catalog needs a vector, and both ends of each range with their neighbors."""
    required = {entry["code"] for entry in DOCUMENTS[api]["x-error-codes"]}
    for span in DOCUMENTS[api]["x-error-ranges"]:
        required |= {span["from"] - 1, span["from"], span["to"], span["to"] + 1}
    return required - _codes(vectors)


def codes_of_operations_without_vector(vectors: Vectors, api: str) -> set[tuple[str, int | str]]:
    """Each code that an operation documents needs a vector of this operation; a range needs one of its codes."""
    required: set[tuple[str, int | str]] = set()
    for name, (_, _, operation) in OPERATIONS[api].items():
        documented = [*operation["x-error-codes"], *operation.get("x-error-ranges", ())]
        required |= {(name, code) for code in documented}
    found = {
        (vector["operation"], code)
        for vector in vectors
        if "code" in _error_of(vector)
        for code in (_error_of(vector)["code"], _error_of(vector)["name"])
    }
    return required - found


def categories_without_vector(vectors: Vectors, api: str) -> set[str | None]:
    """None is the category of an unknown code."""
    entries = DOCUMENTS[api]["x-error-codes"] + DOCUMENTS[api]["x-error-ranges"]
    found = {catalog_entry(code)["category"] for code in _codes(vectors)}
    return {None, *(entry["category"] for entry in entries)} - found


def states_without_vector(vectors: Vectors, api: str) -> set[tuple[str, int | str]]:
    """Each status needs a vector for each known number, and two for unknown ones: over and in progress."""
    required: set[tuple[str, int | str]] = set()
    found: set[tuple[str, int | str]] = set()
    for operation, schema in STATUSES.items():
        listed = DOCUMENTS[api]["components"]["schemas"][schema]["enum"]
        required |= {(operation, number) for number in listed}
        required |= {(operation, "unlisted, over"), (operation, "unlisted, in progress")}
        for vector in vectors:
            if vector["operation"] == operation and "over" in vector.get("expect", {}):
                number = vector["expect"]["result"]["status"]
                unlisted = f"unlisted, {'over' if vector['expect']['over'] else 'in progress'}"
                found.add((operation, number if number in listed else unlisted))
    return required - found


def examples_without_vector(vectors: Vectors, api: str) -> set[str]:
    """Each JSON example of the contract needs a vector."""
    found = bodies(vectors)
    return {str(example) for example in examples(api) if example not in found}


def error_kinds_without_vector(vectors: Vectors, api: str) -> set[str]:
    return {"device", "invalid-answer", "lost", "input"} - {
        _error_of(vector)["kind"] for vector in vectors if _error_of(vector)
    }


Check = Callable[[Vectors, str], set[Any]]

_OF_BOTH: tuple[Check, ...] = (
    operations_without_success,
    operations_without_error,
    operations_without_invalid_argument,
    operations_without_core,
    readings_without_vector,
    examples_without_vector,
    error_kinds_without_vector,
)
_OF_V1: tuple[Check, ...] = (codes_without_vector, categories_without_vector, states_without_vector)
"""The vectors of V1 have the whole catalog, which V2 shares."""
COVERAGE: list[tuple[Check, str]] = [
    *((check, api) for api in OPERATIONS for check in _OF_BOTH),
    *((check, "v1") for check in _OF_V1),
    (codes_of_operations_without_vector, "v2"),
]
"""What must be complete, and in which version of the API."""


def _error_of(vector: Node) -> Node:
    return vector.get("expect", {}).get("error", {})


def _codes(vectors: Vectors) -> set[int]:
    return {_error_of(vector)["code"] for vector in vectors if "code" in _error_of(vector)}
