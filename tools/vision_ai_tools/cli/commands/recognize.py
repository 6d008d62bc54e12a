"""`vision-ai recognize`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..failures import Failure, require_switch, usage_failure
from ..options import Run, command
from ..output import make_console
from ..repetition import EverySeconds, Times, Watch, repeat

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai import RecognitionResult, VisionAI

BAR_WIDTH = 20
"""Columns of a score of 1."""
MIN_WIDTH_FOR_BARS = 60
"""Columns of the terminal."""


@command
def recognize(
    run: Run,
    confirm: Annotated[
        str | None,
        typer.Option(
            "--confirm",
            metavar="ID",
            help="Send the module this product as the right one. In learning mode the module learns from it.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            metavar="NAME",
            help="With --confirm: the product's name. Default: the name on the module.",
            show_default=False,
        ),
    ] = None,
    watch: Watch = False,
    every: EverySeconds = None,
    times: Times = None,
) -> None:
    """Recognize the product on the pan: up to ten guesses, the best first."""
    if confirm is not None and watch:
        raise usage_failure("--confirm does not work with --watch", "Leave out --watch.")
    if name is not None and confirm is None:
        raise usage_failure("--name works only with --confirm", "Add --confirm ID.")
    require_switch("--watch", watch, {"--every": every, "--times": times})
    with run.client() as module:
        names = {} if run.json and confirm is None else _get_names(module)
        if watch:
            _watch(run, module, names, every, times)
            return
        recognition = module.get_result()
        result = recognition.to_dict()
        if confirm is not None:
            result["confirmed"] = _confirm(module, recognition, confirm, name or _find_name(confirm, names))
    run.emit(result, lambda: _make_table(recognition, names, confirm))


def _get_names(module: VisionAI) -> dict[str, str]:
    return {item.id: item.name for item in module.get_item_list() if item.id and item.name}


def _find_name(id: str, names: Mapping[str, str]) -> str:
    try:
        return names[id]
    except KeyError:
        raise Failure(
            f"the module has no product {id!r}, so its name is unknown", "Give the name: --name NAME"
        ) from None


def _confirm(module: VisionAI, recognition: RecognitionResult, id: str, name: str) -> dict[str, Any]:
    module.confirm(recognition, id=id, name=name)
    return {"id": id, "name": name, "intop": any(guess.id == id for guess in recognition.items)}


def _watch(
    run: Run, module: VisionAI, names: Mapping[str, str], every: float | None, times: int | None
) -> None:
    from rich.live import Live

    is_live = not run.json and sys.stdout.isatty()
    screen = Live(console=make_console(), auto_refresh=False) if is_live else None

    def recognize_once() -> None:
        recognition = module.get_result()
        if screen is not None:
            screen.update(_make_table(recognition, names), refresh=True)
        else:
            run.emit(recognition.to_dict(), lambda: _format_line(recognition, names))

    with screen or nullcontext():
        repeat(run, recognize_once, watch=True, every=every, times=times)


def _format_line(recognition: RecognitionResult, names: Mapping[str, str]) -> str:
    guesses = [
        f"{guess.id} {names.get(guess.id, '')}".strip() + f" {guess.score:.0%}" for guess in recognition.items
    ]
    return ", ".join(guesses) or "no product recognized"


def _make_table(
    recognition: RecognitionResult, names: Mapping[str, str], confirmed: str | None = None
) -> RenderableType:
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    if not recognition.items:
        return "No product recognized."
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("ID", overflow="fold")
    table.add_column("Name", overflow="fold")
    table.add_column("Score", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    has_bars = make_console().width >= MIN_WIDTH_FOR_BARS
    for guess in recognition.items:
        mark: RenderableType = "confirmed" if guess.id == confirmed else ""
        if has_bars and not mark:
            mark = ProgressBar(
                1.0, guess.score, width=BAR_WIDTH, complete_style="cyan", finished_style="cyan"
            )
        table.add_row(guess.id, names.get(guess.id, ""), f"{guess.score:.0%}", mark)
    return table
