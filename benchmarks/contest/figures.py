"""Medians and ratios."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from .team import Row


def find(rows: Iterable[Row], name: str) -> Row | None:
    """That contender's row, if it has figures."""
    return next((row for row in rows if row.contender.name == name and row.measured), None)


def ratio(row: Row, other: Row) -> float:
    """How many times the other's time this one took, the median of the rounds: both met the same weather."""
    return _ratio(row.wall, other.wall)


def processor_ratio(row: Row, other: Row) -> float:
    """The same of the processor's time."""
    return _ratio(row.processor, other.processor)


def _ratio(ones: Sequence[float], others: Sequence[float]) -> float:
    return median(one / other for one, other in zip(ones, others, strict=True))


def ranked(rows: Sequence[Row]) -> list[Row]:
    """The fastest first, then those without figures."""
    measured = [row for row in rows if row.measured]
    return sorted(measured, key=lambda row: median(row.wall)) + [row for row in rows if not row.measured]
