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
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal

from attrs import evolve, frozen
from call_cases import CALL_CASES, CallCase, Setup, Version
from expected_outcomes import FAULT_CASES, LONG, SUCCESS, FaultCase, Repetition, expected_for

from vision_ai import AsyncVisionAI, RecognitionResult, RecognizedItem, Retries, VisionAI, VisionAIError
from vision_ai.options import Api
from vision_ai_emulator import Emulator, serve
from vision_ai_emulator.faults.kinds import KINDS

WORKERS = 6

Flavor = Literal["sync", "async"]
FLAVORS: tuple[Flavor, ...] = ("sync", "async")

TIMEOUT = 0.6
"""Seconds for one call of the matrix."""
TIMEOUT_FACTOR = 3
"""How many times as long a second run of a cell may take."""
SETTLING = 0.05
"""Seconds in which the end of a connection arrives."""
HANG = LONG / 2
"""Seconds after which a call has missed its deadline; every deadline is far shorter."""


@frozen
class Cell:
    call_case: CallCase
    fault_case: FaultCase
    repetition: Repetition
    flavor: Flavor

    def __str__(self) -> str:
        return f"{self.call_case.name} × {self.fault_case.name} ({self.repetition}, {self.flavor})"


@frozen
class CellResult:
    """The outcome of a cell, and a sentence for each problem."""

    cell: Cell
    outcome: str
    problems: tuple[str, ...]
    second_try: bool = False
    """Whether the cell was run twice."""


def cells(
    call_cases: Iterable[CallCase] = CALL_CASES, fault_cases: Iterable[FaultCase] = FAULT_CASES
) -> list[Cell]:
    return [
        Cell(call_case, fault_case, repetition, flavor)
        for fault_case in fault_cases
        for call_case in call_cases
        if fault_case.everywhere or fault_case.before or call_case.target in KINDS[fault_case.kind].operations  # type: ignore[index]
        for repetition in sorted(fault_case.only)
        for flavor in FLAVORS
    ]


class Client:
    """Either client, with blocking calls."""

    def __init__(self, flavor: Flavor, url: str, timeout_factor: float = 1, api: Api = "v1") -> None:
        settings: dict[str, Any] = {
            "api": api,
            "timeout": TIMEOUT * timeout_factor,
            "retries": Retries(count=2, pause=0.02),
        }
        self._runner = asyncio.Runner() if flavor == "async" else None
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
    def with_long_timeout(self) -> Client:
        """The same client, with enough time for a busy machine."""
        other = object.__new__(Client)
        other._runner = self._runner
        other._client = self._client.with_options(timeout=HANG)
        return other

    def close(self) -> None:
        if self._runner is None:
            self._client.close()
        else:
            self._runner.run(self._client.aclose())
            self._runner.close()


@frozen
class ServedDevice:
    """A served emulator, which takes the same state before each cell."""

    emulator: Emulator
    url: str
    setup: Setup
    state: Any
    """The emulator's state at the start of a cell: loading it is faster than making it."""

    def prepare(self) -> Setup:
        self.emulator.faults.clear()
        _until_up(self.emulator)
        self.emulator.load_state(self.state)
        self.emulator.clear_log()
        shutil.rmtree(self.setup.folder, ignore_errors=True)
        self.setup.folder.mkdir(parents=True)
        return self.setup


def _set_up(emulator: Emulator, scratch: Path, version: Version) -> Setup:
    device = emulator.device
    if version == "v2":
        sid = device.add_item_template("001").sid
        device.add_item_template("001")
        return Setup(emulator, scratch / "backups", sid)
    device.register_item("001", "Apple")
    device.commit_registered_item("001")
    image_id = device.register_item("002", "Pear").image_id
    result = device.get_result()
    device.start_backup()
    name = device.get_backup_status()[1]
    content = device.download(name)
    file = scratch / "backup.evo"
    file.write_bytes(content)
    items = [RecognizedItem(id=id, score=score) for id, score in result.items]
    recognition = RecognitionResult(items=items, sid=result.sid)
    return Setup(emulator, scratch / "backups", result.sid, image_id, recognition, name, content, file)


@contextmanager
def serve_device(version: Version = "v1") -> Generator[ServedDevice]:
    emulator = Emulator(api=version, reboot_seconds=0.2, backup_padding=200_000, pace="immediate")
    with tempfile.TemporaryDirectory() as scratch, serve(emulator) as url:
        setup = _set_up(emulator, Path(scratch), version)
        emulator.change(pace="polls")  # so that a poll finds the work in progress
        yield ServedDevice(emulator, url, setup, emulator.state())


@contextmanager
def serve_devices(selected: Iterable[Cell]) -> Generator[dict[Version, ServedDevice]]:
    """Serve a device for each version of the API that the cells need."""
    with ExitStack() as stack:
        versions = {cell.call_case.version for cell in selected}
        yield {version: stack.enter_context(serve_device(version)) for version in versions}


def run_cells(selected: Iterable[Cell], advance: Callable[[], object] = lambda: None) -> list[CellResult]:
    """Run several cells at a time, each worker with its own emulator: most of the time they wait."""
    selected = list(selected)
    waiting = iter(selected)
    lock = threading.Lock()

    def worker() -> list[CellResult]:
        results: list[CellResult] = []
        with serve_devices(selected) as devices:
            while True:
                with lock:
                    cell = next(waiting, None)
                if cell is None:
                    return results
                results.append(run_cell(devices[cell.call_case.version], cell))
                advance()

    with ThreadPoolExecutor(WORKERS) as pool:
        running = [pool.submit(worker) for _ in range(WORKERS)]
        results = [result for each in running for result in each.result()]
    return _repeat_cells_with_problems(results)


def _repeat_cells_with_problems(results: list[CellResult]) -> list[CellResult]:
    """Run cells with problems again, alone and with more time: a busy machine misses short deadlines."""
    failed = [result.cell for result in results if result.problems]
    with serve_devices(failed) as devices:
        return [
            evolve(
                run_cell(devices[result.cell.call_case.version], result.cell, timeout_factor=TIMEOUT_FACTOR),
                second_try=True,
            )
            if result.problems
            else result
            for result in results
        ]


def run_cell(device: ServedDevice, cell: Cell, timeout_factor: float = 1) -> CellResult:
    setup = device.prepare()
    client = Client(cell.flavor, device.url, timeout_factor, cell.call_case.api)
    earlier = cell.call_case.earlier
    try:
        if cell.fault_case.before:
            device.emulator.faults.add(cell.fault_case.fault(cell.call_case, cell.repetition))
            getattr(client.with_long_timeout, earlier)()
            time.sleep(SETTLING)
            device.emulator.clear_log()
        else:
            device.emulator.faults.add(cell.fault_case.fault(cell.call_case, cell.repetition))
            if cell.fault_case.kind == "refuse" and cell.fault_case.everywhere:
                _until_closed(device.url)
        started = time.monotonic()
        outcome, problems = _outcome(client, cell, setup)
        if time.monotonic() - started > HANG:
            problems.append("it missed its deadline")
        problems += _check_traces(cell, setup, outcome)
        problems += _check_usable(device, client, cell.call_case)
        return CellResult(cell, outcome, tuple(problems))
    finally:
        client.close()


def _outcome(client: Client, cell: Cell, setup: Setup) -> tuple[str, list[str]]:
    try:
        cell.call_case.call(client, setup)
        outcome, problems = SUCCESS, list[str]()
    except VisionAIError as error:
        outcome, problems = type(error).__name__, list[str]()
    except Exception as error:  # noqa: BLE001  # any other exception is a problem
        outcome, problems = type(error).__name__, [f"{error!r} is not an error of the SDK"]
    expected = expected_for(cell.call_case, cell.fault_case, cell.repetition)
    if outcome not in expected:
        problems.append(f"the outcome is {outcome}, not {' or '.join(sorted(expected))}")
    return outcome, problems


def _check_traces(cell: Cell, setup: Setup, outcome: str) -> list[str]:
    """Check what must hold after any outcome."""
    problems: list[str] = []
    call_case = cell.call_case
    if not call_case.repeatable and not call_case.name.startswith("stopped learn"):
        # A deletion by a picture's number may be repeated where the list still has it.
        # After HTTP 404 a restore goes to its second path (A3); the module applied neither.
        paths = 2 if call_case.target == "start_restore" and cell.fault_case.name == "HTTP 404" else 1
        arrived = sum(entry.operation == call_case.target for entry in setup.emulator.log)
        if arrived > paths:
            problems.append(f"{call_case.target} reached the device {arrived} times")
        if setup.emulator.acted.get(call_case.target, 0) > 1:
            problems.append(f"{call_case.target} was applied more than once")
    failed = outcome != SUCCESS or call_case.name.startswith("stopped learn")
    lasting = cell.repetition == "always" or cell.fault_case.kind == "error_code"
    cannot_delete = call_case.target == "delete_item_template" and lasting
    if "learn" in call_case.name and failed and not cannot_delete:
        problems += _find_leftovers(setup, call_case.version)
    files = list(setup.folder.iterdir())
    if call_case.saves:
        whole = [path for path in files if path.suffix == ".evo"]
        if len(files) != len(whole):
            problems.append(f"files left over: {', '.join(path.name for path in files)}")
        if (outcome == SUCCESS) != (len(whole) == 1):
            problems.append(f"{len(whole)} backups after {outcome}")
        if any(path.stat().st_size != len(setup.backup_bytes) for path in whole):
            problems.append("the backup is incomplete")
    elif files:
        problems.append("unexpected files")
    return problems


def _find_leftovers(setup: Setup, version: Version) -> list[str]:
    """Return a problem where a learn() that failed has left a picture or a template."""
    _until_up(setup.emulator)
    catalog = setup.emulator.device.get_catalog()
    left = sum(each.id == "003" for each in catalog.cache)
    if version == "v2":
        left = catalog.templates.get("003", 0)
    return [f"a failed learn() has left {left} pictures"] if left else []


def _check_usable(device: ServedDevice, client: Client, call_case: CallCase) -> list[str]:
    device.emulator.faults.clear()
    if call_case.target == "reboot" and "reboot" not in device.emulator.acted:
        # After an unreadable response, the client waits until the module has restarted.
        device.emulator.device.reboot()
    _until_up(device.emulator)
    try:
        client.with_long_timeout.wait_until_ready(poll=0.02, timeout=HANG)
        getattr(client.with_long_timeout, call_case.earlier)()
    except Exception as error:  # noqa: BLE001
        return [f"the client stays unusable: {error!r}"]
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
