"""`vision-ai learn-mode`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision_ai_translations import gettext as _

from ..options import Run, command, make_group

if TYPE_CHECKING:
    from vision_ai import LearnMode

app = make_group(
    "Show learning mode, or switch it on or off. In learning mode the module learns from feedback."
)


@app.command("get")
@command
def get(run: Run) -> None:
    """Show whether the module learns from feedback."""
    with run.client() as module:
        mode = module.get_learnmode().mode.value
    _show(run, mode)


@app.command("on")
@command
def on(run: Run) -> None:
    """Switch learning mode on: the module learns from feedback."""
    from vision_ai import LearnMode

    _set_mode(run, LearnMode.ON)


@app.command("off")
@command
def off(run: Run) -> None:
    """Switch learning mode off: the module only recognizes."""
    from vision_ai import LearnMode

    _set_mode(run, LearnMode.OFF)


def _set_mode(run: Run, mode: LearnMode) -> None:
    with run.client() as module:
        module.set_learnmode(mode=mode)
    _show(run, mode.value)


def _show(run: Run, mode: int) -> None:
    texts = {0: _("off: the module only recognizes"), 1: _("on: the module learns from feedback")}
    run.emit({"mode": mode}, texts.get(mode, _("mode {mode}, which this version does not know", mode=mode)))
