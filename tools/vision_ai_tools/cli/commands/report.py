"""`vision-ai report`."""

from __future__ import annotations

import os
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vision_ai.files import save_file
from vision_ai_translations import N_, get_language, ngettext
from vision_ai_translations import gettext as _

from ..failures import FAILED, missing_extra_failure, usage_failure
from ..options import Run, command
from ..output import make_facts, make_table
from ..output_files import check_output_file
from ..printable import Printable, format_parts
from ..time_arguments import parse_time

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_tools.report.figure_data import Figures, Rate, SourceFigures

PROBLEMS = {
    "missing": N_("there is no such file"),
    "empty": N_("the file is empty"),
    "foreign": N_("the file is not a journal"),
    "newer": N_("a newer version of this program made the journal: update this program"),
    "locked": N_("another program locks the file: close it, then make the report again"),
    "damaged": N_("the file is damaged; nothing of it is in the report"),
    "unreadable": N_("the file cannot be read: check its permissions"),
}
DEFAULT_FILE = Path("report.html")
MAX_ROWS = 50
"""Of a table that is printed; --json and --csv have all."""


class Part(StrEnum):
    """What the summary is split by."""

    store = "store"
    scale = "scale"


@command
def report(
    run: Run,
    journals: Annotated[
        list[Path],
        typer.Argument(
            metavar="JOURNAL ...",
            help="Journals, Parquet files of exports, folders with them, or patterns such as 'tills/*.db'.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The HTML file to write. Default: report.html; with --json or --csv: none.",
            show_default=False,
        ),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            metavar="DIR",
            help="Write each table as a CSV file into this folder.",
            show_default=False,
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DAY",
            help="The first day that counts: 2026-11-28, or 7d for seven days ago. Days are those of the tills.",
            show_default=False,
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="The last day that counts.", show_default=False)
    ] = None,
    by: Annotated[
        Part | None,
        typer.Option(
            help="Print a table by store or by scale, the worst first. Exports of a fleet's events name them.",
            show_default=False,
        ),
    ] = None,
    seconds_per_search: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            min=0,
            help="How much longer finding a product by hand takes than one press, to estimate the time saved.",
        ),
    ] = 3.0,
) -> None:
    """Report how good the recognition is, from the journals of tills or their exports.

    The page shows how often the right product was first, which products are confused, which to teach again, how
    far scores can be trusted, latencies, and what changes brought: each share with its 95 % interval. It is one
    file that needs no network.

    Journals are only read, also while a till writes to them. --json prints all figures, --csv writes them as
    tables; both are the same in every language.

    Exit status: 0 if all journals were read; 1 if a file could not be read. The report is made of the others and
    names it.
    """
    from vision_ai_tools.report.aggregate import aggregate
    from vision_ai_tools.report.figures import make_figures
    from vision_ai_tools.report.journals import find_journals

    first, last = _get_day("--since", since), _get_day("--until", until)
    if first is not None and last is not None and last < first:
        raise usage_failure(_("--until is before --since"), _("Swap them."))
    page = output if output is not None or run.json or csv is not None else DEFAULT_FILE
    render_page = None
    if page is not None:
        check_output_file(page)
        try:
            from vision_ai_tools.report.page import render_page
        except ModuleNotFoundError as error:
            raise missing_extra_failure("report", "report", error.name) from error
    files = find_journals(journals)
    if not files:
        raise usage_failure(
            _("there are no journals in {names}", names=", ".join(map(str, journals))),
            _("Name the files, for example recognitions.db."),
        )
    try:
        sums = aggregate(files, since=first, until=last, processes=os.cpu_count() or 1)
    except ModuleNotFoundError as error:
        raise usage_failure(
            _(
                "vision-ai report of Parquet files needs a package that is not installed ({package})",
                package=error.name,
            ),
            _("Install it: {command}", command="pip install 'vision-ai-module[report]'"),
        ) from error
    figures = make_figures(sums, seconds_per_search=seconds_per_search)
    if by is not None and not figures.stores:
        raise usage_failure(
            _("--by store: the rows of these files name no store")
            if by is Part.store
            else _("--by scale: the rows of these files name no scale"),
            _("Name the files that `vision-ai fleet events export` writes, or leave the option out."),
        )
    for each in figures.problems:
        run.note(_describe_problem(each))
    written: list[Path] = []
    if page is not None and render_page is not None:
        save_file(
            page,
            render_page(figures, run.options.lang.value if run.options.lang else get_language()).encode(),
        )
        written.append(page)
    if csv is not None:
        written += _write_tables(figures, csv)
    run.emit(figures.to_dict(), lambda: _make_view(figures) if by is None else _make_table(figures, by))
    for file in written:
        run.note(format_parts(_("Written: {path}"), path=file))
    if any(each.problem is not None for each in figures.problems):
        raise typer.Exit(FAILED)


def _get_day(option: str, text: str | None) -> date | None:
    return None if text is None else parse_time(option, text).date()


def _write_tables(figures: Figures, folder: Path) -> list[Path]:
    from vision_ai_tools.report.tables import make_tables

    folder.mkdir(exist_ok=True)
    files: list[Path] = []
    for name, text in make_tables(figures).items():
        files.append(folder / f"{name}.csv")
        # The mark at the start makes spreadsheets read UTF-8.
        save_file(files[-1], b"\xef\xbb\xbf" + text.encode())
    return files


def _describe_problem(source: SourceFigures) -> Printable:
    if source.problem is None:
        text = ngettext(
            "{number} row cannot be read and was left out",
            "{number} rows cannot be read and were left out",
            source.skipped,
        )
        return (Path(source.path), f": {text}")
    return (Path(source.path), f": {_(PROBLEMS[source.problem])}")


def _make_view(figures: Figures) -> RenderableType:
    """Make a summary. The page has the rest."""
    hits = figures.overall
    return make_facts(
        {
            _("Period"): _("{first} to {last}", first=figures.since, last=figures.until)
            if figures.since
            else None,
            _("Journals"): figures.journals,
            _("Recognitions"): figures.recognitions,
            _("Weighings"): _("{number} (a product was confirmed)", number=hits.weighings),
            _("Right first"): _format_rate(hits.first),
            _("Among first 3"): _format_rate(hits.first3),
            _("Among first 5"): _format_rate(hits.first5),
            _("Not a guess"): _format_rate(hits.absent),
            _("Teach again"): ", ".join(each.name or each.id for each in figures.teach[:5]) or _("none"),
        }
    )


def _make_table(figures: Figures, by: Part) -> RenderableType:
    names = {Part.store: (_("Store"),), Part.scale: (_("Store"), _("Scale"))}[by]
    rows = [((each.store,), each.hits) for each in figures.stores]
    if by is Part.scale:
        rows = [((each.store, each.scale), each.hits) for each in figures.scales]
    return make_table(
        (*names, _("Weighings"), _("Right first"), _("Not a guess")),
        (
            (*name, hits.weighings, _format_rate(hits.first), _format_rate(hits.absent))
            for name, hits in rows[:MAX_ROWS]
        ),
    )


def _format_rate(rate: Rate) -> str | None:
    if not rate.total:
        return None
    return _(
        "{count} of {total} ({low} to {high})",
        count=rate.count,
        total=rate.total,
        low=format(rate.low, ".0%"),
        high=format(rate.high, ".0%"),
    )
