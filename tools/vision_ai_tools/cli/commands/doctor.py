"""`vision-ai doctor`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ..failures import FAILED, UNREACHABLE
from ..options import Run, command
from ..output import show

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_tools.doctor import Diagnosis, Finding, State

SIGNS: dict[State, str] = {"right": "✓", "wrong": "✗", "unknown": "?", "skipped": "–"}
PLAIN_SIGNS: dict[State, str] = {"right": "+", "wrong": "x", "unknown": "?", "skipped": "-"}
"""Where the terminal's characters are not Unicode's."""
STYLES: dict[State, str] = {"right": "green", "wrong": "bold red", "unknown": "yellow", "skipped": "dim"}
PATIENCE = 5.0

Interface = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The module's network interface, where several modules hang on this computer.",
        show_default=False,
    ),
]


@command
def doctor(run: Run, interface: Interface = None) -> None:
    """Find out why the module does not answer: from the USB plug to the camera.

    Looks and asks only, changes nothing, and needs no root. Under each thing that is wrong stands the command
    that puts it right, where there is one.

    The exit status is 0 where all is well, 1 where something is wrong, and 3 where the module cannot be
    reached. --timeout is for each thing that is asked; it is 5 seconds here.
    """
    from vision_ai_tools.doctor import diagnose

    timeout = run.options.timeout if run.options.timeout is not None else PATIENCE
    page = None if run.json else Page()
    diagnosis = diagnose(
        run.url,
        timeout=timeout,
        interface=interface,
        record=run.options.record,
        on_finding=page.add if page else None,
    )
    if page:
        page.finish()
    run.emit(diagnosis.to_dict(), lambda: f"\n{_summary(diagnosis)}")
    if not diagnosis.reached:
        raise typer.Exit(UNREACHABLE)
    if not diagnosis.well:
        raise typer.Exit(FAILED)


class Page:
    """Shows findings as they come, one line each; steps skipped for the same reason share one."""

    def __init__(self) -> None:
        self._skipped: list[Finding] = []

    def add(self, finding: Finding) -> None:
        if self._skipped and finding.what != self._skipped[-1].what:
            self.finish()
        if finding.state == "skipped":
            self._skipped.append(finding)
            return
        show(_line(finding.state, finding.step, finding.what))
        if finding.fix:
            print(f"    $ {finding.fix}", flush=True)

    def finish(self) -> None:
        """Shows what is still kept back."""
        if self._skipped:
            first = self._skipped[0]
            steps = first.step if len(self._skipped) == 1 else f"{first.step} …"
            show(_line("skipped", steps, first.what))
        self._skipped = []


def _line(state: State, steps: str, what: str) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_column(no_wrap=True)
    line.add_column(no_wrap=True, min_width=len("activation …"))
    line.add_column()
    told = "dim" if state == "skipped" else ""
    line.add_row(Text(_signs()[state], style=STYLES[state]), Text(steps, style=told), Text(what, style=told))
    return line


def _signs() -> dict[State, str]:
    try:
        "".join(SIGNS.values()).encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return PLAIN_SIGNS
    return SIGNS


def _summary(diagnosis: Diagnosis) -> str:
    if diagnosis.well:
        return f"All is well with the module at {diagnosis.url}"
    steps = ", ".join(dict.fromkeys(each.step for each in diagnosis.wrong))
    state = "answers" if diagnosis.reached else "cannot be reached"
    return f"The module at {diagnosis.url} {state}. Wrong: {steps}. Mend the first, then look again."
