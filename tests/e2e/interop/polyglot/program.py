"""Generate clients in other languages, and run one scenario of each with the emulator (`make interop`).

A language whose tools are not installed is reported as missing. With CI in the environment, that is a
failure.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import time
from collections.abc import Coroutine, Sequence
from pathlib import Path

from rich.console import Console

from polyglot.languages import LANGUAGES, Language
from polyglot.runner import Result, Runner
from polyglot.table import build_tables

REPORTS = Path("interop-reports")


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 if all languages pass, else 1."""
    options = _options(arguments)
    languages = [each for each in LANGUAGES if not options.languages or each.name in options.languages]
    console = Console(highlight=False)

    def report(language: Language, text: str) -> None:
        console.print(f"{language.name:<11} {text}", markup=False, soft_wrap=True)

    begin = time.monotonic()
    runner = Runner(options.report_dir, report)
    try:
        results = asyncio.run(_run_until_stopped(runner.run_all(languages, options.jobs)))
    except asyncio.CancelledError:
        console.print("stopped")
        return 130
    console.print(build_tables(results))
    console.print(_summary(results, time.monotonic() - begin), soft_wrap=True)
    return 1 if any(_fails(result) for result in results) else 0


async def _run_until_stopped(run: Coroutine[None, None, list[Result]]) -> list[Result]:
    """Cancel the run on a signal. Commands have sessions of their own, which do not get the signal."""
    task = asyncio.create_task(run)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await task


def _fails(result: Result) -> bool:
    return bool(result.failed or (result.missing and os.environ.get("CI")))


def _summary(results: Sequence[Result], seconds: float) -> str:
    missing = [result.language.name for result in results if result.missing]
    complete = sum(result.complete for result in results)
    summary = f"{complete} of {len(results)} languages passed, {seconds:.0f} s"
    if not missing:
        return summary
    counted = "a failure, because CI is set" if os.environ.get("CI") else "not counted as a failure"
    return f"{summary}; missing is {counted}: {', '.join(missing)}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    names = [language.name for language in LANGUAGES]
    parser.add_argument(
        "languages", nargs="*", metavar="LANGUAGE", help=f"one or more of {', '.join(names)} (default: all)"
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=2,
        help="number of languages that run at the same time (default: %(default)s)",
    )
    parser.add_argument(
        "--report-dir", type=Path, default=REPORTS, help="folder of the logs (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    unknown = [name for name in options.languages if name not in names]
    if unknown:
        parser.error(f"unknown language: {', '.join(unknown)}; choose from {', '.join(names)}")
    if options.jobs < 1:
        parser.error("--jobs must be at least 1")
    return options
