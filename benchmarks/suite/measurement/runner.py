"""Run a workload: verify each contender once, then measure all of them in each round, in a shuffled order."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from ..registry import Contender, Workload
from ..results.records import ContenderResult
from ..setup.workspace import ShowProgress
from .errors import ContenderFailedError, ContenderMissingError
from .processes import Startup, WorkerProcess, measure_startup, start_worker
from .settings import Settings
from .verification import verify_output, verify_startup

WARM_UP_CALLS = 32
MAX_CALLS = 4096


def run_workload(
    workload: Workload, contenders: Sequence[Contender], settings: Settings, show_progress: ShowProgress
) -> list[ContenderResult]:
    """Return a result for each contender that the workload accepts: its measurements, or why it has none."""
    results = [ContenderResult(contender) for contender in contenders if workload.accepts(contender)]
    for result in results:
        result.missing = settings.workspace.unavailable(result.contender)
    if workload.unit == "startup":
        _run_startups(results, settings, show_progress)
    else:
        _run_batches(workload, results, settings, show_progress)
    return results


def _run_batches(
    workload: Workload, results: list[ContenderResult], settings: Settings, show_progress: ShowProgress
) -> None:
    with ExitStack() as stack:
        workers: dict[str, WorkerProcess] = {}
        calls: dict[str, int] = {}
        for result in _active(results):
            name = result.contender.name
            show_progress(f"verifying {name}")
            with _record_errors(result):
                worker = stack.enter_context(start_worker(result.contender, workload, settings))
                result.memory = verify_output(workload, worker, settings.workspace)
                calls[name] = _calls_per_batch(workload, worker, settings)
                workers[name] = worker
        for number, result in _schedule(results, settings):
            name = result.contender.name
            show_progress(f"round {number} of {settings.rounds}: {name}")
            with _record_errors(result):
                times = workers[name].run_batch(calls[name])
                result.wall.append(times["wall"] / calls[name])
                result.processor.append(times["processor"] / calls[name])
        for result in _active(results):
            with _record_errors(result):
                workers[result.contender.name].close_client()


def _run_startups(results: list[ContenderResult], settings: Settings, show_progress: ShowProgress) -> None:
    for result in _active(results):
        show_progress(f"verifying {result.contender.name}")
        with _record_errors(result):
            _run_startup(result, settings)  # the first one may have to compile the modules it imports
    for number, result in _schedule(results, settings):
        show_progress(f"round {number} of {settings.rounds}: {result.contender.name}")
        with _record_errors(result):
            startup = _run_startup(result, settings)
            result.imported.append(startup.imported)
            result.wall.append(startup.imported + startup.called)
            result.modules, result.memory = startup.modules, startup.memory


def _run_startup(result: ContenderResult, settings: Settings) -> Startup:
    startup = measure_startup(result.contender, settings)
    verify_startup(startup, settings.workspace)
    return startup


def _active(results: Sequence[ContenderResult]) -> list[ContenderResult]:
    return [result for result in results if result.active]


def _schedule(results: list[ContenderResult], settings: Settings) -> Iterator[tuple[int, ContenderResult]]:
    """Yield each active result once per round, and the number of the round."""
    generator = random.Random(settings.seed)
    for number in range(1, settings.rounds + 1):
        order = list(results)
        generator.shuffle(order)
        for result in order:
            if result.active:
                yield number, result


@contextmanager
def _record_errors(result: ContenderResult) -> Iterator[None]:
    try:
        yield
    except ContenderMissingError as error:
        result.missing = str(error)
    except ContenderFailedError as error:
        result.failed = str(error)


def _calls_per_batch(workload: Workload, worker: WorkerProcess, settings: Settings) -> int:
    if workload.unit == "bytes per second":
        return 1
    warm_up = worker.run_batch(WARM_UP_CALLS)
    calls = int(settings.batch_seconds / (warm_up["wall"] / WARM_UP_CALLS))
    calls = max(WARM_UP_CALLS, min(MAX_CALLS, calls))
    return calls - calls % workload.concurrency
