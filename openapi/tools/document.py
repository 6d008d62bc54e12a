"""Read the contract, walk through it, and write it as JSON.

The contract has one document for each version of the module's API, and `common.yaml` with what they share. Everything
here works on a bundled document, which has no references to other files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeGuard

from ruamel.yaml import YAML

CONTRACT = Path(__file__).resolve().parents[1] / "vision-ai.yaml"
CONTRACT_V2 = CONTRACT.with_name("vision-ai-v2.yaml")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Node = dict[str, Any]


def load(path: Path) -> Node:
    """Load a document from a file, in YAML or JSON, with the parts that it refers to in other files of its folder."""
    return bundle(path.name, lambda name: (path.parent / name).read_text(encoding="utf-8"))


def bundle(name: str, read: Callable[[str], str]) -> Node:
    """Load a document, with the parts that it refers to in other files.

    Schemas of other files become schemas of the document, all other parts take the place of their references.

    Args:
        name: The name of the document's file.
        read: Returns the text of a file.
    """
    return _Bundler(name, read).document


class _Bundler:
    def __init__(self, name: str, read: Callable[[str], str]) -> None:
        self._read = read
        self._files: dict[str, Node] = {}
        self._main = name
        source = self._load(name)
        schemas: Node = source.get("components", {}).get("schemas", {})
        self._own = frozenset(key for key, schema in schemas.items() if "$ref" not in schema)
        self._shared: dict[str, tuple[str, Node]] = {}
        """The schemas of other files, with the names of these files."""
        self.document: Node = self._copy(source, name)
        self.document.get("components", {}).get("schemas", {}).update(
            {key: schema for key, (_, schema) in self._shared.items()}
        )

    def _load(self, file: str) -> Node:
        if file not in self._files:
            yaml: Any = YAML(typ="safe")
            self._files[file] = yaml.load(self._read(file))
        return self._files[file]

    def _copy(self, node: Any, file: str) -> Any:
        if is_list(node):
            return [self._copy(child, file) for child in node]
        if not is_node(node):
            return node
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return {key: self._copy(child, file) for key, child in node.items()}
        source, _, pointer = reference.partition("#")
        source = source or file
        if source == self._main:
            return dict(node)
        beside = {key: self._copy(child, file) for key, child in node.items() if key != "$ref"}
        parts = pointer.strip("/").split("/")
        if parts[:2] == ["components", "schemas"]:
            self._share_schema(parts[2], source)
            return {"$ref": f"#{pointer}", **beside}
        target: Any = self._load(source)
        for part in parts:
            target = target[part]
        copied = self._copy(target, source)
        return {**copied, **beside} if beside else copied

    def _share_schema(self, name: str, file: str) -> None:
        known = self._main if name in self._own else self._shared.get(name, (file,))[0]
        if known != file:
            raise ValueError(f"{known} and {file} both have a schema {name}")
        if name not in self._shared:
            self._shared[name] = file, {}  # a schema may refer to itself
            self._shared[name] = file, self._copy(self._load(file)["components"]["schemas"][name], file)


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
