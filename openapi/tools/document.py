"""Read the contract, walk through it, and write it as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard

from ruamel.yaml import YAML

CONTRACT = Path(__file__).resolve().parents[1] / "vision-ai.yaml"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Node = dict[str, Any]


def load(source: Path | str) -> Node:
    """Load a document from a file or from its text, in YAML or JSON."""
    yaml: Any = YAML(typ="safe")
    return yaml.load(source)


def as_json(node: object) -> str:
    return json.dumps(node, ensure_ascii=False, indent=2) + "\n"


def is_node(value: object) -> TypeGuard[Node]:
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def operations(document: Node) -> Iterator[tuple[str, str, Node]]:
    """Yield the path, method and operation of each operation, in the order of the document."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield path, method, operation


def reference_name(schema: Node) -> str:
    """Return `DeviceInfo` for `{"$ref": "#/components/schemas/DeviceInfo"}`, and "" for any other schema."""
    return schema.get("$ref", "").rpartition("/")[2]


def resolve(document: Node, schema: Node) -> Node:
    """Return the schema behind a `$ref`. A keyword beside the reference replaces the schema's own."""
    if "$ref" not in schema:
        return schema
    target = document["components"]["schemas"][reference_name(schema)]
    return {**resolve(document, target), **{key: value for key, value in schema.items() if key != "$ref"}}
