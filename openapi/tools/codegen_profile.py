"""Build the form of the contract for generators of clients.

Each change here fixes code that a generator wrote from the plain form: code that does not compile, requests that the
module cannot read, or clients that lose a whole response over one value.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from document import Node, is_list, is_node, operations, reference_name, resolve
from down_convert import to_30
from open_enumerations import open_enumerations

EMULATOR = "http://127.0.0.1:8172"
"""The default address of `make emulator`."""

SERVERS: list[Node] = [
    {
        "url": EMULATOR,
        "description": "The emulator on this computer. Give the client the address of a module instead.",
    }
]
"""The address of the emulator, without variables. Some generators write `{host}` into the client. Some tools send
requests to the first server of a document: they must not reach a module, which could lose its data."""

NEW_NAMES = {"Item": "Product"}
"""`Item` clashes with names of the C generator and of several standard libraries."""

# fmt: off
BOUNDS = frozenset((
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
    "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "x-sum-maximum",
))
VALUES = frozenset(("example", "examples", "enum", "const"))
# fmt: on
DEFAULT_CONTENT_TYPES = {"binary": "application/octet-stream", "object": "application/json"}
COMPONENTS = "#/components/"


class NameClashError(ValueError):
    """The profile would give a schema a name that another schema has."""


def build_codegen_profile(document: Node) -> Node:
    """Return the document for generators, in OpenAPI 3.0.3."""
    result = copy.deepcopy(open_enumerations(document))
    inline_forms(result)
    remove_bounds_of_responses(result)
    allow_all_fields_of_empty_objects(result)
    repeat_names_of_values(result)
    rename_schemas(result, NEW_NAMES)
    result["servers"] = SERVERS
    return to_30(result, codegen=True)


def inline_forms(document: Node) -> None:
    """Replace references to the schema of a multipart form by the schema, and leave out encodings that are the default.

    NSwag sends a form that is a reference without a boundary. ogen rejects `encoding`.
    """
    inlined: set[str] = set()
    for node in list(_walk({key: document[key] for key in ("paths", "components")})):
        for media_type, body in node["content"].items() if is_node(node.get("content")) else ():
            if not media_type.startswith("multipart/"):
                continue
            inlined.add(reference_name(body["schema"]))
            body["schema"] = copy.deepcopy(resolve(document, body["schema"]))
            _remove_default_encodings(body)
    used = {target for _, target in _references(document)}
    for name in inlined & document["components"]["schemas"].keys():
        if f"{COMPONENTS}schemas/{name}" not in used:
            del document["components"]["schemas"][name]


def _remove_default_encodings(body: Node) -> None:
    properties = body["schema"].get("properties", {})
    encoding = {
        name: each
        for name, each in body.pop("encoding", {}).items()
        if each != {"contentType": _default_content_type(properties.get(name, {}))}
    }
    if encoding:
        body["encoding"] = encoding


def _default_content_type(schema: Node) -> str:
    """Return the content type of a part of a form according to OpenAPI 3.0."""
    return DEFAULT_CONTENT_TYPES.get(schema.get("format") or schema.get("type", ""), "text/plain")


def remove_bounds_of_responses(document: Node) -> None:
    """Remove the bounds of everything that a response contains: generated clients reject a response over one value.

    Bounds of requests stay. A schema with bounds that requests use too is split: responses get a copy without bounds.
    """
    responses = [operation["responses"] for _, _, operation in operations(document)]
    in_requests = _reachable(document, [_request_of(document)])
    in_responses = _reachable(document, responses)
    copied = {target for target in in_requests & in_responses if _has_bounds(document, target)}
    new_targets = {target: _new_name(document, target) for target in sorted(copied)}
    for target, new_target in new_targets.items():
        section, name = _split(new_target)
        document["components"][section][name] = copy.deepcopy(_find(document, target))
    only_in_responses = [
        _find(document, new_targets.get(target, target))
        for target in sorted(in_responses)
        if target not in in_requests or target in new_targets
    ]
    for node in (*responses, *only_in_responses):
        for schema in _walk(node):
            for keyword in BOUNDS & schema.keys():
                del schema[keyword]
        _replace_references(node, new_targets)


def _request_of(document: Node) -> Node:
    """Return everything under `paths` except the responses."""
    return {
        path: {
            key: {name: each for name, each in value.items() if name != "responses"}
            if is_node(value)
            else value
            for key, value in item.items()
        }
        for path, item in document["paths"].items()
    }


def _has_bounds(document: Node, target: str) -> bool:
    """Return whether a component or anything that it refers to has bounds."""
    nodes = [_find(document, each) for each in {target, *_reachable(document, [_find(document, target)])}]
    return any(BOUNDS & schema.keys() for node in nodes for schema in _walk(node))


def _new_name(document: Node, target: str) -> str:
    section, name = _split(target)
    if f"{name}Answer" in document["components"][section]:
        raise NameClashError(f"{name} is in requests and in responses, and {name}Answer exists")
    return f"{COMPONENTS}{section}/{name}Answer"


def allow_all_fields_of_empty_objects(document: Node) -> None:
    """State that an object without properties may have any: ogen and others generate nothing for it otherwise."""
    for schema in _walk({key: document[key] for key in ("paths", "components")}):
        if schema.get("type") == "object" and not schema.keys() & {
            "properties",
            "additionalProperties",
            "allOf",
        }:
            schema["additionalProperties"] = True


def repeat_names_of_values(document: Node) -> None:
    """Write the names of enumerations for NSwag too, which has its own extension for them."""
    for schema in _walk(document["components"]):
        if "enum" in schema and "x-enum-varnames" in schema:
            schema["x-enumNames"] = schema["x-enum-varnames"]


def rename_schemas(document: Node, new_names: dict[str, str]) -> None:
    schemas: Node = document["components"]["schemas"]
    renamed = {old: new for old, new in new_names.items() if old in schemas}
    for new in renamed.values():
        if new in schemas:
            raise NameClashError(f"{new} exists")
    document["components"]["schemas"] = {renamed.get(name, name): schema for name, schema in schemas.items()}
    prefix = f"{COMPONENTS}schemas/"
    _replace_references(document, {prefix + old: prefix + new for old, new in renamed.items()})


def _reachable(document: Node, nodes: list[Any]) -> set[str]:
    """Return the components that the nodes refer to, directly and through others."""
    found: set[str] = set()
    remaining = list(nodes)
    while remaining:
        for _, target in _references(remaining.pop()):
            if target not in found:
                found.add(target)
                remaining.append(_find(document, target))
    return found


def _references(node: Any) -> Iterator[tuple[Node, str]]:
    """Yield each node with a `$ref`, and its target."""
    for each in _walk(node):
        if isinstance(each.get("$ref"), str):
            yield each, each["$ref"]


def _replace_references(node: Any, new_targets: dict[str, str]) -> None:
    for each, target in list(_references(node)):
        each["$ref"] = new_targets.get(target, target)


def _split(target: str) -> tuple[str, str]:
    section, _, name = target.removeprefix(COMPONENTS).partition("/")
    return section, name


def _find(document: Node, target: str) -> Node:
    section, name = _split(target)
    return document["components"][section][name]


def _walk(node: Any) -> Iterator[Node]:
    """Yield all objects of a node, except values, such as examples. Only schemas have the keywords of schemas."""
    if is_list(node):
        for child in node:
            yield from _walk(child)
    elif is_node(node):
        yield node
        for key, child in node.items():
            if key == "properties":
                for schema in child.values():
                    yield from _walk(schema)
            elif key not in VALUES and not key.startswith("x-"):
                yield from _walk(child)
