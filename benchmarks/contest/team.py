"""The children of one work: checked once, then measured in turns, in an order that is shuffled each round."""

from __future__ import annotations

import filecmp
import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .registry import Contender, Work
from .scene import Scene, Tell

BENCH = Path(__file__).parent.parent
CHILD, START = Path(__file__).with_name("child.py"), Path(__file__).with_name("start.py")
NOT_INSTALLED = 3
"""Exit status of `start`."""
WARM_UP = 32
MOST_CALLS = 4096
LONGEST_REPLY = 300.0
"""Seconds."""


class MissingError(Exception):
    """A contender that is not installed, or cannot do this work."""


class FailedError(Exception):
    """A contender that did not do the work, or not rightly."""


@dataclass(frozen=True)
class Setting:
    """What all works of one run have in common."""

    scene: Scene
    core: int | None
    rounds: int
    batch: float
    """Seconds that a batch of calls should take."""
    seed: int
    more_contenders: Path | None = None
    """A folder with modules of further ones."""

    def environment(self) -> dict[str, str]:
        folders = [BENCH, self.scene.disk, *([self.more_contenders] if self.more_contenders else [])]
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        # All find what they import compiled, as after an installation, whatever the environment says.
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        compiled = str(self.scene.disk / "compiled")
        return {
            **kept,
            "PYTHONPATH": os.pathsep.join(map(str, folders)),
            "PYTHONPYCACHEPREFIX": compiled,
        }


@dataclass
class Row:
    """One contender's measurements in one work, a figure for each round."""

    contender: Contender
    wall: list[float] = field(default_factory=list)
    """Seconds of a call, or of a file; of the start: of import and first call together."""
    processor: list[float] = field(default_factory=list)
    memory: int | None = None
    """Bytes more than before, at the highest, the first time."""
    imported: list[float] = field(default_factory=list)
    modules: int | None = None
    missing: str | None = None
    failed: str | None = None

    @property
    def counts(self) -> bool:
        return self.missing is None and self.failed is None

    @property
    def measured(self) -> bool:
        return self.counts and bool(self.wall)


class Child:
    """A contender in a process of its own."""

    def __init__(self, contender: Contender, work: Work, setting: Setting) -> None:
        folder = setting.scene.memory if work.in_memory else setting.scene.disk
        assert folder is not None
        self.target = folder / f"{contender.entry.partition(':')[2]}.evo"
        options = {
            "entry": contender.entry,
            "asynchronous": contender.asynchronous,
            "url": setting.scene.server.url,
            "at_once": work.at_once,
            "action": work.action,
            "core": setting.core,
            "source": str(setting.scene.material.backup),
            "target": str(self.target),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", CHILD, json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=setting.environment(),
            start_new_session=True,  # Ctrl-C is for the one who measures, who ends the others
        )

    def ready(self) -> None:
        """Returns when it has imported its library and opened its client."""
        self._reply()

    def ask(self, **order: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise FailedError("its process has ended") from error
        return self._reply()

    def _reply(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        patience = threading.Timer(LONGEST_REPLY, self._process.kill)
        patience.start()
        try:
            line = self._process.stdout.readline()
        finally:
            patience.cancel()
        if not line:
            raise FailedError(
                f"its process ended ({self._process.wait()}), or did not reply within {LONGEST_REPLY:g} s"
            )
        reply = json.loads(line)
        if "missing" in reply:
            raise MissingError(reply["missing"])
        if "failed" in reply:
            raise FailedError(reply["failed"])
        return reply

    def end(self) -> None:
        """Whatever state it is in."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.terminate()
        self._process.wait()
        self.target.unlink(missing_ok=True)


@contextmanager
def _child(contender: Contender, work: Work, setting: Setting) -> Iterator[Child]:
    child = Child(contender, work, setting)
    try:
        child.ready()
        yield child
    finally:
        child.end()


def run_work(work: Work, contenders: Sequence[Contender], setting: Setting, tell: Tell) -> list[Row]:
    """Every contender that the work takes, with its measurements or why it has none."""
    rows = [Row(contender) for contender in contenders if work.takes(contender)]
    for row in rows:
        row.missing = setting.scene.missing.get(row.contender.name)
    if work.measure == "start":
        _measure_starts(rows, setting, tell)
    else:
        _measure(work, rows, setting, tell)
    return rows


def _measure(work: Work, rows: list[Row], setting: Setting, tell: Tell) -> None:
    with ExitStack() as stack:
        children: dict[str, Child] = {}
        calls: dict[str, int] = {}
        for row in (row for row in rows if row.counts):
            name = row.contender.name
            tell(f"checking {name}")
            with _noted(row):
                child = stack.enter_context(_child(row.contender, work, setting))
                row.memory = _check(work, child, setting)
                calls[name] = _calls_of_a_batch(work, child, setting)
                children[name] = child
        for number, row in _turns(rows, setting):
            name = row.contender.name
            tell(f"round {number} of {setting.rounds}: {name}")
            with _noted(row):
                times = children[name].ask(do="batch", calls=calls[name])
                row.wall.append(times["wall"] / calls[name])
                row.processor.append(times["processor"] / calls[name])
        for row in (row for row in rows if row.counts):
            with _noted(row):
                children[row.contender.name].ask(do="close")


def _turns(rows: list[Row], setting: Setting) -> Iterator[tuple[int, Row]]:
    chance = random.Random(setting.seed)
    for number in range(1, setting.rounds + 1):
        turn = list(rows)
        chance.shuffle(turn)
        for row in turn:
            if row.counts:
                yield number, row


@contextmanager
def _noted(row: Row) -> Iterator[None]:
    try:
        yield
    except MissingError as error:
        row.missing = str(error)
    except FailedError as error:
        row.failed = str(error)


def _check(work: Work, child: Child, setting: Setting) -> int | None:
    """Does the work once and compares what came of it; bytes of memory that it took, for files."""
    server, material = setting.scene.server, setting.scene.material
    equal_before = server.uploads_found_equal()
    if work.action == "upload":
        server.compare_next_upload()
    reply = child.ask(do="check")
    outcome = reply["outcome"]
    if work.action == "get_result" and outcome != material.recognition():
        raise FailedError(f"wrong recognition: {outcome}")
    if work.action == "get_image" and outcome["sha256"] != material.picture_hash():
        raise FailedError("wrong picture")
    if work.action == "download" and not filecmp.cmp(child.target, material.backup, shallow=False):
        raise FailedError(f"wrong file, of {outcome['size']:,} bytes")
    if work.action == "upload" and server.uploads_found_equal() != equal_before + 1:
        raise FailedError("the file that arrived was not the one that was to be sent")
    return reply["memory"] if work.measure == "bytes" else None


def _calls_of_a_batch(work: Work, child: Child, setting: Setting) -> int:
    if work.measure == "bytes":
        return 1
    warm_up = child.ask(do="batch", calls=WARM_UP)
    wanted = int(setting.batch / (warm_up["wall"] / WARM_UP))
    calls = max(WARM_UP, min(MOST_CALLS, wanted))
    return calls - calls % work.at_once


def _measure_starts(rows: list[Row], setting: Setting, tell: Tell) -> None:
    for row in (row for row in rows if row.counts):
        tell(f"checking {row.contender.name}")
        with _noted(row):
            _start(row.contender, setting)  # the first one compiles what is imported
    for number, row in _turns(rows, setting):
        tell(f"round {number} of {setting.rounds}: {row.contender.name}")
        with _noted(row):
            imported, called, modules, kilobytes = _start(row.contender, setting)
            row.imported.append(imported)
            row.wall.append(imported + called)
            row.modules, row.memory = modules, kilobytes * 1024


def _start(contender: Contender, setting: Setting) -> tuple[float, float, int, int]:
    kind = "async" if contender.asynchronous else "sync"
    core = "-" if setting.core is None else str(setting.core)
    command = [sys.executable, "-P", str(START), contender.entry, kind, setting.scene.server.url, core]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=setting.environment(),
            timeout=LONGEST_REPLY,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise FailedError(f"not done within {LONGEST_REPLY:g} s") from error
    if done.returncode != 0:
        if done.returncode == NOT_INSTALLED:
            raise MissingError(done.stderr.strip())
        raise FailedError(done.stderr)
    imported, called, modules, kilobytes, sid = done.stdout.split()
    if sid != setting.scene.material.recognition()["sid"]:
        raise FailedError(f"wrong recognition: {sid}")
    return float(imported), float(called), int(modules), int(kilobytes)
