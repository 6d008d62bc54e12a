"""The contract for the fuzzer: the codes of each operation, and the meaning of the codes."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from attrs import frozen
from jsonschema import Draft202012Validator

CONTRACT = Path(__file__).parents[4] / "openapi" / "dist" / "vision-ai.json"

UNKNOWN_COMMAND = -6117
REJECTED = {-6200, -6213}

Document = dict[str, Any]


@frozen
class Operation:
    """One operation of the contract."""

    label: str
    """Method and path as schemathesis writes them: `POST /api/get_result`."""
    effect: str
    deprecated: bool
    codes: frozenset[int]
    """The documented codes except 0, without the ranges."""
    ranges: tuple[range, ...]
    carries_data: bool | None
    """Whether a success has `data`; None if the response has no envelope."""
    body: Document | None
    """The schema of its JSON request body."""

    def documents(self, code: int) -> bool:
        """Return whether this code is documented for the operation."""
        return code == 0 or code in self.codes or any(code in each for each in self.ranges)


@cache
def document() -> Document:
    """Load the contract. All callers get the same object; use `copy_document` to change it."""
    return json.loads(CONTRACT.read_text(encoding="utf-8"))


@cache
def operations() -> dict[str, Operation]:
    """Return all operations by their labels."""
    raw = document()
    by_label: dict[str, Operation] = {}
    for path, methods in raw["paths"].items():
        for method, operation in methods.items():
            label = f"{method.upper()} {path}"
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            by_label[label] = Operation(
                label=label,
                effect=operation["x-effect"],
                deprecated=operation.get("deprecated", False),
                codes=frozenset(operation["x-error-codes"]),
                ranges=tuple(_range(name) for name in operation.get("x-error-ranges", ())),
                carries_data=_carries_data(operation),
                body=_resolve(body["schema"]) if body else None,
            )
    return by_label


def status_of(code: int) -> int:
    """Return the HTTP status that corresponds to a code. The module itself always sends 200."""
    if code == 0:
        return 200
    if code in REJECTED:
        return 422
    return 500 if _category(code) in ("internal", "engine") else 409


def satisfies(schema: Document, value: Any) -> bool:
    """Return whether a value is valid for a schema of the contract."""
    return Draft202012Validator({**schema, "components": document()["components"]}).is_valid(value)


def property_schemas(schema: Document) -> Document:
    """Return the properties of an object schema by name."""
    return _resolve(schema).get("properties", {})


def _range(name: str) -> range:
    for each in document()["x-error-ranges"]:
        if each["name"] == name:
            return range(each["from"], each["to"] + 1)
    raise ValueError(f"the contract has no range {name}")


@cache
def _category(code: int) -> str:
    raw = document()
    for each in raw["x-error-codes"]:
        if each["code"] == code:
            return each["category"]
    for each in raw["x-error-ranges"]:
        if each["from"] <= code <= each["to"]:
            return each["category"]
    return "unknown"


def _carries_data(operation: Document) -> bool | None:
    content = operation["responses"]["200"]["content"]
    data = _resolve(content["application/json"]["schema"])["properties"].get("data")
    if data is None:
        return None
    return {"$ref": "#/components/schemas/NoData"} not in data["anyOf"]


def _resolve(schema: Document) -> Document:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    return document()["components"]["schemas"][reference.rpartition("/")[2]]


def copy_document() -> Document:
    """Return a copy of the contract, which the caller may change."""
    return copy.deepcopy(document())
