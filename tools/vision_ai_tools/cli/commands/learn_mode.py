"""`vision-ai learn-mode`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..options import Run, command, group

if TYPE_CHECKING:
    from vision_ai import LearnMode

app = group("Get learning mode, or switch it on or off: whether the module learns from the clerk's choices.")


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
    """Let the module learn from feedback."""
    from vision_ai import LearnMode

    _switch(run, LearnMode.ON)


@app.command("off")
@command
def off(run: Run) -> None:
    """Let the module only recognise."""
    from vision_ai import LearnMode

    _switch(run, LearnMode.OFF)


def _switch(run: Run, mode: LearnMode) -> None:
    with run.client() as module:
        module.set_learnmode(mode=mode)
    _show(run, mode.value)


def _show(run: Run, mode: int) -> None:
    words = {0: "off: the module only recognises", 1: "on: the module learns from feedback"}
    run.emit({"mode": mode}, words.get(mode, f"mode {mode}, which this version does not know"))
