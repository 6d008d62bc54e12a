"""The contract that a module is held against, and what it says of the JSON of an answer."""

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
    """One way in which an answer is not as the contract has it."""

    kind: DepartureKind
    where: str
    """The place in the answer's JSON, as `data.items[*].score`; empty for the answer as a whole."""
    found: str


@cache
def document() -> Mapping[str, Any]:
    """The OpenAPI document. In a wheel it lies beside this module, else it is the tree's own."""
    packaged = resources.files(__package__ or "").joinpath(PACKAGED)
    if packaged.is_file():
        return cast("Mapping[str, Any]", json.loads(packaged.read_text(encoding="utf-8")))
    tree = Path(__file__).parents[3] / IN_THE_TREE
    return cast("Mapping[str, Any]", json.loads(tree.read_text(encoding="utf-8")))


def version() -> str:
    """The contract's version."""
    return cast(str, document()["info"]["version"])


def departures(operation: Operation[Any], answer: object) -> list[Departure]:
    """Everything in the JSON of an answer that its schema does not have, and everything that it lacks."""
    errors = cast("Iterator[ValidationError]", _validator(operation).iter_errors(answer))
    return [departure for error in errors for departure in _told(error)]


@cache
def _validator(operation: Operation[Any]) -> Any:
    path = document()["paths"][operation.path][operation.method.lower()]
    schema = path["responses"]["200"]["content"][JSON]["schema"]
    return Draft202012Validator({"$ref": _ROOT + schema["$ref"]}, registry=_registry())


@cache
def _registry() -> Any:
    contents = _with_fields_counted(document())
    return Registry[Any]().with_resource(_ROOT, Resource[Any](contents, DRAFT202012))


def _with_fields_counted(node: Any) -> Any:
    """The document with schemas that allow no fields but their own, so that others are noticed."""
    if isinstance(node, Mapping):
        made = {name: _with_fields_counted(each) for name, each in cast("Mapping[str, Any]", node).items()}
        if made.get("type") == "object" and "properties" in made:
            made.setdefault("additionalProperties", False)
        return made
    if isinstance(node, list):
        return [_with_fields_counted(each) for each in cast("list[Any]", node)]
    return node


def _told(error: ValidationError) -> Iterator[Departure]:
    found: Any = error.instance
    expected: Any = error.validator_value
    where = _where(error)
    match error.validator:
        case "anyOf":
            # The contract's only use of it: something, or null. What is not null was meant to be something.
            for inner in error.context or ():
                if inner.relative_schema_path[0] == 0:
                    yield from _told(inner)
        case "additionalProperties":
            schema = cast("Mapping[str, Any]", error.schema)
            for name in found.keys() - schema["properties"].keys():
                yield Departure("unknown_field", _inside(where, name), _shown(found[name]))
        case "required":
            for name in expected:
                # One error comes for each missing field; each names the whole list.
                if name not in found and repr(name) in error.message:
                    yield Departure("missing_field", _inside(where, name), "")
        case "type":
            yield Departure("wrong_type", where, f"{_kind(found)}, the contract has {_article(expected)}")
        case "enum" | "const":
            yield Departure("unknown_value", where, _shown(found))
        case _:
            yield Departure("out_of_range", where, f"{_shown(found)}, {error.validator} {_shown(expected)}")


def _where(error: ValidationError) -> str:
    where = ""
    for step in error.absolute_path:
        where = f"{where}[*]" if isinstance(step, int) else _inside(where, step)
    return where


def _inside(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _kind(value: object) -> str:
    """What it is; of something small also which."""
    if isinstance(value, list | dict):
        return "an array" if isinstance(value, list) else "an object"
    return _shown(value)


def _article(kind: object) -> str:
    return f"{'an' if str(kind)[0] in 'aio' else 'a'} {kind}"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"
