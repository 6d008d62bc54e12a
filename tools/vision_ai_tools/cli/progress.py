"""Progress of long operations: bars on a terminal, plain lines without one, JSON lines with --json."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from .english_messages import translate_message
from .output import Output, make_console
from .printable import make_printable, print_parts

if TYPE_CHECKING:
    from vision_ai import Progress

ProgressHandler = Callable[["Progress"], None]

PLAIN_STEP = 10
"""Percent between two plain lines of the same phase."""
PHASES = {
    "backing up": N_("backing up"),
    "downloading": N_("downloading"),
    "uploading": N_("uploading"),
    "restoring": N_("restoring"),
    "waiting": N_("waiting"),
    "learning": N_("learning"),
}
STATES = {
    "IDLE": N_("idle"),
    "GENERATING": N_("generating"),
    "RESTORING": N_("restoring"),
    "VERIFYING": N_("verifying"),
    "COMPLETED": N_("completed"),
    "FAILED": N_("failed"),
    "RESTORE_FAILED": N_("restore failed"),
    "VERIFICATION_FAILED": N_("verification failed"),
}
"""The names of the states of a backup and of a restore."""


@contextmanager
def show_progress(
    output: Output, describe: Callable[[Progress], str] | None = None
) -> Generator[ProgressHandler]:
    """Yield the function to pass to the SDK as `progress=`.

    Args:
        output: Where it is shown.
        describe: Returns the text beside a bar. By default, that of the module's status.
    """
    describe = describe or describe_status
    if output.as_json:
        yield _ChangeFilter(
            lambda step: output.print_json_line("progress", _to_dict(step), to=sys.stderr), percent=1
        )
    elif sys.stderr.isatty():
        with _show_bars(describe) as handler:
            yield handler
    else:
        yield _ChangeFilter(lambda step: print_parts(_format_line(step, describe), sys.stderr), PLAIN_STEP)


class _ChangeFilter:
    """Passes on a step that differs from the last one: in phase, status, message, or by some percent."""

    def __init__(self, handler: ProgressHandler, percent: int) -> None:
        self._handler = handler
        self._percent = percent
        self._last: object = None

    def __call__(self, step: Progress) -> None:
        reached = None if step.fraction is None else int(step.fraction * 100) // self._percent
        current = (step.phase, step.status, step.message, reached)
        if current != self._last:
            self._last = current
            self._handler(step)


def _to_dict(step: Progress) -> dict[str, object]:
    names = ("phase", "done", "total", "status", "message", "elapsed")
    return {name: getattr(step, name) for name in names}


def describe_status(step: Progress) -> str:
    """Describe the module's status. The module's own description is always in Chinese."""
    from vision_ai import BackupState, RestoreState

    if step.phase == "waiting":
        return translate_message(step.message)  # the SDK's own text: why the module does not respond yet
    states = {"backing up": BackupState, "restoring": RestoreState}.get(step.phase)
    if states is None or step.status is None:
        return ""
    if step.status not in set(map(int, states)):
        return _("status {status}", status=step.status)
    return _(STATES[states(step.status).name])


def _format_line(step: Progress, describe: Callable[[Progress], str]) -> str:
    share = "" if step.fraction is None else f"{step.fraction:.0%}"
    parts = (f"{_(PHASES.get(step.phase, step.phase))}:", share, describe(step))
    return " ".join(part for part in parts if part).removesuffix(":")


@contextmanager
def _show_bars(describe: Callable[[Progress], str]) -> Generator[ProgressHandler]:
    from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars
    from rich.table import Column

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TaskProgressColumn(show_speed=False),
        TimeElapsedColumn(),
        TextColumn("{task.fields[status]}", markup=False, table_column=Column(no_wrap=True, ratio=1)),
    )
    tasks: dict[str, TaskID] = {}
    with Bars(*columns, console=make_console(stderr=True), expand=True) as bars:

        def finish_other_phases(phase: str) -> None:
            for name, task in tasks.items():
                if name != phase:
                    bars.update(task, total=1, completed=1, status="")

        def update(step: Progress) -> None:
            if step.phase not in tasks:
                finish_other_phases(step.phase)
                tasks[step.phase] = bars.add_task(
                    _(PHASES.get(step.phase, step.phase)), total=None, status=""
                )
            bars.update(
                tasks[step.phase],
                total=step.total,
                completed=step.done,
                status=make_printable(describe(step)),
            )

        yield update
        finish_other_phases("")
