"""`vision-ai journal`."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from vision_ai_tools.shared.record_files import (
    Columns,
    Format,
    Record,
    write_csv,
    write_json,
    write_parquet,
)
from vision_ai_translations import N_, ngettext
from vision_ai_translations import gettext as _

from ..english_messages import translate_message
from ..failures import Failure, missing_extra_failure, usage_failure
from ..options import Run, command, make_group
from ..output import make_table
from ..output_files import check_output_file
from ..printable import format_parts
from ..time_arguments import parse_days, parse_size, parse_time

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai.journal import JournalEvent, JournalReader, JournalRecognition

app = make_group(
    "Show, export and prune journals of recognitions.\n\n"
    'A program keeps a journal with VisionAI(journal="recognitions.db"), `vision-ai recognize` with --journal. '
    "No module is needed to read one, and programs may write to it meanwhile."
)

SHOWN_GUESSES = 3
FILE = "recognitions.db"
EVENTS = {
    "connection_lost": N_("connection lost"),
    "connection_restored": N_("connection restored"),
    "device_error": N_("device error"),
    "restored": N_("restored"),
    "taught": N_("taught"),
    "forgotten": N_("forgotten"),
    "restarted": N_("restarted"),
}

JournalFile = Annotated[Path, typer.Argument(metavar="[FILE]", help="The journal.")]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="TIME",
        help="From this time on: 2026-11-28, 2026-11-28T09:30, or 7d for seven days ago.",
        show_default=False,
    ),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="Before this time.", show_default=False)
]
Product = Annotated[
    str | None,
    typer.Option(
        "--product",
        metavar="ID",
        help="Only this product: confirmed, or the best guess where nothing was confirmed.",
        show_default=False,
    ),
]
Unconfirmed = Annotated[
    bool, typer.Option("--unconfirmed", help="Only recognitions of which nothing was confirmed.")
]
Events = Annotated[
    bool, typer.Option("--events", help="Lost connections, errors, lessons and restores instead.")
]


@app.command("show")
@command
def show(
    run: Run,
    file: JournalFile = Path(FILE),
    since: Since = None,
    until: Until = None,
    product: Product = None,
    unconfirmed: Unconfirmed = False,
    events: Events = False,
    limit: Annotated[
        int, typer.Option("--limit", metavar="NUMBER", min=1, help="At most so many rows.")
    ] = 20,
) -> None:
    """Show the latest recognitions, the newest first. Times are those of the till."""
    from vision_ai_tools.shared.journal_records import make_event_record, make_recognition_record

    _check_selection(events, product, unconfirmed)
    selection = _parse_period(since, until)
    with _open_journal(file) as journal:
        if events:
            found = list(journal.events(**selection, newest_first=True, limit=limit))
            run.emit([make_event_record(each) for each in found], lambda: _make_event_table(found))
            return
        rows = list(
            journal.recognitions(
                **selection, product=product, unconfirmed=unconfirmed, newest_first=True, limit=limit
            )
        )
    run.emit([make_recognition_record(row) for row in rows], lambda: _make_table(rows))


@app.command("export")
@command
def export(
    run: Run,
    file: JournalFile = Path(FILE),
    since: Since = None,
    until: Until = None,
    product: Product = None,
    unconfirmed: Unconfirmed = False,
    events: Events = False,
    format: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="Default: by the name of the output file, else csv. Parquet needs the extra report.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The file to write. Default: standard output.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Export recognitions in the order of time, to a spreadsheet or a data tool.

    Each row has the till's local time with its offset from UTC (time) and the same in UTC (time_utc). In CSV and
    Parquet, the column guesses is JSON.

    `vision-ai report` reads Parquet files. It finds the events of till7.parquet in events-till7.parquet.
    """
    _check_selection(events, product, unconfirmed)
    selection: dict[str, Any] = _parse_period(since, until)
    if not events:
        selection |= {"product": product, "unconfirmed": unconfirmed}
    chosen = format or _find_format(output)
    if output is None:
        if chosen is Format.parquet or run.json:
            message = (
                _("Parquet is no text: there is no file to write")
                if chosen is Format.parquet
                else _("--json prints no rows: there is no file to write")
            )
            raise usage_failure(message, _("Add {option}.", option="--output FILE"))
        with _open_journal(file) as journal:
            _print_records(*_read_records(journal, events, selection), chosen)
        return
    target = check_output_file(output)
    if target.exists() and target.samefile(file):
        raise usage_failure(_("the output file is the journal itself"), _("Choose another name."))
    with _open_journal(file) as journal:
        count = _save_records(*_read_records(journal, events, selection), target, chosen)
    if events:
        text = ngettext(
            "{count} event saved in {file}",
            "{count} events saved in {file}",
            count,
            count=count,
            file="{file}",
        )
    else:
        text = ngettext(
            "{count} recognition saved in {file}",
            "{count} recognitions saved in {file}",
            count,
            count=count,
            file="{file}",
        )
    run.emit(
        {"file": str(target), "format": chosen.value, "rows": count},
        lambda: format_parts(text, file=target),
    )


@app.command("prune")
@command
def prune(
    run: Run,
    file: JournalFile = Path(FILE),
    older_than: Annotated[
        str | None,
        typer.Option(
            "--older-than", metavar="AGE", help="Delete older rows: 400d, 8w, 12h.", show_default=False
        ),
    ] = None,
    max_size: Annotated[
        str | None,
        typer.Option(
            "--max-size",
            metavar="SIZE",
            help="Delete the oldest rows while the file is larger: 200MB, 500kB.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Delete the oldest rows of a journal.

    Programs that write a journal do this by themselves, after 400 days and above 200 MB by default. Pictures are not
    deleted.
    """
    if older_than is None and max_size is None:
        raise usage_failure(
            _("nothing says what to delete"),
            _("Add {option} or {other}.", option="--older-than AGE", other="--max-size SIZE"),
        )
    from vision_ai.journal import prune_journal

    days = None if older_than is None else parse_days("--older-than", older_than)
    size = None if max_size is None else parse_size("--max-size", max_size)
    with _explain_errors():
        count = prune_journal(file, keep_days=days, keep_bytes=size)
    text = ngettext(
        "{count} row deleted from {file}",
        "{count} rows deleted from {file}",
        count,
        count=count,
        file="{file}",
    )
    run.emit(
        {"file": str(file), "deleted": count, "bytes": file.stat().st_size},
        lambda: format_parts(text, file=file),
    )


def _check_selection(events: bool, product: str | None, unconfirmed: bool) -> None:
    if events and (product is not None or unconfirmed):
        raise usage_failure(
            _("--events does not work with --product and --unconfirmed"), _("Leave them out.")
        )


def _parse_period(since: str | None, until: str | None) -> dict[str, Any]:
    return {
        "since": None if since is None else parse_time("--since", since),
        "until": None if until is None else parse_time("--until", until),
    }


@contextmanager
def _explain_errors() -> Generator[None]:
    from vision_ai.journal import JournalError

    try:
        yield
    except JournalError as error:
        raise Failure(
            translate_message(str(error)),
            _("Name the file that VisionAI(journal=…) writes."),
            kind="journal",
        ) from error


@contextmanager
def _open_journal(file: Path) -> Generator[JournalReader]:
    from vision_ai.journal import JournalReader

    with _explain_errors(), JournalReader(file) as journal:
        yield journal


def _find_format(output: Path | None) -> Format:
    suffix = "" if output is None else output.suffix.lower().removeprefix(".")
    return Format(suffix) if suffix in list(Format) else Format.csv


def _read_records(
    journal: JournalReader, events: bool, selection: dict[str, Any]
) -> tuple[Iterable[Record], Columns]:
    from vision_ai_tools.shared import journal_records as records

    if events:
        return map(records.make_event_record, journal.events(**selection)), records.EVENT_COLUMNS
    rows = journal.recognitions(**selection)
    return map(records.make_recognition_record, rows), records.RECOGNITION_COLUMNS


def _print_records(records: Iterable[Record], columns: Columns, format: Format) -> None:
    _write_text(records, columns, sys.stdout, format)
    sys.stdout.flush()


def _write_text(records: Iterable[Record], columns: Columns, file: TextIO, format: Format) -> int:
    return write_csv(records, columns, file) if format is Format.csv else write_json(records, file)


def _save_records(records: Iterable[Record], columns: Columns, target: Path, format: Format) -> int:
    """Write a file that is complete or not there at all. Returns the number of records."""
    pending = target.with_name(f".{target.name}.part")
    try:
        if format is Format.parquet:
            try:
                count = write_parquet(records, columns, pending)
            except ModuleNotFoundError as error:
                raise missing_extra_failure(
                    "journal export --format parquet", "report", error.name
                ) from error
        else:
            with pending.open("w", encoding="utf-8", newline="") as file:
                count = _write_text(records, columns, file, format)
        pending.replace(target)
    finally:
        pending.unlink(missing_ok=True)
    return count


def _format_kind(kind: str) -> str:
    return _(EVENTS[kind]) if kind in EVENTS else kind.replace("_", " ")


def _make_table(rows: list[JournalRecognition]) -> RenderableType:
    if not rows:
        return _("No recognitions.")
    several = len({row.device and row.device.serial_number for row in rows}) > 1
    columns = (
        _("Time"),
        _("Guesses"),
        _("Confirmed"),
        _("Place"),
        _("Latency"),
        *((_("Module"),) if several else ()),
    )
    return make_table(columns, ((*_make_cells(row), *_make_module(row, several)) for row in rows))


def _make_cells(row: JournalRecognition) -> tuple[object, ...]:
    guesses = ", ".join(
        f"{guess.id} {guess.name or ''}".strip() + ("" if guess.score is None else f" {guess.score:.0%}")
        for guess in islice(row.guesses, SHOWN_GUESSES)
    )
    more = len(row.guesses) - SHOWN_GUESSES
    confirmed = None if row.choice is None else f"{row.choice} {row.choice_name or ''}".strip()
    place = _("not a guess") if row.place == 0 else row.place
    latency = None if row.latency is None else _("{number} ms", number=format(row.latency * 1000, ".0f"))
    return (
        f"{row.time:%Y-%m-%d %H:%M:%S}",
        f"{guesses}, +{more}" if more > 0 else guesses,
        confirmed,
        place,
        latency,
    )


def _make_module(row: JournalRecognition, is_shown: bool) -> tuple[object, ...]:
    return ((row.device and row.device.serial_number),) if is_shown else ()


def _make_event_table(events: list[JournalEvent]) -> RenderableType:
    if not events:
        return _("No events.")
    return make_table(
        (_("Time"), _("Event"), _("Code"), _("Detail")),
        (
            (f"{event.time:%Y-%m-%d %H:%M:%S}", _format_kind(event.kind), event.code, event.detail)
            for event in events
        ),
    )
