"""Doing the same again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated

import typer

from .failures import explained, for_url, only_with, usage_failure
from .options import Run, seconds_with

EVERY = 1.0
LONGEST = 1e6
"""Seconds."""

EverySeconds = Annotated[float | None, seconds_with("--watch", "--every", "the pause between two", EVERY)]
Times = Annotated[
    int | None,
    typer.Option(
        "--times", metavar="NUMBER", min=1, help="With --watch: end after so many.", show_default=False
    ),
]


def repeated(
    run: Run, work: Callable[[], None], *, watch: bool, every: float | None, times: int | None
) -> None:
    """Does the work once, or with `watch` until Ctrl-C or so many times.

    What goes wrong the first time ends it. Later on it is told, and the watch goes on: a module restarts, a
    camera's plug is pulled, and both come back.
    """
    only_with("--watch", watch, {"--every": every, "--times": times})
    every = EVERY if every is None else every
    if not 0 <= every <= LONGEST:
        raise usage_failure(f"--every must be 0 to {LONGEST:g} seconds, not {every:g}", "Correct it.")
    work()
    done = 1
    while watch and (times is None or done < times):
        time.sleep(every)
        _once_more(run, work)
        done += 1


def _once_more(run: Run, work: Callable[[], None]) -> None:
    from vision_ai import VisionAIError

    try:
        work()
    except VisionAIError as error:
        run.output.failure(for_url(explained(error), run.url))
