"""Conditions that select scales: `engine>=9.5`, `store=0042`, `module!=ready`, `scale=0*`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import islice
from typing import Any

from vision_ai import InvalidInputError

from .scales import Scale

FIELDS: dict[str, Callable[[Scale], Any]] = {
    "store": lambda scale: scale.id.store,
    "scale": lambda scale: scale.id.scale,
    "state": lambda scale: scale.state,
    "online": lambda scale: scale.is_online,
    "engine": lambda scale: scale.engine,
    "firmware": lambda scale: scale.firmware,
    "serial_number": lambda scale: scale.serial_number,
    "module": lambda scale: scale.module,
    "code": lambda scale: scale.code,
    "api": lambda scale: scale.api,
    "sdk": lambda scale: scale.sdk,
    "agent": lambda scale: scale.agent,
    "learn_mode": lambda scale: scale.learn_mode,
    "items": lambda scale: scale.items,
    "drift": lambda scale: bool(scale.drift),
    "backup_time": lambda scale: scale.backup_time,
    "reported": lambda scale: scale.reported,
}
"""What a condition and a sort can name."""
_CONDITION = re.compile(r"\s*([A-Za-z_]+)\s*(!=|>=|<=|=|>|<)\s*(.*?)\s*")
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: a field, a comparison and a value."""

    field: str
    comparison: str
    value: str

    def holds(self, scale: Scale) -> bool:
        """Return whether a scale meets it. What a scale never reported meets only `!=`."""
        actual = format_value(FIELDS[self.field](scale))
        if self.comparison in ("=", "!="):
            return fnmatchcase(actual, self.value) is (self.comparison == "=")
        if not actual:
            return False
        return _ORDERS[self.comparison](split_version(actual), split_version(self.value))


def parse_condition(text: str) -> Condition:
    """Read a condition.

    Args:
        text: `FIELD=VALUE`, `!=`, `>=`, `<=`, `>` or `<`. Versions are compared by their numbers. With `=` and `!=` the
            value may have `*` and `?` for any characters.

    Raises:
        InvalidInputError: it is not one, or there is no such field.
    """
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise InvalidInputError(f"a condition must be such as engine=9.5.0, not {text!r}")
    name, comparison, value = match[1].lower(), match[2], match[3]
    if name not in FIELDS:
        raise InvalidInputError(f"scales have no field {match[1]!r}; there are {', '.join(FIELDS)}")
    if name in ("online", "drift"):
        value = {"yes": "true", "1": "true", "no": "false", "0": "false"}.get(value.lower(), value.lower())
        if value not in ("true", "false") or comparison not in ("=", "!="):
            raise InvalidInputError(f"{name} is true or false, not {text!r}")
    return Condition(name, comparison, value)


def select(
    scales: Iterable[Scale],
    where: Iterable[str] = (),
    sort: str = "",
    offset: int = 0,
    limit: int | None = None,
) -> tuple[list[Scale], int]:
    """Return a page of the scales that meet all conditions, and how many there are in all.

    Args:
        scales: In any order.
        where: Conditions, see `parse_condition`.
        sort: A field, with `-` before it for the reverse order; "" for store and scale.
        offset: How many to skip.
        limit: How many to return at the most; None for all.

    Raises:
        InvalidInputError: a condition or the field to sort by is not known.
    """
    conditions = [parse_condition(text) for text in where]
    found = [scale for scale in scales if all(condition.holds(scale) for condition in conditions)]
    name = sort.removeprefix("-")
    if name and name not in FIELDS:
        raise InvalidInputError(f"scales have no field {name!r}; there are {', '.join(FIELDS)}")
    found.sort(key=lambda scale: scale.id)
    if name:
        read = FIELDS[name]
        found.sort(key=lambda scale: split_version(format_value(read(scale))), reverse=sort.startswith("-"))
    stop = None if limit is None else offset + limit
    return list(islice(found, offset, stop)), len(found)


def parse_conditions(where: Sequence[str]) -> Callable[[Scale], bool]:
    """Return what tells whether a scale meets all conditions.

    Raises:
        InvalidInputError: a condition is not known.
    """
    conditions = [parse_condition(text) for text in where]
    return lambda scale: all(condition.holds(scale) for condition in conditions)


def format_value(value: object) -> str:
    """Return a field's value as conditions name it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@lru_cache(maxsize=4096)  # a chain has few versions
def split_version(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return what versions and numbers are ordered by: 9.10 comes after 9.9, and 9.5 is 9.5.0."""
    parts = [
        (1, int(part), "") if part.isdigit() else (0, 0, part)
        for part in re.findall(r"[0-9]+|[^0-9.\-+_ ]+", text)
    ]
    while len(parts) > 1 and parts[-1] == (1, 0, ""):
        parts.pop()
    return tuple(parts)
