"""Medians and ratios."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from .records import ContenderResult


def find(results: Iterable[ContenderResult], name: str) -> ContenderResult | None:
    """Return the result of the contender of that name, if it has measurements."""
    return next((each for each in results if each.contender.name == name and each.measured), None)


def time_ratio(result: ContenderResult, other: ContenderResult) -> float:
    """Return the median of the ratios within each round: a disturbance affects both contenders of a round."""
    return _median_ratio(result.wall, other.wall)


def processor_ratio(result: ContenderResult, other: ContenderResult) -> float:
    """Return the same for the processor time."""
    return _median_ratio(result.processor, other.processor)


def _median_ratio(values: Sequence[float], others: Sequence[float]) -> float:
    return median(value / other for value, other in zip(values, others, strict=True))


def rank(results: Sequence[ContenderResult]) -> list[ContenderResult]:
    """Return the fastest first, and those without measurements last."""
    measured = [each for each in results if each.measured]
    unmeasured = [each for each in results if not each.measured]
    return sorted(measured, key=lambda each: median(each.wall)) + unmeasured
