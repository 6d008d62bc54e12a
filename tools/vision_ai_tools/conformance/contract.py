"""The contract that a module is checked against, and what it says about the JSON of a response."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, cast

from attrs import frozen
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from vision_ai_generated.operation import Version

from .operations import list_operations

PACKAGED: Mapping[Version, str] = {"v1": "contract.json", "v2": "contract-v2.json"}
IN_THE_TREE: Mapping[Version, str] = {"v1": "vision-ai.json", "v2": "vision-ai-v2.json"}
"""Files of `openapi/dist`."""
JSON = "application/json"

_ROOT = "contract:"

DepartureKind = Literal[
    "unknown_field",
    "missing_field",
    "wrong_type",
    "unknown_value",
    "out_of_range",
    "unknown_code",
    "http_status",
    "content_type",
    "not_json",
    "not_understood",
]


@frozen
class Departure:
    """One difference between a response and the contract."""

    kind: DepartureKind
    where: str
    """The path in the response's JSON, for example `data.items[*].score`; empty for the whole response."""
    found: str


@cache
def load_contract(version: Version) -> Mapping[str, Any]:
    """Load the OpenAPI document of a version: from this package in a wheel, else from the source tree."""
    packaged = resources.files(__package__ or "").joinpath(PACKAGED[version])
    if packaged.is_file():
        return cast("Mapping[str, Any]", json.loads(packaged.read_text(encoding="utf-8")))
    tree = Path(__file__).parents[3] / "openapi" / "dist" / IN_THE_TREE[version]
    return cast("Mapping[str, Any]", json.loads(tree.read_text(encoding="utf-8")))


def get_contract_version(version: Version) -> str:
    """Return the version of a contract."""
    return cast(str, load_contract(version)["info"]["version"])


def find_departures(version: Version, operation: str, response: object) -> list[Departure]:
    """Return every difference between a response's JSON and its schema, in both directions."""
    errors = cast("Iterator[ValidationError]", _make_validator(version, operation).iter_errors(response))
    return [departure for error in errors for departure in _to_departures(error)]


def get_schema(version: Version, operation: str) -> Mapping[str, Any]:
    """Return the schema of an operation's JSON response."""
    form = list_operations(version)[operation]
    path = load_contract(version)["paths"][form.path][form.method.lower()]
    return cast("Mapping[str, Any]", path["responses"]["200"]["content"][JSON]["schema"])


def resolve_schema(version: Version, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema behind a reference, and that of a value that may be null."""
    while True:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            schema = load_contract(version)["components"]["schemas"][name]
        elif "anyOf" in schema:
            schema = schema["anyOf"][0]  # the contract uses it only for "a schema, or null"
        else:
            return schema


@cache
def _make_validator(version: Version, operation: str) -> Any:
    reference = _ROOT + get_schema(version, operation)["$ref"]
    return Draft202012Validator({"$ref": reference}, registry=_make_registry(version))


@cache
def _make_registry(version: Version) -> Any:
    contents = _forbid_additional_fields(load_contract(version))
    return Registry[Any]().with_resource(_ROOT, Resource[Any](contents, DRAFT202012))


def _forbid_additional_fields(node: Any) -> Any:
    """Close all schemas of objects, so that the validator reports fields that they do not list."""
    if isinstance(node, Mapping):
        copy = {
            name: _forbid_additional_fields(each) for name, each in cast("Mapping[str, Any]", node).items()
        }
        if copy.get("type") == "object" and "properties" in copy:
            copy.setdefault("additionalProperties", False)
        return copy
    if isinstance(node, list):
        return [_forbid_additional_fields(each) for each in cast("list[Any]", node)]
    return node


def _to_departures(error: ValidationError) -> Iterator[Departure]:
    found: Any = error.instance
    expected: Any = error.validator_value
    where = _get_path(error)
    match error.validator:
        case "anyOf":
            # The contract uses it only for "a schema, or null": report the differences from the schema.
            for inner in error.context or ():
                if inner.relative_schema_path[0] == 0:
                    yield from _to_departures(inner)
        case "additionalProperties":
            schema = cast("Mapping[str, Any]", error.schema)
            for name in found.keys() - schema["properties"].keys():
                yield Departure("unknown_field", _join(where, name), _to_short_json(found[name]))
        case "required":
            for name in expected:
                # One error comes for each missing field, and each carries the whole list.
                if name not in found and repr(name) in error.message:
                    yield Departure("missing_field", _join(where, name), "")
        case "type":
            found = f"{_describe(found)}, the contract has {_add_article(expected)}"
            yield Departure("wrong_type", where, found)
        case "enum" | "const":
            yield Departure("unknown_value", where, _to_short_json(found))
        case _:
            limit = f"{error.validator} {_to_short_json(expected)}"
            yield Departure("out_of_range", where, f"{_to_short_json(found)}, {limit}")


def _get_path(error: ValidationError) -> str:
    path = ""
    for step in error.absolute_path:
        path = f"{path}[*]" if isinstance(step, int) else _join(path, step)
    return path


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _describe(value: object) -> str:
    """Name the type of a large value, and show a small one."""
    if isinstance(value, list | dict):
        return "an array" if isinstance(value, list) else "an object"
    return _to_short_json(value)


def _add_article(type_name: object) -> str:
    return f"{'an' if str(type_name)[0] in 'aio' else 'a'} {type_name}"


def _to_short_json(value: object) -> str:
    # A lone surrogate could not be written to a report.
    text = json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace").decode()
    return text if len(text) <= 60 else f"{text[:59]}…"
