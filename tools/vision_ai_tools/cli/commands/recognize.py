"""`vision-ai recognize`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..failures import Failure, only_with, usage_failure
from ..options import Run, command
from ..output import console
from ..repetition import EverySeconds, Times, repeated

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai import RecognitionResult, VisionAI

BAR = 20
"""Columns of a score of 1."""
WIDE = 60
"""Columns of a terminal that has room for bars."""


@command
def recognize(
    run: Run,
    confirm: Annotated[
        str | None,
        typer.Option(
            "--confirm",
            metavar="ID",
            help="Tell the module that it is this product; it learns from it while learning mode is on.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            metavar="NAME",
            help="With --confirm: the product's name. Default: what the module calls it.",
            show_default=False,
        ),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Again and again, until Ctrl-C.")] = False,
    every: EverySeconds = None,
    times: Times = None,
) -> None:
    """Say what lies on the pan: at most ten guesses, the likeliest first."""
    if confirm is not None and watch:
        raise usage_failure("--confirm is for one recognition", "Leave --watch out.")
    if name is not None and confirm is None:
        raise usage_failure("--name goes with --confirm", "Add --confirm ID.")
    only_with("--watch", watch, {"--every": every, "--times": times})
    with run.client() as module:
        names = {} if run.json and confirm is None else _names(module)
        if watch:
            _watched(run, module, names, every, times)
            return
        result = module.get_result()
        told = result.to_dict()
        if confirm is not None:
            told["confirmed"] = _confirmed(module, result, confirm, name or _name_of(confirm, names))
    run.emit(told, lambda: _guesses(result, names, confirm))


def _names(module: VisionAI) -> dict[str, str]:
    return {item.id: item.name for item in module.get_item_list()}


def _name_of(id: str, names: Mapping[str, str]) -> str:
    try:
        return names[id]
    except KeyError:
        raise Failure(
            f"the module knows no product {id!r}, so its name is not known", "Give it: --name NAME"
        ) from None


def _confirmed(module: VisionAI, result: RecognitionResult, id: str, name: str) -> dict[str, Any]:
    module.confirm(result, id=id, name=name)
    return {"id": id, "name": name, "intop": any(guess.id == id for guess in result.items)}


def _watched(
    run: Run, module: VisionAI, names: Mapping[str, str], every: float | None, times: int | None
) -> None:
    from rich.live import Live

    live = not run.json and sys.stdout.isatty()
    screen = Live(console=console(), auto_refresh=False) if live else None

    def once() -> None:
        result = module.get_result()
        if screen is not None:
            screen.update(_guesses(result, names), refresh=True)
        else:
            run.emit(result.to_dict(), lambda: _on_one_line(result, names))

    with screen or nullcontext():
        repeated(run, once, watch=True, every=every, times=times)


def _on_one_line(result: RecognitionResult, names: Mapping[str, str]) -> str:
    guesses = [
        f"{guess.id} {names.get(guess.id, '')}".strip() + f" {guess.score:.0%}" for guess in result.items
    ]
    return ", ".join(guesses) or "nothing recognised"


def _guesses(
    result: RecognitionResult, names: Mapping[str, str], confirmed: str | None = None
) -> RenderableType:
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    if not result.items:
        return "Nothing recognised."
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    made.add_column("ID", overflow="fold")
    made.add_column("Name", overflow="fold")
    made.add_column("Score", justify="right", no_wrap=True)
    made.add_column("", no_wrap=True)
    has_bars = console().width >= WIDE
    for guess in result.items:
        mark: RenderableType = "confirmed" if guess.id == confirmed else ""
        if has_bars and not mark:
            mark = ProgressBar(1.0, guess.score, width=BAR, complete_style="cyan", finished_style="cyan")
        made.add_row(guess.id, names.get(guess.id, ""), f"{guess.score:.0%}", mark)
    return made
