"""What the SDK is meant to reach, and whether it does. A missed target is no failure of the benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .figures import find, processor_ratio, ranked, ratio
from .registry import AIOHTTP, HTTP_CLIENT, HTTPX, HTTPX_ASYNC, OURS, OURS_ASYNC, RAW, RAW_ASYNC
from .team import Row

MEGABYTE = 1024 * 1024
OUR_OWN = "ours"
NOT_MEASURED = "–"
BEST = "the best of the others"


@dataclass(frozen=True)
class Target:
    work: str
    contender: str
    against: str
    """Another contender, or BEST; or no one, where `bound` is bytes of memory."""
    quantity: Literal["time", "speed", "memory"]
    bound: float
    """At most that many times the other's time, at least that many times its speed; at most so many bytes."""


@dataclass(frozen=True)
class Verdict:
    target: Target
    wanted: str
    measured: str
    processor: str
    """The same of the processor's time, which says more where the computer was busy."""
    met: bool | None
    """None where it could not be measured."""


TARGETS = (
    Target("get_result", OURS, RAW, "time", 1.5),
    Target("get_result", OURS, HTTP_CLIENT, "time", 1.0),
    Target("get_result", OURS, HTTPX, "time", 0.35),
    Target("get_result_async", OURS_ASYNC, RAW_ASYNC, "time", 1.7),
    Target("get_result_async", OURS_ASYNC, AIOHTTP, "time", 1.0),
    Target("tasks", OURS_ASYNC, HTTPX_ASYNC, "speed", 10),
    Target("threads", OURS, HTTPX, "speed", 2),
    Target("get_image", OURS, RAW, "time", 1.5),
    Target("download", OURS, RAW, "speed", 0.9),
    Target("download", OURS, "", "memory", 8 * MEGABYTE),
    Target("download", OURS_ASYNC, "", "memory", 8 * MEGABYTE),
    Target("download_memory", OURS, RAW, "speed", 0.9),
    Target("upload", OURS, BEST, "speed", 0.9),
    Target("upload", OURS, "", "memory", 8 * MEGABYTE),
    Target("upload", OURS_ASYNC, "", "memory", 8 * MEGABYTE),
    Target("start", OURS, HTTPX, "time", 1.0),
)


def verdicts(work: str, rows: Sequence[Row]) -> list[Verdict]:
    return [_verdict(target, rows) for target in TARGETS if target.work == work]


def _verdict(target: Target, rows: Sequence[Row]) -> Verdict:
    row = find(rows, target.contender)
    if target.quantity == "memory":
        return _memory_verdict(target, row)
    other = _best_other(rows) if target.against == BEST else find(rows, target.against)
    wanted = _wanted(target, other)
    if row is None or other is None:
        return Verdict(target, wanted, NOT_MEASURED, NOT_MEASURED, None)
    one, two = (row, other) if target.quantity == "time" else (other, row)
    measured = ratio(one, two)
    processor = f"{processor_ratio(one, two):.2f} ×" if row.processor else NOT_MEASURED
    if target.quantity == "speed":
        met = measured >= target.bound
    else:
        met = measured < 1 if target.bound == 1 else measured <= target.bound
    return Verdict(target, wanted, f"{measured:.2f} ×", processor, met)


def _memory_verdict(target: Target, row: Row | None) -> Verdict:
    wanted = f"at most {target.bound / MEGABYTE:.0f} MB more memory"
    if row is None or row.memory is None:
        return Verdict(target, wanted, NOT_MEASURED, NOT_MEASURED, None)
    measured = f"{row.memory / MEGABYTE:.1f} MB"
    return Verdict(target, wanted, measured, NOT_MEASURED, row.memory <= target.bound)


def _wanted(target: Target, other: Row | None) -> str:
    against = target.against
    if other is not None and against == BEST:
        against = f"{BEST} ({other.contender.name})"
    if target.quantity == "speed":
        return f"at least {target.bound:g} × the speed of {against}"
    if target.bound == 1:
        return f"less than the time of {against}"
    return f"at most {target.bound:g} × the time of {against}"


def _best_other(rows: Sequence[Row]) -> Row | None:
    others = (row for row in ranked(rows) if row.measured and not row.contender.name.startswith(OUR_OWN))
    return next(others, None)
