"""Where one contender's time goes, by layer.

Three looks at the same loop, one after the other, because each would disturb the others:

    time        where the program was when it was interrupted, every quarter of a millisecond. What a C
                function takes is its caller's, and what passes while it waits for the answer is the waiter's
    calls       cProfile's counts of Python functions, and of C functions by who called them
    bytecodes   every instruction of the interpreter: the same each time, on every computer with this Python,
                and so the figure to hold a change against where the time is too noisy
"""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import signal
import site
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from .child import contender_class, opened
from .registry import Action, Contender
from .scene import Scene

INTERVAL = 0.00025
"""Seconds between two samples."""
SHOWN = 20
"""Functions."""


@dataclass(frozen=True)
class Plan:
    """How often the work is done while its time is taken, and while its calls and bytecodes are counted."""

    timed: int
    quickly_timed: int
    counted: int


PLANS = {"call": Plan(20000, 2000, 200), "file": Plan(20, 5, 2)}

Run = Callable[[int], None]
"""Does the work that often."""

Place = tuple[str, int, str]
"""File, line and name of a function."""

_LIBRARIES = sorted(
    {*site.getsitepackages(), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")},
    key=len,
    reverse=True,
)
_STANDARD_LIBRARY = sysconfig.get_path("stdlib")
_OF_THIS_PROJECT = ("vision_ai", "vision_ai_generated", "contenders", "contest")


@dataclass(frozen=True)
class Layers:
    seconds: float
    """Of a call, with nothing looking on."""
    samples: Counter[Place]
    python_calls: Counter[Place]
    c_calls: Counter[Place]
    """By the function that called."""
    c_functions: Counter[str]
    bytecodes: Counter[Place]
    counted: int
    """Calls of the work that the last four are of."""


def looked_at(contender: Contender, action: Action, scene: Scene, *, quick: bool) -> Layers:
    """Raises ModuleNotFoundError where the contender is not installed."""
    kind = contender_class(contender.entry)
    plan = PLANS["file" if action in ("download", "upload") else "call"]
    with ExitStack() as stack:
        if contender.asynchronous:
            loop = stack.enter_context(asyncio.Runner())
            client = loop.run(opened(kind, scene.server.url, 1))
            stack.callback(lambda: loop.run(client.close()))
        else:
            loop = None
            client = kind(scene.server.url, 1)
            stack.callback(client.close)
        run = _run(client, action, scene, loop)
        timed = plan.quickly_timed if quick else plan.timed
        run(plan.counted)
        begun = time.perf_counter()
        run(timed)
        seconds = (time.perf_counter() - begun) / timed
        samples = _samples(run, timed)
        calls, bytecodes = _calls(run, plan.counted), _bytecodes(run, plan.counted)
        return Layers(seconds, samples, *calls, bytecodes, plan.counted)


def _run(client: Any, action: Action, scene: Scene, loop: asyncio.Runner | None) -> Run:
    target = (scene.memory or scene.disk) / "profiled.evo"
    arguments = {"download": (str(target),), "upload": (str(scene.material.backup),)}.get(action, ())
    call = getattr(client, action)

    def run(calls: int) -> None:
        for _ in range(calls):
            if action == "download":
                target.unlink(missing_ok=True)
            call(*arguments)

    async def several(calls: int) -> None:
        for _ in range(calls):
            if action == "download":
                target.unlink(missing_ok=True)
            await call(*arguments)

    return run if loop is None else lambda calls: loop.run(several(calls))


def _samples(run: Run, calls: int) -> Counter[Place]:
    samples: Counter[Place] = Counter()

    def note(_: int, frame: FrameType | None) -> None:
        if frame is not None:
            samples[_place(frame.f_code)] += 1

    before = signal.signal(signal.SIGALRM, note)
    signal.setitimer(signal.ITIMER_REAL, INTERVAL, INTERVAL)
    try:
        run(calls)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return samples


def _calls(run: Run, calls: int) -> tuple[Counter[Place], Counter[Place], Counter[str]]:
    profile = cProfile.Profile()
    profile.runcall(run, calls)
    python_calls: Counter[Place] = Counter()
    c_calls: Counter[Place] = Counter()
    c_functions: Counter[str] = Counter()
    for place, (_, count, _, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if place[0] != "~":
            python_calls[place] += count
            continue
        c_functions[place[2]] += count
        for caller, (called, *_) in callers.items():
            c_calls[caller] += called
    return python_calls, c_calls, c_functions


def _bytecodes(run: Run, calls: int) -> Counter[Place]:
    bytecodes: Counter[CodeType] = Counter()

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if event == "call":
            frame.f_trace_opcodes = True
            frame.f_trace_lines = False
        elif event == "opcode":
            bytecodes[frame.f_code] += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run(calls)
    finally:
        sys.settrace(before)
    return Counter({_place(code): count for code, count in bytecodes.items()})


def _place(code: CodeType) -> Place:
    return code.co_filename, code.co_firstlineno, code.co_name


def layer_of(place: Place) -> str:
    """A module of this project, another library's package, or a module of Python's own."""
    file = place[0]
    if file.startswith(("<", "~")):
        return file.strip("<>~").split(" ")[0] or "built in"
    parts = Path(file).with_suffix("").parts
    for package in _OF_THIS_PROJECT:
        if package in parts:
            return ".".join(parts[parts.index(package) :]).removesuffix(".__init__")
    for folder in _LIBRARIES:
        if file.startswith(folder):
            return Path(file).relative_to(folder).parts[0].removesuffix(".py")
    if file.startswith(_STANDARD_LIBRARY):
        return Path(file).relative_to(_STANDARD_LIBRARY).parts[0].removesuffix(".py")
    return Path(file).stem


def by_layer(counts: Counter[Place]) -> Counter[str]:
    layers: Counter[str] = Counter()
    for place, count in counts.items():
        layers[layer_of(place)] += count
    return layers


def shown(name: str, layers: Layers) -> str:
    counted = layers.counted
    total = layers.samples.total() or 1
    samples, bytecodes = by_layer(layers.samples), by_layer(layers.bytecodes)
    python_calls, c_calls = by_layer(layers.python_calls), by_layer(layers.c_calls)
    lines = [
        f"{name}: {layers.seconds * 1e6:.1f} µs a call, "
        f"{layers.bytecodes.total() / counted:.0f} bytecodes, "
        f"{layers.python_calls.total() / counted:.0f} Python calls, "
        f"{layers.c_calls.total() / counted:.0f} C calls",
        "",
        f"{'layer':44} {'µs':>7} {'share':>6} {'bytecodes':>10} {'Python':>7} {'C calls':>8}",
    ]
    for layer in sorted(samples | bytecodes, key=lambda layer: (-samples[layer], -bytecodes[layer])):
        share = samples[layer] / total
        lines.append(
            f"{layer:44} {share * layers.seconds * 1e6:7.1f} {share:6.1%} {bytecodes[layer] / counted:10.1f} "
            f"{python_calls[layer] / counted:7.1f} {c_calls[layer] / counted:8.1f}"
        )
    lines += ["", f"{'function':60} {'µs':>7} {'share':>6} {'bytecodes':>10} {'calls':>6}"]
    for place, count in layers.samples.most_common(SHOWN):
        share = count / total
        lines.append(
            f"{f'{layer_of(place)}:{place[1]} {place[2]}':60} "
            f"{share * layers.seconds * 1e6:7.1f} {share:6.1%} "
            f"{layers.bytecodes[place] / counted:10.1f} {layers.python_calls[place] / counted:6.1f}"
        )
    lines += ["", f"{'C function':60} {'calls':>6}"]
    lines += [
        f"{function:60} {count / counted:6.1f}" for function, count in layers.c_functions.most_common(SHOWN)
    ]
    return "\n".join(lines)
