"""`make interop`: generates clients in other languages and runs one scenario of each against the emulator.

A language whose tools are not on the machine is reported as missing. Where CI is set in the environment, that
is a failure.
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
from polyglot.running import Result, Runner
from polyglot.table import table_of

REPORTS = Path("interop-reports")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code is 0 where every language that was tried came through, else 1."""
    options = _options(arguments)
    languages = [each for each in LANGUAGES if not options.languages or each.name in options.languages]
    console = Console(highlight=False)

    def say(language: Language, what: str) -> None:
        console.print(f"{language.name:<11} {what}", markup=False, soft_wrap=True)

    begin = time.monotonic()
    runner = Runner(options.report_dir, say)
    try:
        results = asyncio.run(_until_stopped(runner.run_all(languages, options.jobs)))
    except asyncio.CancelledError:
        console.print("stopped")
        return 130
    console.print(table_of(results))
    console.print(_summary(results, time.monotonic() - begin), soft_wrap=True)
    return 1 if any(_fails(result) for result in results) else 0


async def _until_stopped(running: Coroutine[None, None, list[Result]]) -> list[Result]:
    """Ends what was started, too, when this is stopped: commands run in sessions that no signal reaches."""
    task = asyncio.create_task(running)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await task


def _fails(result: Result) -> bool:
    return bool(result.failed or (result.missing and os.environ.get("CI")))


def _summary(results: Sequence[Result], seconds: float) -> str:
    missing = [result.language.name for result in results if result.missing]
    complete = sum(result.complete for result in results)
    told = f"{complete} of {len(results)} languages came through, {seconds:.0f} s"
    if not missing:
        return told
    counted = "a failure, because CI is set" if os.environ.get("CI") else "not counted as a failure"
    return f"{told}; missing is {counted}: {', '.join(missing)}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    names = [language.name for language in LANGUAGES]
    parser.add_argument(
        "languages", nargs="*", metavar="LANGUAGE", help=f"of {', '.join(names)} (default: all)"
    )
    parser.add_argument("--jobs", type=int, default=2, help="languages at a time (default: %(default)s)")
    parser.add_argument(
        "--report-dir", type=Path, default=REPORTS, help="for the whole logs (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    unknown = [name for name in options.languages if name not in names]
    if unknown:
        parser.error(f"no such language: {', '.join(unknown)}; there are {', '.join(names)}")
    if options.jobs < 1:
        parser.error("--jobs: at least 1")
    return options
