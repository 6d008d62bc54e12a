"""JSON values, and functions that require a value to have a certain type."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None


def require_object(value: Json) -> Mapping[str, Json]:
    """Return `value` if it is an object. This and the functions below raise ValueError for any other type."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{_shorten(value)} is not an object")
    return value


def require_list(value: Json) -> Sequence[Json]:
    """Return `value` if it is a list."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ValueError(f"{_shorten(value)} is not a list")
    return value


def require_string(value: Json) -> str:
    """Return `value` if it is a string."""
    if not isinstance(value, str):
        raise ValueError(f"{_shorten(value)} is not a string")
    return value


def require_number(value: Json) -> float:
    """Return `value` if it is a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{_shorten(value)} is not a number")
    return float(value)


def require_integer(value: Json) -> int:
    """Return `value` if it is an integer."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{_shorten(value)} is not an integer")
    return value


def require_boolean(value: Json) -> bool:
    """Return `value` if it is true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"{_shorten(value)} is not a boolean")
    return value


def _shorten(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:37]}..."
