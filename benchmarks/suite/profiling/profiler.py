"""Profile a contender with three tools, one after the other, because each disturbs the others.

time        samples the stack every quarter of a millisecond. The time of a C function counts for its
            caller, and so does the wait for the response
calls       counts the calls of Python functions, and of C functions by their caller (cProfile)
bytecodes   counts the instructions of the interpreter. The count is the same in every run and on every
            computer with the same Python, so it shows changes that are smaller than the noise of the time
"""

from __future__ import annotations

import cProfile
import pstats
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

from .action import Repeat

INTERVAL = 0.00025
"""Seconds between two samples."""

Function = tuple[str, int, str]
"""File, line and name of a function."""


@dataclass(frozen=True)
class Plan:
    """How many calls each tool measures."""

    timed: int
    timed_quick: int
    counted: int


PLANS = {"call": Plan(20000, 500, 200), "file": Plan(20, 5, 2)}


@dataclass(frozen=True)
class Profile:
    seconds: float
    """Of a call without any tool."""
    samples: Counter[Function]
    python_calls: Counter[Function]
    c_calls: Counter[Function]
    """By the calling function."""
    c_functions: Counter[str]
    bytecodes: Counter[Function]
    counted: int
    """How many calls of the action the calls and bytecodes are counted over."""


def collect_profile(repeat: Repeat, action: str, *, quick: bool) -> Profile:
    plan = PLANS["file" if action in ("download", "upload") else "call"]
    timed = plan.timed_quick if quick else plan.timed
    repeat(plan.counted)  # warm up
    start = time.perf_counter()
    repeat(timed)
    seconds = (time.perf_counter() - start) / timed
    samples = _sample(repeat, timed)
    calls, bytecodes = _count_calls(repeat, plan.counted), _count_bytecodes(repeat, plan.counted)
    return Profile(seconds, samples, *calls, bytecodes, plan.counted)


def _sample(repeat: Repeat, calls: int) -> Counter[Function]:
    samples: Counter[Function] = Counter()

    def record(_: int, frame: FrameType | None) -> None:
        if frame is not None:
            samples[_function(frame.f_code)] += 1

    previous = signal.signal(signal.SIGALRM, record)
    signal.setitimer(signal.ITIMER_REAL, INTERVAL, INTERVAL)
    try:
        repeat(calls)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    return samples


def _count_calls(repeat: Repeat, calls: int) -> tuple[Counter[Function], Counter[Function], Counter[str]]:
    profile = cProfile.Profile()
    profile.runcall(repeat, calls)
    python_calls: Counter[Function] = Counter()
    c_calls: Counter[Function] = Counter()
    c_functions: Counter[str] = Counter()
    stats: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # not in typeshed
    for function, (_, count, _, _, callers) in stats.items():
        if function[0] != "~":
            python_calls[function] += count
            continue
        c_functions[function[2]] += count
        for caller, (count_by_caller, *_) in callers.items():
            c_calls[caller] += count_by_caller
    return python_calls, c_calls, c_functions


def _count_bytecodes(repeat: Repeat, calls: int) -> Counter[Function]:
    bytecodes: Counter[CodeType] = Counter()

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if event == "call":
            frame.f_trace_opcodes = True
            frame.f_trace_lines = False
        elif event == "opcode":
            bytecodes[frame.f_code] += 1
        return trace

    previous = sys.gettrace()
    sys.settrace(trace)
    try:
        repeat(calls)
    finally:
        sys.settrace(previous)
    return Counter({_function(code): count for code, count in bytecodes.items()})


def _function(code: CodeType) -> Function:
    return code.co_filename, code.co_firstlineno, code.co_name
