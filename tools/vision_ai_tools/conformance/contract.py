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

from vision_ai_generated.operation import Operation

PACKAGED = "contract.json"
IN_THE_TREE = Path("openapi", "dist", "vision-ai.json")
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
def load_contract() -> Mapping[str, Any]:
    """Load the OpenAPI document: from this package in a wheel, else from the source tree."""
    packaged = resources.files(__package__ or "").joinpath(PACKAGED)
    if packaged.is_file():
        return cast("Mapping[str, Any]", json.loads(packaged.read_text(encoding="utf-8")))
    tree = Path(__file__).parents[3] / IN_THE_TREE
    return cast("Mapping[str, Any]", json.loads(tree.read_text(encoding="utf-8")))


def get_contract_version() -> str:
    """Return the contract's version."""
    return cast(str, load_contract()["info"]["version"])


def find_departures(operation: Operation[Any], response: object) -> list[Departure]:
    """Return every difference between a response's JSON and its schema, in both directions."""
    errors = cast("Iterator[ValidationError]", _make_validator(operation).iter_errors(response))
    return [departure for error in errors for departure in _to_departures(error)]


@cache
def _make_validator(operation: Operation[Any]) -> Any:
    path = load_contract()["paths"][operation.path][operation.method.lower()]
    schema = path["responses"]["200"]["content"][JSON]["schema"]
    return Draft202012Validator({"$ref": _ROOT + schema["$ref"]}, registry=_make_registry())


@cache
def _make_registry() -> Any:
    contents = _forbid_additional_fields(load_contract())
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
