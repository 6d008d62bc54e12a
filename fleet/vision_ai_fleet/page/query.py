"""Which scales a list shows, in which order, and which part of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from vision_ai import InvalidInputError
from vision_ai_fleet.scales import Scale
from vision_ai_fleet.selection import FIELDS, Condition, format_value, parse_condition, split_version

from .rows import ORDER, find_status

MAX_SIZE = 100
"""Rows in one response."""
MAX_CONDITIONS = 10
MAX_SEARCH = 64
ORDERS: dict[str, Callable[[Scale], Any]] = {
    "id": lambda scale: 0,  # lists are made in this order
    "status": lambda scale: ORDER[find_status(scale)],
    "firmware": lambda scale: split_version(format_value(scale.firmware)),
    "engine": lambda scale: split_version(format_value(scale.engine)),
    "items": lambda scale: scale.items or 0,
    "backup": lambda scale: scale.backup_time or 0.0,
}


class _ConditionCache:
    """A condition that looks at each different value once: 30,000 scales have few."""

    def __init__(self, condition: Condition) -> None:
        self._condition = condition
        self._read = FIELDS[condition.field]
        self._results: dict[object, bool] = {}

    def holds(self, scale: Scale) -> bool:
        value = self._read(scale)
        result = self._results.get(value)
        if result is None:
            result = self._results[value] = self._condition.holds(scale)
        return result


@dataclass(frozen=True, slots=True)
class Selection:
    """Some of the scales: those that meet all conditions, and contain the searched text."""

    where: tuple[str, ...] = ()
    """Conditions as `--where` has them."""
    search: str = ""

    @classmethod
    def parse(cls, where: Sequence[str], search: str) -> Selection:
        """Read what the page sends.

        Raises:
            InvalidInputError: says what is wrong.
        """
        if len(where) > MAX_CONDITIONS:
            raise InvalidInputError(f"there may be {MAX_CONDITIONS} conditions at the most")
        for each in where:
            parse_condition(each)
        return cls(tuple(where), search.strip().lower()[:MAX_SEARCH])

    def make_filter(self) -> Callable[[Scale], bool]:
        """Return what tells whether a scale is selected."""
        conditions = [_ConditionCache(parse_condition(each)) for each in self.where]
        search = self.search

        def is_selected(scale: Scale) -> bool:
            if search and search not in f"{scale.id} {scale.serial_number or ''}".lower():
                return False
            return all(each.holds(scale) for each in conditions)

        return is_selected


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A part of a list of scales."""

    selection: Selection
    order: str = "id"
    descends: bool = False
    offset: int = 0
    size: int = 50

    @classmethod
    def parse(cls, parameters: QueryParams) -> ListQuery:
        """Read the parameters of a URL.

        Raises:
            InvalidInputError: says what is wrong.
        """
        selection = Selection.parse(parameters.getlist("where"), parameters.get("search", ""))
        order = parameters.get("sort", "id")
        name = order.removeprefix("-")
        if name not in ORDERS:
            raise InvalidInputError(f"sort must be one of {', '.join(ORDERS)}")
        offset, size = parse_part(parameters)
        return cls(selection, name, order.startswith("-"), offset, size)


def parse_part(parameters: QueryParams) -> tuple[int, int]:
    """Read which part of a list a URL asks for: the offset, and at most `MAX_SIZE` rows.

    Raises:
        InvalidInputError: says what is wrong.
    """
    offset, size = (parse_count(parameters.get(*each)) for each in (("offset", "0"), ("size", "50")))
    return offset, min(MAX_SIZE, max(1, size))


def parse_count(text: str) -> int:
    """Read a number of a URL.

    Raises:
        InvalidInputError: it is not a whole number of at most nine digits.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInputError(f"{text[:20]!r} is not a whole number")
    return int(text)
