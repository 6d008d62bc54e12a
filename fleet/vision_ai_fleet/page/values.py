"""Values of agents, made harmless: an agent may be newer, broken or lie.

What has another type than it should have counts as missing. Texts are cut; numbers that JavaScript cannot hold are
missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

MAX_TEXT = 200
MAX_INTEGER = 2**53
MAX_FIELDS = 60
MAX_DEPTH = 5


def get_text(fields: Mapping[str, Any], name: str, limit: int = MAX_TEXT) -> str | None:
    """Return a text, at most `limit` characters of it; None for anything else."""
    value: object = fields.get(name)
    return value[:limit] if isinstance(value, str) and value else None


def get_number(fields: Mapping[str, Any], name: str) -> int | float | None:
    """Return a finite number that JavaScript can hold; None for anything else."""
    value: object = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < MAX_INTEGER else None  # neither infinite nor not a number


def get_mapping(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return an object; an empty one for anything else."""
    value: object = fields.get(name)
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def get_list(fields: Mapping[str, Any], name: str, limit: int = MAX_FIELDS) -> list[Any]:
    """Return a list, at most `limit` items of it; an empty one for anything else."""
    value: object = fields.get(name)
    return cast("list[Any]", value)[:limit] if isinstance(value, list | tuple) else []


def get_texts(fields: Mapping[str, Any], name: str, limit: int = MAX_FIELDS) -> list[str]:
    """Return the texts of a list."""
    return [each[:MAX_TEXT] for each in get_list(fields, name, limit) if isinstance(each, str)]


def limit_value(value: object, depth: int = MAX_DEPTH) -> Any:
    """Return a JSON value with its texts, lists and numbers cut to what a page can show."""
    if isinstance(value, str):
        return value[:MAX_TEXT]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return value if abs(value) < MAX_INTEGER else None  # neither infinite nor not a number
    if depth == 0:
        return None
    if isinstance(value, Mapping):
        fields = list(cast("Mapping[object, object]", value).items())[:MAX_FIELDS]
        return {str(name)[:MAX_TEXT]: limit_value(each, depth - 1) for name, each in fields}
    if isinstance(value, list | tuple):
        return [limit_value(each, depth - 1) for each in cast("list[object]", value)[:MAX_FIELDS]]
    return None
