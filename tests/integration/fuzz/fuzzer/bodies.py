"""Rules of the contract for request bodies that JSON Schema cannot express."""

from __future__ import annotations

from typing import Any

from . import contract


def violates_rules(operation: contract.Operation, body: object) -> bool:
    """Return whether a body is valid for its schema, but violates another rule.

    The rules are `x-sum-maximum` (an area must be within the picture) and equal values of aliases (A1:
    `item_id` must have the value of `id`).
    """
    if operation.body is None or not operation.contract.satisfies(operation.body, body):
        return False
    assert isinstance(body, dict)
    aliases = any(
        alias in body and name in body and body[alias] != body[name] for alias, name in _aliases(operation)
    )
    sums = any(
        sum(body[field] for field in each["fields"]) > each["maximum"]
        for each in operation.body.get("x-sum-maximum", ())
    )
    return aliases or sums


def is_valid(operation: contract.Operation, body: object) -> bool:
    """Return whether a JSON body is valid, including the rules beyond the schema. No body is valid too.

    A body that schemathesis generates as valid can be invalid: a link may pass a value of an invalid request.
    """
    if operation.body is None:
        return True
    return operation.contract.satisfies(operation.body, body) and not violates_rules(operation, body)


def is_valid_with_aliases(operation: contract.Operation, body: object) -> bool:
    """Return whether a body is valid after the replacement of deprecated aliases by their names (A1)."""
    if operation.body is None or not isinstance(body, dict):
        return False
    renamed = dict(body)
    for alias, name in _aliases(operation):
        if alias in body and name not in body:
            renamed[name] = body[alias]
    return is_valid(operation, renamed)


def _aliases(operation: contract.Operation) -> list[tuple[str, str]]:
    schema: dict[str, Any] = operation.body or {}
    return [
        (name, each["x-replaced-by"])
        for name, each in operation.contract.property_schemas(schema).items()
        if "x-replaced-by" in each
    ]
