"""`vision-ai fleet backups` and `vision-ai fleet files`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from vision_ai_tools.cli.failures import Failure
from vision_ai_tools.cli.output import make_table
from vision_ai_tools.cli.progress import show_progress
from vision_ai_translations import gettext as _

from .formats import format_size
from .groups import make_group_with_default
from .options import FleetRun, fleet_command
from .texts import get_page_text
from .times import format_time

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import RenderableType

    from vision_ai_fleet.client import Fleet
    from vision_ai_fleet.objects import Manifest, Progress
    from vision_ai_tools.cli.progress import ProgressHandler

SHOWN_DIGITS = 12
PREFIX = re.compile(r"backups\.([^.]+)\.([^.]+)")

backups_app = make_group_with_default(
    "List the backups that the center keeps, or get one.\n\n"
    "Scales make them as jobs: vision-ai fleet run backup, or each night: vision-ai fleet schedule backup.",
    choose=lambda args: "list",
)
files_app = make_group_with_default(
    "List the files that jobs use, upload one, or remove one.\n\n"
    "`vision-ai fleet run` uploads the files that it names by itself.",
    choose=lambda args: "list",
)

Engine = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="VERSION",
        help="Only of modules with this version of the engine, which a restore needs.",
        show_default=False,
    ),
]


@backups_app.command("list")
@fleet_command
def list_backups(
    run: FleetRun,
    store: Annotated[
        str | None,
        typer.Option("--store", metavar="STORE", help="Only of this store.", show_default=False),
    ] = None,
    scale: Annotated[
        str | None,
        typer.Option("--scale", metavar="STORE/SCALE", help="Only of this scale.", show_default=False),
    ] = None,
    engine: Engine = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", metavar="NUMBER", min=1, help="At most so many.", show_default=False),
    ] = None,
) -> None:
    """List the backups, the newest first."""
    from .selection import parse_scales

    number = None
    if scale is not None:
        [name] = parse_scales([scale if "/" in scale or store is None else f"{store}/{scale}"])
        store, number = name
    found = run.use(lambda fleet: fleet.backups(store=store, scale=number, engine=engine))[:limit]
    result = [
        {**dict(zip(("store", "scale"), find_scale(each), strict=True)), **each.to_dict()} for each in found
    ]
    run.emit(result, lambda: make_backup_table(found))


@backups_app.command("get")
@fleet_command
def get_backup(
    run: FleetRun,
    source: Annotated[
        str,
        typer.Argument(
            metavar="BACKUP",
            help="The scale whose newest backup is meant (0042/07), or 0042/07@2026-11-27, or the first digits of "
            "a digest.",
        ),
    ],
    target: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="Where to write it: a file or a folder. Default: STORE-SCALE-TIME.evo in the current folder.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Download a backup. Its digest is checked; an incomplete file is never left."""
    from .job_files import find_backup

    async def find(fleet: Fleet) -> Manifest:
        if "/" not in source:
            return find_by_digest(await fleet.backups(), source)
        return (await find_backup(fleet, source))[0]

    async def get(fleet: Fleet) -> Path:
        manifest = await find(fleet)
        path = target or Path()
        path = path / make_file_name(manifest) if path.is_dir() else path
        return await fleet.get_backup(manifest, path, make_progress(show, _("downloading")))

    with show_progress(run.output) as show:
        path = run.use(get)
    run.emit({"file": str(path), "bytes": path.stat().st_size}, path)


@files_app.command("list")
@fleet_command
def list_files(run: FleetRun) -> None:
    """List the files, the newest first."""
    found = run.use(lambda fleet: fleet.files())
    run.emit([each.to_dict() for each in found], lambda: make_file_table(found))


@files_app.command("put")
@fleet_command
def put_file(
    run: FleetRun,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A data set, a list of products, or firmware.")
    ],
    name: Annotated[
        str | None,
        typer.Option(
            "--name", metavar="NAME", help="Its name in the center. Default: its own.", show_default=False
        ),
    ] = None,
) -> None:
    """Upload a file for jobs. Every scale can read it."""
    with show_progress(run.output) as show:
        manifest = run.use(
            lambda fleet: fleet.put_file(file, name or file.name, make_progress(show, _("uploading")))
        )
    run.emit(
        manifest.to_dict(),
        _("{name}: {size} in the center", name=manifest.name, size=format_size(manifest.size)),
    )


@files_app.command("remove")
@fleet_command
def remove_file(
    run: FleetRun, name: Annotated[str, typer.Argument(metavar="NAME", help="The file's name in the center.")]
) -> None:
    """Remove a file. Jobs that need it and have not begun fail."""

    run.use(lambda fleet: fleet.remove_file(name))
    run.emit({"name": name}, _("removed: {name}", name=name))


def find_scale(manifest: Manifest) -> tuple[str, str]:
    """Return the store and the scale of a backup."""
    match = PREFIX.fullmatch(manifest.prefix)
    return (match[1], match[2]) if match else ("", "")


def find_by_digest(backups: Sequence[Manifest], digits: str) -> Manifest:
    """Return the backup whose digest begins with these digits.

    Raises:
        Failure: there is none, or there are several that differ.
    """
    found = [each for each in backups if each.digest.startswith(digits.lower())]
    if len({each.digest for each in found}) != 1:
        raise Failure(
            _("{count} backups have digests that begin with {digits!r}", count=len(found), digits=digits)
            if found
            else _("no backup has a digest that begins with {digits!r}", digits=digits),
            _("Look at them: vision-ai fleet backups"),
            kind="missing",
        )
    return found[0]


def make_file_name(manifest: Manifest) -> str:
    """Return a name for a downloaded backup: `0042-07-20261128-023000.evo`."""
    from datetime import datetime

    store, scale = find_scale(manifest)
    return f"{store}-{scale}-{datetime.fromtimestamp(manifest.created):%Y%m%d-%H%M%S}.evo"


def make_progress(show: ProgressHandler, phase: str) -> Progress:
    """Return what shows the bytes of a transfer."""
    from vision_ai import Progress as Step

    phases = cast("Callable[..., Step]", Step)
    return lambda done, total: show(phases(phase, done, total))


def make_backup_table(backups: Sequence[Manifest]) -> RenderableType:
    """Make a table of backups."""
    if not backups:
        return _("There are no backups.")
    return make_table(
        (
            *(_("Scale"), _("Made"), _("Size"), get_page_text("column.engine", "Engine")),
            *(_("Serial number"), _("Digest")),
        ),
        (
            (
                "/".join(find_scale(each)),
                format_time(each.created),
                format_size(each.size),
                each.engine,
                each.serial_number,
                each.digest[:SHOWN_DIGITS],
            )
            for each in backups
        ),
    )


def make_file_table(files: Sequence[Manifest]) -> RenderableType:
    """Make a table of uploaded files."""
    if not files:
        return _("There are no files.")
    return make_table(
        (_("Name"), _("Uploaded"), _("Size"), _("Digest")),
        (
            (each.name, format_time(each.created), format_size(each.size), each.digest[:SHOWN_DIGITS])
            for each in files
        ),
    )
