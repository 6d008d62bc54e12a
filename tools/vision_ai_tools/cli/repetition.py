"""Repeat a command until Ctrl-C."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated

import typer

from .failures import add_url_to_hint, require_switch, usage_failure
from .options import Run, make_seconds_option

EVERY = 1.0
MAX_EVERY = 1e6
"""Seconds."""

Watch = Annotated[bool, typer.Option("--watch", help="Repeat until Ctrl-C.")]
EverySeconds = Annotated[
    float | None, make_seconds_option("--watch", "--every", "seconds between repetitions", EVERY)
]
Times = Annotated[
    int | None,
    typer.Option(
        "--times", metavar="NUMBER", min=1, help="With --watch: stop after NUMBER times.", show_default=False
    ),
]


def repeat(
    run: Run, action: Callable[[], None], *, watch: bool, every: float | None, times: int | None
) -> None:
    """Run the action once, or with `watch` until Ctrl-C or the given number of times.

    An error ends the first run. Later errors are reported and the watch continues, since a module that
    restarts and a camera that is unplugged come back.
    """
    require_switch("--watch", watch, {"--every": every, "--times": times})
    every = EVERY if every is None else every
    if not 0 <= every <= MAX_EVERY:
        raise usage_failure(
            f"--every must be 0 to {MAX_EVERY:g} seconds, not {every:g}", "Correct the value of --every."
        )
    action()
    runs = 1
    while watch and (times is None or runs < times):
        time.sleep(every)
        _run_and_report_errors(run, action)
        runs += 1


def _run_and_report_errors(run: Run, action: Callable[[], None]) -> None:
    from vision_ai import VisionAIError

    from .error_hints import describe_error

    try:
        action()
    except VisionAIError as error:
        run.output.print_failure(add_url_to_hint(describe_error(error), run.url))
