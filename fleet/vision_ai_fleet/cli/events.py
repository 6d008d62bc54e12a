"""`vision-ai fleet events` and `vision-ai fleet report`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import aclosing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from vision_ai_tools.cli.failures import Failure, missing_extra_failure
from vision_ai_tools.cli.time_arguments import parse_time
from vision_ai_translations import N_, get_language
from vision_ai_translations import gettext as _

from .groups import make_group_with_default
from .options import FleetRun, fleet_command
from .selection import parse_scales
from .texts import insert_path

if TYPE_CHECKING:
    from vision_ai_fleet.client import Fleet
    from vision_ai_fleet.event_stream import FleetEvent

DEFAULT_AGE = 3600.0
"""Seconds back to which `events` looks by itself."""
EXPORTED = N_("{events} new events; {files} files written in {path}")
REFUSED = N_(
    "{events} new events, {refused} refused (not an event of the scale that sent it, or of a clock that is far off); "
    "{files} files written in {path}"
)

app = make_group_with_default(
    "Show what happens at the scales, or export it.\n\n"
    "Recognitions come from the tills' journals or through the agents' relays. They are CloudEvents; docs/fleet.md "
    "describes them.",
    choose=lambda args: "show",
)

Store = Annotated[
    str | None, typer.Option("--store", metavar="STORE", help="Only of this store.", show_default=False)
]


@app.command("show")
@fleet_command
def show_events(
    run: FleetRun,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with new events until Ctrl-C.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="TIME",
            help="From this time on: 2026-11-28, 2026-11-28T09:30, or 7d. Default: the last hour; with "
            "--follow: now.",
            show_default=False,
        ),
    ] = None,
    store: Store = None,
    scale: Annotated[
        str | None,
        typer.Option("--scale", metavar="STORE/SCALE", help="Only of this scale.", show_default=False),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KIND", help="Only these, such as recognition.", show_default=False),
    ] = None,
) -> None:
    """Show events in the order in which the center got them.

    With --json, one line for each event: the CloudEvent is its result.
    """
    [name] = parse_scales([scale]) if scale else [None]
    first = None if since is None else parse_time("--since", since).timestamp()
    if first is None and not follow:
        first = time.time() - DEFAULT_AGE

    async def show(fleet: Fleet) -> int:
        count = 0
        events = fleet.events(first, store=name.store if name else store, kind=kind, follow=follow)
        async with aclosing(events) as found:
            async for event in found:
                if name is None or event.scale == name:
                    run.emit(event.data, format_event(event))
                    count += 1
        return count

    try:
        if not run.use(show):
            run.note(
                _("No events.") if since else _("No events in the last hour; --since looks further back.")
            )
    except KeyboardInterrupt:
        if not follow:
            raise


@app.command("export")
@fleet_command
def export_events(
    run: FleetRun,
    target: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="Where to write the files. An earlier export is continued."),
    ],
    store: Store = None,
) -> None:
    """Export events to Parquet files by day, which `vision-ai report` and data tools read."""
    result = export(run, target, store)
    run.emit(
        {"folder": str(target), **result},
        lambda: insert_path(
            REFUSED if result["refused"] else EXPORTED,
            target,
            events=result["events"],
            refused=result["refused"],
            files=len(result["files"]),
        ),
    )


@fleet_command
def report_events(
    run: FleetRun,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The HTML file to write. Default: report.html; with --json: none.",
            show_default=False,
        ),
    ] = None,
    events_folder: Annotated[
        Path | None,
        typer.Option(
            "--events",
            metavar="FOLDER",
            help="Keep the exported events here: the next report then reads only new ones.",
            show_default=False,
        ),
    ] = None,
    store: Store = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="The first day that counts: 2026-11-28, or 7d.", show_default=False),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="The last day that counts.", show_default=False)
    ] = None,
) -> None:
    """Report how good the recognition is across the chain.

    The report is that of `vision-ai report`, made of the events that the center has. `vision-ai fleet events export`
    and `vision-ai report FOLDER` make the same with more options.
    """
    if events_folder is not None:
        make_report(run, events_folder, store, output, since, until)
        return
    with TemporaryDirectory(prefix="vision-ai-") as temporary:
        make_report(run, Path(temporary), store, output, since, until)


def make_report(
    run: FleetRun,
    folder: Path,
    store: str | None,
    output: Path | None,
    since: str | None,
    until: str | None,
) -> None:
    """Export what is new to a folder, and make the report of all that is there."""
    from vision_ai.files import save_file
    from vision_ai_tools.cli.output import make_facts
    from vision_ai_tools.report.aggregate import aggregate
    from vision_ai_tools.report.figures import make_figures
    from vision_ai_tools.report.journals import find_journals

    page = output if output is not None or run.json else Path("report.html")
    first, last = (
        None if text is None else parse_time(option, text).date()
        for option, text in (("--since", since), ("--until", until))
    )
    export(run, folder, store)
    files = find_journals([folder])
    if not files:
        raise Failure(
            _("the center has no recognitions to report"),
            _("They come from the tills: see `Recognitions` in docs/fleet.md."),
            kind="missing",
        )
    figures = make_figures(aggregate(files, since=first, until=last))
    if page is not None:
        try:
            from vision_ai_tools.report.page import render_page
        except ModuleNotFoundError as error:
            raise missing_extra_failure("fleet report", "report", error.name) from error
        save_file(page, render_page(figures, get_language()).encode())
    hits = figures.overall
    run.emit(
        figures.to_dict(),
        lambda: make_facts(
            {
                _("Recognitions"): figures.recognitions,
                _("Weighings"): hits.weighings,
                _("Right first"): _("{count} of {total}", count=hits.first.count, total=hits.first.total)
                if hits.first.total
                else None,
                _("Written"): page,
            }
        ),
    )


def export(run: FleetRun, folder: Path, store: str | None) -> dict[str, Any]:
    """Bring the files of a folder up to date, and return what was done."""
    folder.mkdir(parents=True, exist_ok=True)

    async def write(fleet: Fleet) -> Any:
        try:
            from vision_ai_fleet.events.export import export_events
        except ModuleNotFoundError as error:
            raise missing_extra_failure("fleet events export", "fleet", error.name) from error
        return await export_events(fleet.connection, folder, store=store or "")

    result = run.use(write)
    return {"events": result.events, "refused": result.refused, "files": list(result.files)}


def format_event(event: FleetEvent) -> str:
    """Return an event as one line."""
    data = cast("dict[str, Any]", event.data.get("data") or {})
    moment = datetime.fromtimestamp(event.received)
    return f"{moment:%Y-%m-%d %H:%M:%S}  {event.scale}  {event.kind.replace('_', ' ')}  {describe(data)}".rstrip()


def describe(data: Mapping[str, Any]) -> str:
    """Say what an event is about: the best guess and the choice, or the code and the detail."""
    if "guesses" in data:
        best = _join(data, "guess") or _("no guess")
        if not data.get("choice"):
            return best
        return _("{guess}, confirmed {choice}", guess=best, choice=_join(data, "choice"))
    return " ".join(str(data[name]) for name in ("code", "detail") if data.get(name))


def _join(data: Mapping[str, Any], field: str) -> str:
    """Return a product's number and name."""
    return " ".join(str(data[name]) for name in (field, f"{field}_name") if data.get(name))
