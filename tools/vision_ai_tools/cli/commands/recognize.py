"""`vision-ai recognize`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..catalog_files import CatalogFile, get_catalog_names, read_optional_catalog, to_named_dict
from ..confirmation import has_operation
from ..failures import Failure, require_switch, usage_failure
from ..options import Run, command
from ..output import make_console, make_failure_view
from ..printable import make_printable
from ..repetition import EverySeconds, Times, Watch, repeat

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai import RecognitionResult, VisionAI

BAR_WIDTH = 20
"""Columns of a score of 1."""
GAP = 2
"""Columns between two columns of the table."""
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
            help="With --confirm: the product's name. Default: the name in the catalog, else on the module.",
            show_default=False,
        ),
    ] = None,
    catalog: CatalogFile = None,
    watch: Watch = False,
    every: EverySeconds = None,
    times: Times = None,
) -> None:
    """Recognize the product on the pan: up to ten guesses, the best first."""
    if confirm is not None and watch:
        raise usage_failure("--confirm does not work with --watch", "Leave out --watch.")
    if name is not None and confirm is None:
        raise usage_failure("--name works only with --confirm", "Add --confirm ID.")
    from vision_ai import UnsupportedOperationError

    from ..error_hints import describe_error

    require_switch("--watch", watch, {"--every": every, "--times": times})
    products = read_optional_catalog(catalog)
    with run.client(catalog=products) as module:
        if watch:
            _watch(run, module, every, times)
            return
        names = {} if run.json and confirm is None else _get_names(module)
        recognition = module.get_result()
        if products is not None:
            names |= {product.id: product.name for product in products.values()}
        result = to_named_dict(recognition)
        if confirm is not None:
            try:
                result["confirmed"] = _confirm(module, recognition, confirm, name, names)
            except UnsupportedOperationError as error:  # the recognition is worth showing all the same
                result |= {"confirmed": None, "not_confirmed": describe_error(error).message}
                confirm = None
    run.emit(result, lambda: _make_table(recognition, names, confirm))
    if "not_confirmed" in result:
        run.note(result["not_confirmed"])


def _get_names(module: VisionAI) -> dict[str, str]:
    return {item.id: item.name for item in module.get_item_list() if item.id and item.name}


def _find_name(id: str, names: Mapping[str, str]) -> str:
    try:
        return names[id]
    except KeyError:
        raise Failure(
            f"the module has no product {id!r}, so its name is unknown", "Give the name: --name NAME"
        ) from None


def _confirm(
    module: VisionAI, recognition: RecognitionResult, id: str, name: str | None, names: Mapping[str, str]
) -> dict[str, Any]:
    if module.api_version is None:  # a module may answer the calls of both versions (B1)
        module.get_device_info()
    if not name:  # the confirmation fails without a feedback, and has no use for a name
        name = _find_name(id, names) if has_operation(module, "result_feedback") else id
    module.confirm(recognition, id=id, name=name)
    return {"id": id, "name": name, "intop": any(guess.id == id for guess in recognition.items)}


def _watch(run: Run, module: VisionAI, every: float | None, times: int | None) -> None:
    from rich.live import Live

    is_live = not run.json and sys.stdout.isatty()
    screen = Live(console=make_console(), auto_refresh=False, vertical_overflow="crop") if is_live else None
    names = _ProductNames(module)

    def recognize_once() -> None:
        recognition = module.get_result()
        if screen is not None:
            view = _make_table(recognition, names.get(recognition), is_live=True)
            with _delay_interrupt():
                screen.update(view, refresh=True)
        else:
            run.emit(to_named_dict(recognition), lambda: _format_line(recognition, names.get(recognition)))

    def show_failure(failure: Failure) -> None:
        if screen is not None:  # whatever else is printed would stay between two tables
            with _delay_interrupt():
                screen.update(make_failure_view(failure), refresh=True)

    with screen or nullcontext():
        repeat(
            run, recognize_once, watch=True, every=every, times=times, report=show_failure if screen else None
        )


@contextmanager
def _delay_interrupt() -> Generator[None]:
    """Let Ctrl-C wait: in the middle of a drawing, the display would no longer know where it stands."""
    received: list[int] = []
    previous = signal.signal(signal.SIGINT, lambda number, _: received.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
    if received:
        raise KeyboardInterrupt


class _ProductNames:
    """The names of the products, read from the module whenever a new product is recognized."""

    def __init__(self, module: VisionAI) -> None:
        self._module = module
        self._names: dict[str, str] = {}
        self._unnamed: set[str] = set()

    def get(self, recognition: RecognitionResult) -> Mapping[str, str]:
        new = {guess.id for guess in recognition.items} - self._names.keys() - self._unnamed
        if new:
            self._names = _get_names(self._module)
            self._unnamed |= new - self._names.keys()
        return self._names | get_catalog_names(recognition)


def _format_line(recognition: RecognitionResult, names: Mapping[str, str]) -> str:
    guesses = [
        make_printable(f"{guess.id} {names.get(guess.id, '')}".strip()) + f" {guess.score:.0%}"
        for guess in recognition.items
    ]
    return ", ".join(guesses) or "no product recognized"


def _make_table(
    recognition: RecognitionResult,
    names: Mapping[str, str],
    confirmed: str | None = None,
    *,
    is_live: bool = False,
) -> RenderableType:
    """Make a table of the guesses; for a live display with one line per guess, so that it stays in its place."""
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    if not recognition.items:
        return "No product recognized."
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    width = make_console().width
    has_bars = width >= MIN_WIDTH_FOR_BARS
    if is_live:
        id_width = max(width // 4, 4)
        name_width = width - id_width - len("Score") - 2 * GAP - (GAP + BAR_WIDTH if has_bars else 0)
        table.add_column("ID", overflow="ellipsis", no_wrap=True, max_width=id_width)
        table.add_column("Name", overflow="ellipsis", no_wrap=True, max_width=max(name_width, 1))
    else:
        table.add_column("ID", overflow="fold")
        table.add_column("Name", overflow="fold")
    table.add_column("Score", justify="right", no_wrap=True)
    if has_bars or confirmed is not None:
        table.add_column("", no_wrap=True)
    for guess in recognition.items:
        mark: RenderableType = "confirmed" if guess.id == confirmed else ""
        if has_bars and not mark:
            mark = ProgressBar(
                1.0, guess.score, width=BAR_WIDTH, complete_style="cyan", finished_style="cyan"
            )
        name = make_printable(names.get(guess.id, ""))
        cells = (make_printable(guess.id), name, f"{guess.score:.0%}", mark)
        table.add_row(*cells[: len(table.columns)])
    return table
