"""What a module sent that the contract does not know, with values that show their form only.

A field is unknown if the contract does not list it, or lists it without a type because no value was ever seen. All
fields of a response that belongs to no operation of the contract are unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast

from attrs import define, field

from vision_ai_generated.operation import Version

from .capture import Exchange
from .contract import get_schema, resolve_schema
from .operations import list_operations

Known = str
"""How much the contract knows of a field: "no", or "name" for one that it lists without a type."""

LONGEST_EXAMPLE = 60
"""Characters."""
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")


@define
class UnknownField:
    """A field, with all that was seen of it."""

    request: str
    """Method and path."""
    where: str
    """The path in the response's JSON, for example `data.items[*].box`."""
    known: Known
    exchange: int
    """The first exchange that shows it."""
    values: list[Any] = field(factory=list[Any])

    @property
    def types(self) -> tuple[str, ...]:
        """The JSON types of the values."""
        return tuple(dict.fromkeys(map(_name_type, self.values)))


def find_unknown_fields(exchanges: list[Exchange], version: Version) -> list[UnknownField]:
    """Return the unknown fields of all responses, each once."""
    found: dict[tuple[str, str], UnknownField] = {}
    for exchange in exchanges:
        if not exchange.is_complete or (exchange.operation is None and exchange.code != 0):
            continue
        request = get_request(exchange)
        for where, known, value in _find_in(exchange, version):
            entry = found.setdefault((request, where), UnknownField(request, where, known, exchange.number))
            if value not in entry.values:
                entry.values.append(value)
    return list(found.values())


def get_request(exchange: Exchange) -> str:
    """Return what identifies a request: its method and its path."""
    return f"{exchange.method} {get_path(exchange)}"


def get_path(exchange: Exchange) -> str:
    """Return the path of a request."""
    return exchange.target.partition("?")[0]


def _find_in(exchange: Exchange, version: Version) -> Iterator[tuple[str, Known, Any]]:
    if exchange.operation is None:
        rest = {name: value for name, value in exchange.fields.items() if name != "code"}
        yield from _list_leaves("", rest, "no")
    elif list_operations(version)[exchange.operation].response != "binary":
        yield from _compare("", exchange.fields, get_schema(version, exchange.operation), version)


def _compare(
    where: str, value: Any, schema: Mapping[str, Any], version: Version
) -> Iterator[tuple[str, Known, Any]]:
    schema = resolve_schema(version, schema)
    if isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from _compare(f"{where}[*]", each, schema.get("items", {"type": "any"}), version)
    elif isinstance(value, Mapping) and "properties" in schema:
        for name, each in cast("Mapping[str, Any]", value).items():
            path = _join(where, name)
            if name not in schema["properties"]:
                yield from _list_leaves(path, each, "no")
            else:
                yield from _compare(path, each, schema["properties"][name], version)
    elif "type" not in schema and "enum" not in schema and "const" not in schema:
        yield from _list_leaves(where, value, "name")


def _list_leaves(where: str, value: Any, known: Known) -> Iterator[tuple[str, Known, Any]]:
    """Yield the values in an object or a list with their paths, since each of them is a field of its own."""
    if isinstance(value, Mapping) and value:
        for name, each in cast("Mapping[str, Any]", value).items():
            yield from _list_leaves(_join(where, name), each, known)
    elif isinstance(value, list) and value:
        for each in cast("list[Any]", value):
            yield from _list_leaves(f"{where}[*]", each, known)
    elif where:
        yield where, known, value


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _name_type(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case _:
            return "array" if isinstance(value, list) else "object"


def redact_shape(value: Any) -> Any:
    """Return a value of the same form: letters become a or A, digits 0. A number of one digit stays."""
    if isinstance(value, str):
        letters = _LETTER.sub(lambda letter: "A" if letter[0].isupper() else "a", value)
        return _DIGIT.sub("0", letters)
    if isinstance(value, Mapping):
        return {name: redact_shape(each) for name, each in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [redact_shape(each) for each in cast("list[Any]", value)]
    is_long = isinstance(value, int | float) and not isinstance(value, bool) and not -10 < value < 10
    return Digits(_DIGIT.sub("0", str(value))) if is_long else value


class Digits(str):
    """The redacted digits of a number, to be shown without quotes."""

    __slots__ = ()


def format_example(value: Any, *, redact: bool) -> str:
    """Return a value as JSON shows it, shortened."""
    shown = redact_shape(value) if redact else value
    text = str(shown) if isinstance(shown, Digits) else _dump_json(shown)
    return text if len(text) <= LONGEST_EXAMPLE else f"{text[: LONGEST_EXAMPLE - 1]}…"


_LEAF = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*')


def _dump_json(value: object) -> str:
    """Encode a value; a lone surrogate, which could not be written to a report, as its escape."""
    return json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace").decode()


def redact_json_text(text: str) -> str:
    """Redact all values in a text of JSON, which may be cut off; keep the names of fields."""
    pieces: list[str] = []
    position = 0
    for found in _LEAF_OR_NAME.finditer(text):
        pieces += [text[position : found.start()], found[0] if found[2] else _redact_leaf(found[1])]
        position = found.end()
    return "".join((*pieces, text[position:]))


def redact_fields(text: str, names: Collection[str]) -> str:
    """Redact the values of fields in the text of JSON, which need not be complete or correct."""
    if not names:
        return text
    either = "|".join(re.escape(json.dumps(name)[1:-1]) for name in sorted(names))
    value = rf"(?:{_LEAF.pattern}|\[[^\[\]{{}}]*(?:\]|\Z))"
    return re.sub(
        rf'("(?:{either})"\s*:\s*)({value})',
        lambda found: found[1] + _LEAF.sub(lambda leaf: _redact_leaf(leaf[0]), found[2]),
        text,
    )


_LEAF_OR_NAME = re.compile(rf'({_LEAF.pattern}|"[^"]*\Z)(\s*:)?')


def _redact_leaf(text: str) -> str:
    if not text.startswith('"'):
        return _DIGIT.sub("0", text) if len(text.lstrip("-")) > 1 else text
    try:
        return _dump_json(redact_shape(json.loads(text, strict=False)))
    except ValueError:
        return '"…"'
