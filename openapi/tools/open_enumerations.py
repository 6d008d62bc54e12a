"""Enumerations that take any value, for generated clients, which refuse or change what they do not know.

Where a field's type is an enumeration it becomes a plain number or text. Its known values are told in the
description, which generators hand on, and in `x-extensible-enum`.
"""

from __future__ import annotations

from typing import Any

from document import Node, is_list, is_node, reference_name

# No field has this type, `code` being an open number: clients get its names, and no firmware can outgrow it.
CATALOGUE = "ErrorCode"


class UnnamedValueError(ValueError):
    """An enumeration that does not say what its values mean."""


def with_open_enumerations(document: Node) -> Node:
    schemas: Node = document["components"]["schemas"]
    opened = {
        name: _opened(name, schema)
        for name, schema in schemas.items()
        if "enum" in schema and name != CATALOGUE
    }
    result: Node = _without_references(document, opened)
    result["components"]["schemas"].update(opened)
    return result


def _opened(name: str, schema: Node) -> Node:
    values: list[Any] = schema["enum"]
    names: list[str] = schema.get("x-enum-varnames", [])
    meanings: list[str] = schema.get("x-enum-descriptions", [])
    if not len(values) == len(names) == len(meanings):
        raise UnnamedValueError(f"{name}: x-enum-varnames or x-enum-descriptions do not fit the values")
    kept = {key: value for key, value in schema.items() if key != "enum"}
    return {**kept, "description": _described(schema), "x-extensible-enum": values}


def _described(schema: Node) -> str:
    known = zip(schema["enum"], schema["x-enum-varnames"], schema["x-enum-descriptions"], strict=True)
    lines = [f"- `{value}` {name}: {meaning}" for value, name, meaning in known]
    return "\n".join((schema["description"].rstrip(), "", "Known values:", "", *lines)) + "\n"


def _without_references(node: Any, opened: Node) -> Any:
    """A copy in which the type itself stands for a reference to it.

    With one the generator for C++ takes the field for an object, and writes code that does not compile.
    """
    if is_list(node):
        return [_without_references(child, opened) for child in node]
    if not is_node(node):
        return node
    copied = {key: _without_references(child, opened) for key, child in node.items()}
    target = opened.get(reference_name(node)) if isinstance(node.get("$ref"), str) else None
    if target is None:
        return copied
    del copied["$ref"]
    described = "\n\n".join(
        each["description"].rstrip() for each in (copied, target) if "description" in each
    )
    return {**target, **copied, "description": described + "\n"}
