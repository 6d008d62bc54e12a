"""What of the contract and of the readings no vector shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vector_agreement import DOCUMENT, OPERATIONS, catalogue_entry, examples, shown

from document import Node

Vectors = list[Node]

READINGS = {f"A{number}" for number in range(1, 17)}
BOTH = ["client", "device"]
STATUSES = {"getBackupStatus": "BackupState", "getRestoreStatus": "RestoreState"}


def operations_not_tested_in_both_directions(vectors: Vectors) -> set[str]:
    """With a call that goes well."""
    return set(OPERATIONS) - {
        vector["operation"]
        for vector in vectors
        if vector["tests"] == BOTH and not {"result", "bytes"}.isdisjoint(vector["expect"])
    }


def operations_that_never_fail(vectors: Vectors) -> set[str]:
    return set(OPERATIONS) - {
        vector["operation"] for vector in vectors if "error" in vector.get("expect", {})
    }


def operations_that_refuse_no_argument(vectors: Vectors) -> set[str]:
    """Among those that take any; the deprecated path has its operation's arguments."""
    taking = {
        name
        for name, (_, _, operation) in OPERATIONS.items()
        if "x-replaced-by" not in operation and not {"requestBody", "parameters"}.isdisjoint(operation)
    }
    return taking - {vector["operation"] for vector in vectors if _error_of(vector).get("kind") == "input"}


def readings_not_shown(vectors: Vectors) -> set[str]:
    return READINGS - {reading for vector in vectors for reading in vector["readings"]}


def codes_not_met(vectors: Vectors) -> set[int]:
    """The catalogue's, and the ends of each range with what lies beside them."""
    wanted = {entry["code"] for entry in DOCUMENT["x-error-codes"]}
    for span in DOCUMENT["x-error-ranges"]:
        wanted |= {span["from"] - 1, span["from"], span["to"], span["to"] + 1}
    return wanted - _codes_met(vectors)


def categories_not_met(vectors: Vectors) -> set[str | None]:
    """None is that of a code that nobody knows."""
    entries = DOCUMENT["x-error-codes"] + DOCUMENT["x-error-ranges"]
    met = {catalogue_entry(code)["category"] for code in _codes_met(vectors)}
    return {None, *(entry["category"] for entry in entries)} - met


def states_not_met(vectors: Vectors) -> set[tuple[str, int | str]]:
    """The listed numbers of both statuses; for each one not listed that goes on, and one that ends."""
    wanted: set[tuple[str, int | str]] = set()
    met: set[tuple[str, int | str]] = set()
    for operation, schema in STATUSES.items():
        listed = DOCUMENT["components"]["schemas"][schema]["enum"]
        wanted |= {(operation, number) for number in listed}
        wanted |= {(operation, "unlisted, over"), (operation, "unlisted, going on")}
        for vector in vectors:
            if vector["operation"] == operation and "over" in vector.get("expect", {}):
                number = vector["expect"]["result"]["status"]
                unlisted = f"unlisted, {'over' if vector['expect']['over'] else 'going on'}"
                met.add((operation, number if number in listed else unlisted))
    return wanted - met


def examples_not_shown(vectors: Vectors) -> set[str]:
    """The JSON examples in the contract."""
    there = shown(vectors)
    return {str(example) for example in examples() if example not in there}


def error_kinds_not_met(vectors: Vectors) -> set[str]:
    return {"device", "invalid-answer", "lost", "input"} - {
        _error_of(vector)["kind"] for vector in vectors if _error_of(vector)
    }


GAPS: list[Callable[[Vectors], set[Any]]] = [
    operations_not_tested_in_both_directions,
    operations_that_never_fail,
    operations_that_refuse_no_argument,
    readings_not_shown,
    codes_not_met,
    categories_not_met,
    states_not_met,
    examples_not_shown,
    error_kinds_not_met,
]


def _error_of(vector: Node) -> Node:
    return vector.get("expect", {}).get("error", {})


def _codes_met(vectors: Vectors) -> set[int]:
    return {_error_of(vector)["code"] for vector in vectors if "code" in _error_of(vector)}
