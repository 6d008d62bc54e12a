"""What the contract says of request bodies in words or extensions, which JSON Schema cannot say."""

from __future__ import annotations

from typing import Any

from . import contract


def contradicts_itself(operation: contract.Operation, body: object) -> bool:
    """Whether a body that conforms to its schema breaks a rule beyond it.

    Such rules are `x-sum-maximum` (an area that reaches out of the picture) and twins with different values
    (A1: where `item_id` is sent, it has the value of `id`).
    """
    if operation.body is None or not contract.satisfies(operation.body, body):
        return False
    assert isinstance(body, dict)
    twins = any(
        twin in body and name in body and body[twin] != body[name] for twin, name in _twins(operation.body)
    )
    sums = any(
        sum(body[field] for field in each["fields"]) > each["maximum"]
        for each in operation.body.get("x-sum-maximum", ())
    )
    return twins or sums


def is_good(operation: contract.Operation, body: object) -> bool:
    """Whether a JSON body conforms, to its schema and beyond; true where the operation takes none.

    What was meant to be good need not be: a link may have handed on a value of an earlier, bad request.
    """
    if operation.body is None:
        return True
    return contract.satisfies(operation.body, body) and not contradicts_itself(operation, body)


def is_meant_well(operation: contract.Operation, body: object) -> bool:
    """Whether a body conforms once a deprecated twin is taken for the name it stands for (A1)."""
    if operation.body is None or not isinstance(body, dict):
        return False
    renamed = dict(body)
    for twin, name in _twins(operation.body):
        if twin in body and name not in body:
            renamed[name] = body[twin]
    return is_good(operation, renamed)


def _twins(schema: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, each["x-replaced-by"])
        for name, each in contract.property_schemas(schema).items()
        if "x-replaced-by" in each
    ]
