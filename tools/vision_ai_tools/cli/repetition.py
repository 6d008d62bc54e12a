"""Repeat a command until Ctrl-C."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count
from typing import Annotated

import typer

from vision_ai_translations import gettext as _

from .failures import Failure, add_url_to_hint, require_switch, usage_failure
from .options import Run, make_seconds_option
from .printable import join_parts

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
    run: Run,
    action: Callable[[], None],
    *,
    watch: bool,
    every: float | None,
    times: int | None,
) -> None:
    """Run the action once, or with `watch` until Ctrl-C or the given number of times.

    With `watch`, errors of the module are printed, a text only if it differs from the one before, and the watch
    continues, from its first run on: a module that starts or restarts and a camera that is unplugged come back. A watch
    that ends without any success fails.
    """
    every = check_options(watch=watch, every=every, times=times, default=EVERY)
    if watch:
        _watch(run, action, every, times)
    else:
        action()


def check_options(*, watch: bool, every: float | None, times: int | None, default: float) -> float:
    """Refuse options that do not fit together. Return the seconds between repetitions."""
    require_switch("--watch", watch, {"--every": every, "--times": times})
    every = default if every is None else every
    if not 0 <= every <= MAX_EVERY:
        raise usage_failure(
            _(
                "{option} must be {least} to {most} seconds, not {value}",
                option="--every",
                least=0,
                most=format(MAX_EVERY, "g"),
                value=format(every, "g"),
            ),
            _("Correct the value of {option}.", option="--every"),
        )
    return every


def _watch(
    run: Run,
    action: Callable[[], None],
    every: float,
    times: int | None,
) -> None:
    from vision_ai import InvalidInputError, VisionAIError

    from .error_hints import describe_error

    report = _make_reporter(run)
    failure: Failure | None = None
    has_succeeded = False
    for number in count(1):
        try:
            action()
            has_succeeded, failure = True, None
        except InvalidInputError:  # the command line is wrong, and stays so
            raise
        except VisionAIError as error:
            failure = add_url_to_hint(describe_error(error), run.url)
            report(failure)
        if number == times:
            break
        time.sleep(every)
    if failure is not None and not has_succeeded:
        raise typer.Exit(failure.status)


def _make_reporter(run: Run) -> Callable[[Failure], None]:
    last = ""

    def report(failure: Failure) -> None:
        nonlocal last
        message = join_parts(failure.message)
        if run.json or message != last:
            run.output.print_failure(failure)
        last = message

    return report
