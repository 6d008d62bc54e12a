"""Replace enumerations by types that allow any value: generated clients reject or change unknown values.

A field whose type is an enumeration gets a plain number or string instead. The known values are listed in its
description, which generators copy to the code, and in `x-extensible-enum`.
"""

from __future__ import annotations

from typing import Any

from document import Node, is_list, is_node, reference_name

CATALOG = "ErrorCode"
"""Stays an enumeration, so that generated clients have the names. No field has this type."""


class UnnamedValueError(ValueError):
    """An enumeration has values without a name or a description."""


def open_enumerations(document: Node) -> Node:
    """Return a copy of the document without closed enumerations, except the catalog of error codes."""
    schemas: Node = document["components"]["schemas"]
    opened = {
        name: _open(name, schema) for name, schema in schemas.items() if "enum" in schema and name != CATALOG
    }
    result: Node = _inline(document, opened)
    result["components"]["schemas"].update(opened)
    return result


def _open(name: str, schema: Node) -> Node:
    values: list[Any] = schema["enum"]
    names: list[str] = schema.get("x-enum-varnames", [])
    meanings: list[str] = schema.get("x-enum-descriptions", [])
    if not len(values) == len(names) == len(meanings):
        raise UnnamedValueError(f"{name}: x-enum-varnames or x-enum-descriptions do not match the values")
    kept = {key: value for key, value in schema.items() if key != "enum"}
    return {**kept, "description": _describe(schema), "x-extensible-enum": values}


def _describe(schema: Node) -> str:
    known = zip(schema["enum"], schema["x-enum-varnames"], schema["x-enum-descriptions"], strict=True)
    lines = [f"- `{value}` {name}: {meaning}" for value, name, meaning in known]
    return "\n".join((schema["description"].rstrip(), "", "Known values:", "", *lines)) + "\n"


def _inline(node: Any, opened: Node) -> Any:
    """Return a copy in which the opened types replace the references to them.

    The C++ generator treats each reference as an object and would write code that does not compile.
    """
    if is_list(node):
        return [_inline(child, opened) for child in node]
    if not is_node(node):
        return node
    copied = {key: _inline(child, opened) for key, child in node.items()}
    target = opened.get(reference_name(node)) if isinstance(node.get("$ref"), str) else None
    if target is None:
        return copied
    del copied["$ref"]
    description = "\n\n".join(
        each["description"].rstrip() for each in (copied, target) if "description" in each
    )
    return {**target, **copied, "description": description + "\n"}
