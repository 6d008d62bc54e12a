"""`vision-ai recognize`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from ..catalog_files import CatalogFile, get_catalog_names, read_optional_catalog, to_named_dict
from ..confirmation import has_operation
from ..failures import Failure, add_url_to_hint, usage_failure
from ..options import ClientArguments, Run, command, make_seconds_option
from ..output import make_console, make_failure_view
from ..printable import make_printable, print_parts
from ..repetition import check_options

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai import (
        ConnectionLost,
        ConnectionRestored,
        Event,
        PanEmpty,
        RecognitionResult,
        Recognized,
        VisionAI,
    )

NO_PRODUCT = N_("no product recognized")
"""Of an empty pan too: a module that knows no product sees no difference."""
EVERY = 0.5
"""Seconds between two recognitions of a watch."""

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
    watch: Annotated[
        bool, typer.Option("--watch", help="Report what changes on the pan, until Ctrl-C.")
    ] = False,
    every: Annotated[
        float | None, make_seconds_option("--watch", "--every", "seconds between recognitions", EVERY)
    ] = None,
    times: Annotated[
        int | None,
        typer.Option(
            "--times",
            metavar="NUMBER",
            min=1,
            help="With --watch: stop after NUMBER changes.",
            show_default=False,
        ),
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option(
            "--journal",
            metavar="FILE",
            help="Keep the recognition in this journal; `vision-ai journal` reads it.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Recognize the product on the pan: up to ten guesses, the best first."""
    if confirm is not None and watch:
        raise usage_failure(_("--confirm does not work with --watch"), _("Leave out --watch."))
    if name is not None and confirm is None:
        raise usage_failure(_("--name works only with --confirm"), _("Add --confirm ID."))
    from vision_ai import UnsupportedOperationError

    from ..error_hints import describe_error

    every = check_options(watch=watch, every=every, times=times, default=EVERY)
    products = read_optional_catalog(catalog)
    arguments: ClientArguments = {"catalog": products}
    if journal is not None:
        arguments["journal"] = journal
    with run.client(**arguments) as module:
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
            _("the module has no product {id}, so its name is unknown", id=repr(id)),
            _("Give the name: --name NAME"),
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


def _watch(run: Run, module: VisionAI, every: float, times: int | None) -> None:
    from vision_ai import ConnectionLost

    from ..error_hints import describe_error

    reporter = _LiveReporter(run, module) if not run.json and sys.stdout.isatty() else _Reporter(run, module)
    failure: Failure | None = None
    has_succeeded = False
    with reporter.open_display():
        for event in islice(module.watch(every=every), times):
            if isinstance(event, ConnectionLost):
                failure = add_url_to_hint(describe_error(event.error), run.url)
                reporter.report_loss(event, failure)
            else:
                has_succeeded = True
                reporter.report(event)
    if failure is not None and not has_succeeded:
        raise typer.Exit(failure.status)


class _Reporter:
    """Prints each event as a line."""

    def __init__(self, run: Run, module: VisionAI) -> None:
        self._run = run
        self._names = _ProductNames(module)

    def open_display(self) -> AbstractContextManager[object]:
        """Return what is open while events are reported."""
        return nullcontext()

    def report(self, event: Recognized | PanEmpty | ConnectionRestored) -> None:
        from vision_ai import ConnectionRestored, Recognized

        match event:
            case Recognized(result):
                self._print(
                    "recognized", event, to_named_dict(result), _format_line(result, self._names.get(result))
                )
            case ConnectionRestored(info):
                self._print("connection_restored", event, info.to_dict(), _("connected again"))
            case _:
                self._print("pan_empty", event, {}, _(NO_PRODUCT))

    def report_loss(self, event: ConnectionLost, failure: Failure) -> None:
        if self._run.json:
            self._print("connection_lost", event, failure.to_dict(), "")
        else:
            self._run.output.print_failure(failure)

    def _print(self, name: str, event: Event, value: dict[str, Any], line: str) -> None:
        if self._run.json:
            self._run.output.print_json_line(name, {"time": event.time.isoformat(), **value})
        else:
            print_parts(line, sys.stdout)


class _LiveReporter(_Reporter):
    """Shows what lies on the pan, or why that is not known, in its place on the terminal."""

    def __init__(self, run: Run, module: VisionAI) -> None:
        from rich.live import Live

        super().__init__(run, module)
        self._screen = Live(console=make_console(), auto_refresh=False, vertical_overflow="crop")
        self._pan: RenderableType = _("Connected.")

    def open_display(self) -> AbstractContextManager[object]:
        return self._screen

    def report(self, event: Recognized | PanEmpty | ConnectionRestored) -> None:
        from vision_ai import PanEmpty, Recognized

        if isinstance(event, Recognized):
            self._pan = _make_table(event.result, self._names.get(event.result), is_live=True)
        elif isinstance(event, PanEmpty):
            self._pan = _("No product recognized.")
        self._show(self._pan)  # after a lost connection too: what lies there still is no new event

    def report_loss(self, event: ConnectionLost, failure: Failure) -> None:
        self._show(make_failure_view(failure))

    def _show(self, view: RenderableType) -> None:
        with _delay_interrupt():
            self._screen.update(view, refresh=True)


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
            from vision_ai import VisionAIError

            try:
                self._names = _get_names(self._module)
            except VisionAIError:  # the watch reports it; the names are read with the next product
                return self._names
            self._unnamed |= new - self._names.keys()
        return self._names | get_catalog_names(recognition)


def _format_line(recognition: RecognitionResult, names: Mapping[str, str]) -> str:
    guesses = [
        make_printable(f"{guess.id} {names.get(guess.id, '')}".strip()) + f" {guess.score:.0%}"
        for guess in recognition.items
    ]
    return ", ".join(guesses) or _(NO_PRODUCT)


def _make_table(
    recognition: RecognitionResult,
    names: Mapping[str, str],
    confirmed: str | None = None,
    *,
    is_live: bool = False,
) -> RenderableType:
    """Make a table of the guesses; for a live display with one line per guess, so that it stays in its place."""
    from rich.cells import cell_len
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    if not recognition.items:
        return _("No product recognized.")
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    width = make_console().width
    score = _("Score")
    has_bars = width >= MIN_WIDTH_FOR_BARS
    if is_live:
        id_width = max(width // 4, 4)
        name_width = width - id_width - cell_len(score) - 2 * GAP - (GAP + BAR_WIDTH if has_bars else 0)
        table.add_column(_("ID"), overflow="ellipsis", no_wrap=True, max_width=id_width)
        table.add_column(_("Name"), overflow="ellipsis", no_wrap=True, max_width=max(name_width, 1))
    else:
        table.add_column(_("ID"), overflow="fold")
        table.add_column(_("Name"), overflow="fold")
    table.add_column(score, justify="right", no_wrap=True)
    if has_bars or confirmed is not None:
        table.add_column("", no_wrap=True)
    for guess in recognition.items:
        mark: RenderableType = _("confirmed") if guess.id == confirmed else ""
        if has_bars and not mark:
            mark = ProgressBar(
                1.0, guess.score, width=BAR_WIDTH, complete_style="cyan", finished_style="cyan"
            )
        name = make_printable(names.get(guess.id, ""))
        cells = (make_printable(guess.id), name, f"{guess.score:.0%}", mark)
        table.add_row(*cells[: len(table.columns)])
    return table
