"""The performance targets of the SDK. A missed target does not fail the benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..registry import (
    AIOHTTP,
    BASELINE,
    BASELINE_ASYNC,
    HTTP_CLIENT,
    HTTPX,
    HTTPX_ASYNC,
    PYREQWEST,
    RAW,
    RAW_ASYNC,
    SDK,
    SDK_ASYNC,
    SDK_JOURNAL,
)
from .ratios import find, processor_ratio, rank, time_ratio
from .records import MEGABYTE, ContenderResult

NOT_MEASURED = "–"
BEST = "the fastest other client"
NOISE = 0.05
"""How far two measurements of the same code may differ."""


@dataclass(frozen=True)
class Target:
    workload: str
    contender: str
    against: str
    """Another contender, or BEST; empty where `bound` is in bytes."""
    quantity: Literal["time", "speed", "memory"]
    bound: float
    """The largest ratio of times, the smallest ratio of speeds, or the largest number of bytes."""
    exclusive: bool = False
    """The measured ratio must not be equal to the bound."""


@dataclass(frozen=True)
class Verdict:
    target: Target
    requirement: str
    measured: str
    processor: str
    """The same ratio for the processor time, which is more reliable on a busy computer."""
    met: bool | None
    """None where it was not measured."""


TARGETS = (
    Target("get_result", SDK, PYREQWEST, "time", 1.0),
    Target("get_result", SDK, HTTP_CLIENT, "time", 1.0, exclusive=True),
    Target("get_result", SDK, HTTPX, "time", 0.35),
    Target("get_result_async", SDK_ASYNC, RAW_ASYNC, "time", 1.7),
    Target("get_result_async", SDK_ASYNC, AIOHTTP, "time", 1.0, exclusive=True),
    Target("tasks", SDK_ASYNC, HTTPX_ASYNC, "speed", 10),
    Target("threads", SDK, HTTPX, "speed", 2),
    Target("journal", SDK_JOURNAL, SDK, "time", 1.05),
    Target("get_image", SDK, HTTP_CLIENT, "time", 1.0),
    Target("download", SDK, RAW, "speed", 0.9),
    Target("download", SDK, "", "memory", 8 * MEGABYTE),
    Target("download", SDK_ASYNC, "", "memory", 8 * MEGABYTE),
    Target("download_memory", SDK, RAW, "speed", 0.9),
    Target("upload", SDK, BEST, "speed", 0.9),
    Target("upload", SDK, "", "memory", 8 * MEGABYTE),
    Target("upload", SDK_ASYNC, "", "memory", 8 * MEGABYTE),
    Target("start", SDK, HTTP_CLIENT, "time", 1.5),
)


def evaluate_targets(workload: str, results: Sequence[ContenderResult]) -> list[Verdict]:
    targets = [target for target in TARGETS if target.workload == workload]
    for contender, baseline in ((SDK, BASELINE), (SDK_ASYNC, BASELINE_ASYNC)):
        if any(each.contender.name == baseline for each in results):
            targets.append(Target(workload, contender, baseline, "time", 1 + NOISE))
    return [_evaluate(target, results) for target in targets]


def _evaluate(target: Target, results: Sequence[ContenderResult]) -> Verdict:
    result = find(results, target.contender)
    if target.quantity == "memory":
        return _evaluate_memory(target, result)
    other = _fastest_other(results) if target.against == BEST else find(results, target.against)
    requirement = _describe(target, other)
    if result is None or other is None:
        return Verdict(target, requirement, NOT_MEASURED, NOT_MEASURED, None)
    pair = (result, other) if target.quantity == "time" else (other, result)
    measured = time_ratio(*pair)
    processor = f"{processor_ratio(*pair):.2f} ×" if result.processor else NOT_MEASURED
    return Verdict(target, requirement, f"{measured:.2f} ×", processor, _is_met(target, measured))


def _is_met(target: Target, measured: float) -> bool:
    if target.exclusive and measured == target.bound:
        return False
    return measured >= target.bound if target.quantity == "speed" else measured <= target.bound


def _evaluate_memory(target: Target, result: ContenderResult | None) -> Verdict:
    requirement = f"at most {target.bound / MEGABYTE:.0f} MB more memory"
    if result is None or result.memory is None:
        return Verdict(target, requirement, NOT_MEASURED, NOT_MEASURED, None)
    measured = f"{result.memory / MEGABYTE:.1f} MB"
    return Verdict(target, requirement, measured, NOT_MEASURED, result.memory <= target.bound)


def _describe(target: Target, other: ContenderResult | None) -> str:
    against = target.against
    if other is not None and against == BEST:
        against = f"{BEST} ({other.contender.name})"
    if target.quantity == "speed":
        return f"at least {target.bound:g} × the speed of {against}"
    limit = "less than" if target.exclusive else "at most"
    factor = "" if target.bound == 1 else f"{target.bound:g} × "
    return f"{limit} {factor}the time of {against}"


def _fastest_other(results: Sequence[ContenderResult]) -> ContenderResult | None:
    others = (each for each in rank(results) if each.measured and each.contender.checkout is None)
    return next(others, None)
