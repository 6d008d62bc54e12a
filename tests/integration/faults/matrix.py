"""The fault matrix: every operation and workflow × every fault × sync and async, over a real socket."""

from __future__ import annotations

import asyncio
import inspect
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from attrs import define, evolve, frozen
from expectations import FINE, LONG, TROUBLES, Lasting, Trouble, expected
from subjects import SUBJECTS, Scene, Subject

from vision_ai import AsyncVisionAI, RecognitionResult, RecognizedItem, Retries, VisionAI, VisionAIError
from vision_ai_emulator import Emulator, serve
from vision_ai_emulator.faults.kinds import KINDS

WORKERS = 4

Flavour = Literal["sync", "async"]
FLAVOURS: tuple[Flavour, ...] = ("sync", "async")

TIMEOUT = 0.6
"""Seconds for one call of the matrix."""
PATIENCE = 3
"""How many times as long a second try may take."""
SETTLING = 0.05
"""Seconds for news of a closed connection to arrive."""
HANG = LONG / 2
"""Seconds after which a call counts as having outlived its deadline; far more than any of them has."""


@frozen
class Cell:
    subject: Subject
    trouble: Trouble
    lasting: Lasting
    flavour: Flavour

    def __str__(self) -> str:
        return f"{self.subject.name} × {self.trouble.name} ({self.lasting}, {self.flavour})"


@frozen
class Verdict:
    """What came of a cell; `wrong` says in words what should not have been, nothing when all is well."""

    cell: Cell
    outcome: str
    wrong: tuple[str, ...]
    again: bool = False
    """Whether it is that of a second try."""


def cells(subjects: Iterable[Subject] = SUBJECTS, troubles: Iterable[Trouble] = TROUBLES) -> list[Cell]:
    return [
        Cell(subject, trouble, lasting, flavour)
        for trouble in troubles
        for subject in subjects
        if trouble.everywhere or trouble.before or subject.target in KINDS[trouble.kind].operations  # type: ignore[index]
        for lasting in sorted(trouble.only)
        for flavour in FLAVOURS
    ]


class Client:
    """Either client, called as an ordinary one."""

    def __init__(self, flavour: Flavour, url: str, patience: float = 1) -> None:
        settings: dict[str, Any] = {"timeout": TIMEOUT * patience, "retries": Retries(count=2, pause=0.02)}
        self._runner = asyncio.Runner() if flavour == "async" else None
        self._client: Any = (
            VisionAI(url, **settings) if self._runner is None else AsyncVisionAI(url, **settings)
        )

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            result = method(*args, **kwargs)
            return self._runner.run(result) if self._runner and inspect.iscoroutine(result) else result

        return call

    @property
    def patient(self) -> Client:
        """The same client with all the time that a busy machine may need."""
        other = object.__new__(Client)
        other._runner = self._runner
        other._client = self._client.with_options(timeout=HANG)
        return other

    def end(self) -> None:
        if self._runner is None:
            self._client.close()
        else:
            self._runner.run(self._client.aclose())
            self._runner.close()


@define
class Stage:
    """One served device for all cells, set up anew for each."""

    emulator: Emulator
    url: str
    scratch: Path

    def scene(self) -> Scene:
        emulator = self.emulator
        emulator.faults.clear()
        _until_up(emulator)
        emulator.reset()
        emulator.change(pace="immediate")
        device = emulator.device
        device.register_item("001", "Apple")
        device.commit_registered_item("001")
        image_id = device.register_item("002", "Pear").image_id
        sight = device.get_result()
        device.start_backup()
        name = device.get_backup_status()[1]
        content = device.download(name)
        shutil.rmtree(self.scratch, ignore_errors=True)
        folder = self.scratch / "backups"
        folder.mkdir(parents=True)
        file = self.scratch / "backup.evo"
        file.write_bytes(content)
        items = [RecognizedItem(id=id, score=score) for id, score in sight.items]
        recognition = RecognitionResult(items=items, sid=sight.sid)
        emulator.change(pace="polls")  # so that a question finds the work going on
        emulator.clear_log()
        return Scene(emulator, folder, image_id, sight.sid, recognition, name, content, file)


@contextmanager
def stage() -> Generator[Stage]:
    emulator = Emulator(reboot_seconds=0.2, backup_padding=200_000)
    with tempfile.TemporaryDirectory() as scratch, serve(emulator) as url:
        yield Stage(emulator, url, Path(scratch) / "cell")


def run_cells(planned: Iterable[Cell], done: Callable[[], object] = lambda: None) -> list[Verdict]:
    """Several at a time, each worker with a device of its own: most of the time they wait."""
    waiting = iter(list(planned))
    lock = threading.Lock()

    def worker() -> list[Verdict]:
        verdicts: list[Verdict] = []
        with stage() as own:
            while True:
                with lock:
                    cell = next(waiting, None)
                if cell is None:
                    return verdicts
                verdicts.append(run_cell(own, cell))
                done()

    with ThreadPoolExecutor(WORKERS) as pool:
        running = [pool.submit(worker) for _ in range(WORKERS)]
        verdicts = [verdict for each in running for verdict in each.result()]
    return _once_more_where_wrong(verdicts)


def _once_more_where_wrong(verdicts: list[Verdict]) -> list[Verdict]:
    """A busy machine can be late for the matrix's short deadlines: what is wrong is tried once more, alone,
    with more time, and reported as such."""
    if not any(verdict.wrong for verdict in verdicts):
        return verdicts
    with stage() as own:
        return [
            evolve(run_cell(own, verdict.cell, patience=PATIENCE), again=True) if verdict.wrong else verdict
            for verdict in verdicts
        ]


def run_cell(stage: Stage, cell: Cell, patience: float = 1) -> Verdict:
    scene = stage.scene()
    client = Client(cell.flavour, stage.url, patience)
    try:
        if cell.trouble.before:
            stage.emulator.faults.add(cell.trouble.fault(cell.subject, cell.lasting))
            client.patient.get_calib()
            time.sleep(SETTLING)
            stage.emulator.clear_log()
        else:
            stage.emulator.faults.add(cell.trouble.fault(cell.subject, cell.lasting))
            if cell.trouble.kind == "refuse" and cell.trouble.everywhere:
                _until_closed(stage.url)
        started = time.monotonic()
        outcome, wrong = _outcome(client, cell, scene)
        if time.monotonic() - started > HANG:
            wrong.append("it outlived its deadline")
        wrong += _traces(cell, scene, outcome)
        wrong += _usable_again(stage, client)
        return Verdict(cell, outcome, tuple(wrong))
    finally:
        client.end()


def _outcome(client: Client, cell: Cell, scene: Scene) -> tuple[str, list[str]]:
    try:
        cell.subject.call(client, scene)
        outcome, wrong = FINE, list[str]()
    except VisionAIError as error:
        outcome, wrong = type(error).__name__, list[str]()
    except Exception as error:  # noqa: BLE001  # whatever else gets out is what is looked for
        outcome, wrong = type(error).__name__, [f"{error!r} is none of the SDK's errors"]
    right = expected(cell.subject, cell.trouble, cell.lasting)
    if outcome not in right:
        wrong.append(f"{outcome} came of it, {' or '.join(sorted(right))} would be right")
    return outcome, wrong


def _traces(cell: Cell, scene: Scene, outcome: str) -> list[str]:
    """What must hold whatever came of the call."""
    wrong: list[str] = []
    subject = cell.subject
    if not subject.repeatable:
        # HTTP 404 sends a restore to its second path (A3), of which neither was carried out.
        paths = 2 if subject.target == "start_restore" and cell.trouble.name == "HTTP 404" else 1
        arrived = sum(entry.operation == subject.target for entry in scene.emulator.log)
        if arrived > paths:
            wrong.append(f"{subject.target} reached the device {arrived} times")
        if scene.emulator.acted.get(subject.target, 0) > 1:
            wrong.append(f"{subject.target} was done more than once")
    files = list(scene.folder.iterdir())
    if subject.saves:
        whole = [path for path in files if path.suffix == ".evo"]
        if len(files) != len(whole):
            wrong.append(f"left behind: {', '.join(path.name for path in files)}")
        if (outcome == FINE) != (len(whole) == 1):
            wrong.append(f"{len(whole)} backups after {outcome}")
        if any(path.stat().st_size != len(scene.backup_bytes) for path in whole):
            wrong.append("the backup is not whole")
    elif files:
        wrong.append("files where none should be")
    return wrong


def _usable_again(stage: Stage, client: Client) -> list[str]:
    stage.emulator.faults.clear()
    _until_up(stage.emulator)
    try:
        client.patient.wait_until_ready(poll=0.02, timeout=HANG)
        client.patient.get_calib()
    except Exception as error:  # noqa: BLE001
        return [f"the client does not work again: {error!r}"]
    return []


def _until_up(emulator: Emulator) -> None:
    while not emulator.device.up:
        time.sleep(0.01)


def _until_closed(url: str) -> None:
    import socket
    from urllib.parse import urlsplit

    address = urlsplit(url)
    for _ in range(1000):
        try:
            socket.create_connection((address.hostname, address.port), timeout=1).close()
        except OSError:
            return
        time.sleep(0.01)
    raise AssertionError("the emulator did not close its port")
