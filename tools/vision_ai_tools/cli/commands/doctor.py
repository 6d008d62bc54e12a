"""`vision-ai doctor`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from vision_ai_translations import N_, get_language
from vision_ai_translations import gettext as _

from ..failures import FAILED, UNREACHABLE
from ..options import Run, command
from ..output import print_view
from ..printable import make_printable, print_parts
from .wait import SetClock

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_tools.doctor import Diagnosis, Finding, State
    from vision_ai_tools.doctor.findings import Step

SIGNS: dict[State, str] = {"right": "✓", "wrong": "✗", "unknown": "?", "skipped": "–"}
ASCII_SIGNS: dict[State, str] = {"right": "+", "wrong": "x", "unknown": "?", "skipped": "-"}
"""For terminals without Unicode."""
STYLES: dict[State, str] = {"right": "green", "wrong": "bold red", "unknown": "yellow", "skipped": "dim"}
STEPS: dict[Step, str] = {
    "usb": N_("usb"),
    "interface": N_("interface"),
    "up": N_("up"),
    "address": N_("address"),
    "network": N_("network"),
    "route": N_("route"),
    "proxy": N_("proxy"),
    "neighbor": N_("neighbor"),
    "port": N_("port"),
    "http": N_("http"),
    "protocol": N_("protocol"),
    "api": N_("api"),
    "clock": N_("clock"),
    "activation": N_("activation"),
    "camera": N_("camera"),
}
TIMEOUT = 5.0
"""Seconds."""

Interface = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The module's network interface, if several modules are connected to this computer.",
        show_default=False,
    ),
]


@command
def doctor(run: Run, interface: Interface = None, set_clock: SetClock = True) -> None:
    """Find out why the module does not respond: check everything from the USB cable to the camera.

    The checks need no root rights, and change nothing but the clock of a module that speaks V2, which forgets
    the time when it restarts. If a command can fix a problem, it is printed below the problem.

    Exit status: 0 if everything is in order, 1 if there is a problem, 3 if the module cannot be reached.
    --timeout applies to each check; its default here is 5 seconds.
    """
    from vision_ai_tools.doctor import diagnose

    timeout = run.options.timeout if run.options.timeout is not None else TIMEOUT
    printer = None if run.json else FindingPrinter()
    diagnosis = diagnose(
        run.url,
        timeout=timeout,
        interface=interface,
        record=run.options.record,
        api=run.options.api.value if run.options.api is not None else "auto",
        set_clock=set_clock,
        on_finding=printer.add if printer else None,
    )
    if printer:
        printer.finish()
    run.emit(diagnosis.to_dict(), lambda: f"\n{_summarize(diagnosis)}")
    if not diagnosis.reached:
        raise typer.Exit(UNREACHABLE)
    if not diagnosis.well:
        raise typer.Exit(FAILED)


class FindingPrinter:
    """Prints findings as they come, one line each. Steps not checked for the same reason share a line."""

    def __init__(self) -> None:
        self._unchecked: list[Finding] = []

    def add(self, finding: Finding) -> None:
        may_share = finding.state in ("unknown", "skipped") and not finding.fix
        last = self._unchecked[-1] if self._unchecked else None
        if last and not (may_share and (finding.state, finding.what) == (last.state, last.what)):
            self.finish()
        if may_share:
            self._unchecked.append(finding)
            return
        print_view(_make_line(finding, _(STEPS[finding.step])))
        if finding.fix:
            print_parts(f"    $ {finding.fix}", sys.stdout)

    def finish(self) -> None:
        """Print the steps that were held back."""
        if self._unchecked:
            first = self._unchecked[0]
            steps = _(STEPS[first.step])
            print_view(_make_line(first, steps if len(self._unchecked) == 1 else steps + _get_ellipsis()))
        self._unchecked = []


def _make_line(finding: Finding, steps: str) -> RenderableType:
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_column(no_wrap=True)
    line.add_column(
        no_wrap=True, min_width=max(cell_len(_(step) + _get_ellipsis()) for step in STEPS.values())
    )
    line.add_column()
    state = finding.state
    style = "dim" if state == "skipped" else ""
    line.add_row(
        Text(_get_signs()[state], style=STYLES[state]),
        Text(steps, style=style),
        Text(make_printable(finding.describe(get_language())), style=style),
    )
    return line


def _get_signs() -> dict[State, str]:
    try:
        "".join(SIGNS.values()).encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return ASCII_SIGNS
    return SIGNS


def _get_ellipsis() -> str:
    return " …" if _get_signs() is SIGNS else " ..."


def _summarize(diagnosis: Diagnosis) -> str:
    if diagnosis.well:
        return _("The module at {url} is in order.", url=diagnosis.url)
    steps = ", ".join(dict.fromkeys(_(STEPS[each.step]) for each in diagnosis.wrong))
    if diagnosis.reached:
        return _(
            "The module at {url} responds. Problems: {steps}. Fix the first one, then check again.",
            url=diagnosis.url,
            steps=steps,
        )
    return _(
        "The module at {url} cannot be reached. Problems: {steps}. Fix the first one, then check again.",
        url=diagnosis.url,
        steps=steps,
    )
