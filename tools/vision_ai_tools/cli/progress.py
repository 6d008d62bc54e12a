"""How far a long piece of work is: bars, plain lines where there is no terminal, or JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .output import Output, console

if TYPE_CHECKING:
    from vision_ai import Progress

Show = Callable[["Progress"], None]

STEP = 10
"""Per cent between two plain lines of the same phase."""


@contextmanager
def shown(output: Output) -> Generator[Show]:
    """Gives the function to be handed to the SDK as `progress=`."""
    if output.as_json:
        yield _Steps(lambda step: output.line("progress", _facts(step), to=sys.stderr), percent=1)
    elif sys.stderr.isatty():
        with _bars() as show:
            yield show
    else:
        yield _Steps(lambda step: print(_line(step), file=sys.stderr, flush=True), percent=STEP)


class _Steps:
    """Passes on what is news: another phase, another status, some per cent more."""

    def __init__(self, tell: Show, *, percent: int) -> None:
        self._tell = tell
        self._percent = percent
        self._last: object = None

    def __call__(self, step: Progress) -> None:
        reached = None if step.fraction is None else int(step.fraction * 100) // self._percent
        news = (step.phase, step.status, step.message, reached)
        if news != self._last:
            self._last = news
            self._tell(step)


def _facts(step: Progress) -> dict[str, object]:
    names = ("phase", "done", "total", "status", "message", "elapsed")
    return {name: getattr(step, name) for name in names}


def _line(step: Progress) -> str:
    share = "" if step.fraction is None else f"{step.fraction:.0%}"
    return " ".join(part for part in (f"{step.phase}:", share, step.message) if part).removesuffix(":")


@contextmanager
def _bars() -> Generator[Show]:
    from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars
    from rich.table import Column

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TaskProgressColumn(show_speed=False),
        TimeElapsedColumn(),
        TextColumn("{task.fields[message]}", markup=False, table_column=Column(no_wrap=True, ratio=1)),
    )
    tasks: dict[str, TaskID] = {}
    with Bars(*columns, console=console(stderr=True), expand=True) as bars:

        def finish_others(phase: str) -> None:
            for name, task in tasks.items():
                if name != phase:
                    bars.update(task, total=1, completed=1, message="")

        def show(step: Progress) -> None:
            if step.phase not in tasks:
                finish_others(step.phase)
                tasks[step.phase] = bars.add_task(step.phase, total=None, message="")
            bars.update(tasks[step.phase], total=step.total, completed=step.done, message=step.message)

        yield show
        finish_others("")
