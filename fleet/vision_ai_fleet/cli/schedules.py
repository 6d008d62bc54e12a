"""`vision-ai fleet schedule`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from vision_ai_tools.cli.output import make_table
from vision_ai_tools.cli.time_arguments import parse_days
from vision_ai_translations import gettext as _

from .groups import make_group_with_default
from .job_arguments import Area, Kind, Mode, Window, check_options, make_arguments
from .options import FleetRun, fleet_command
from .selection import Store, Where

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_fleet.schedule import Schedule

DAY = 86400.0
KINDS = frozenset(map(str, Kind))

app = make_group_with_default(
    "Do a job on scales at a time of day.\n\n"
    "`vision-ai fleet schedule backup --at 02:30 --zone Europe/Berlin --keep 7` adds a schedule, or changes the one "
    "of that name. The center's own clock starts it, and scales that come to meet --where later are included.",
    choose=lambda args: "add" if any(each in KINDS or each.startswith("--at") for each in args) else "list",
)


@app.command("add")
@fleet_command
def add_schedule(
    run: FleetRun,
    kind: Annotated[
        Kind, typer.Argument(metavar="KIND", help="The job, such as backup; not restore and firmware.")
    ],
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help="When the first scale begins, such as 02:30.")
    ],
    zone: Annotated[
        str, typer.Option("--zone", metavar="ZONE", help="The time zone of --at, such as Europe/Berlin.")
    ] = "UTC",
    days: Annotated[
        str,
        typer.Option(
            "--days",
            metavar="LIST",
            help="Only on these days: mon,wed,fri. Default: all.",
            show_default=False,
        ),
    ] = "",
    spread: Annotated[
        str,
        typer.Option("--spread", metavar="AGE", help="The time over which the scales begin: 3h, 30m."),
    ] = "3h",
    keep: Annotated[
        int,
        typer.Option(
            "--keep", metavar="NUMBER", min=0, help="backup: how many of each scale to keep; 0 for all."
        ),
    ] = 7,
    store: Store = None,
    where: Where = None,
    window: Window = None,
    expires: Annotated[
        str,
        typer.Option("--expires", metavar="AGE", help="How long a scale that is off may still begin: 20h."),
    ] = "20h",
    mode: Mode = None,
    area: Area = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name", metavar="NAME", help="The schedule's name. Default: the kind.", show_default=False
        ),
    ] = None,
) -> None:
    """Add a schedule, or change the one of that name."""
    check_options(kind, {"--mode": mode, "--area": area})
    arguments = make_arguments(kind, mode, area)
    lifetime, breadth = parse_days("--expires", expires) * DAY, parse_days("--spread", spread) * DAY
    from vision_ai_fleet.names import CHAIN
    from vision_ai_fleet.schedule import Schedule

    scope = store or run.read_credentials().store or CHAIN
    wanted = Schedule(
        name or str(kind),
        kind.replace("-", "_"),
        at,
        zone=zone,
        weekdays=tuple(each.strip().lower() for each in days.split(",") if each.strip()),
        arguments=arguments,
        spread=breadth,
        scope=scope,
        where=tuple(where or ()),
        keep=keep,
        window=window,
        expires_after=lifetime,
        created=time.time(),
    )
    schedule = run.use(lambda fleet: fleet.add_schedule(wanted))
    run.emit(schedule.to_dict(), _("schedule {name}: {what}", name=schedule.name, what=describe(schedule)))


@app.command("list")
@fleet_command
def list_schedules(run: FleetRun) -> None:
    """List the schedules."""
    schedules = run.use(lambda fleet: fleet.schedules())
    run.emit([each.to_dict() for each in schedules], lambda: make_schedule_table(schedules))


@app.command("remove")
@fleet_command
def remove_schedule(
    run: FleetRun, name: Annotated[str, typer.Argument(metavar="NAME", help="The schedule's name.")]
) -> None:
    """Remove a schedule. What has already begun goes on."""
    run.use(lambda fleet: fleet.remove_schedule(name))
    run.emit({"name": name}, _("removed: the schedule {name}", name=name))


def describe(schedule: Schedule) -> str:
    """Say when a schedule runs, and where."""
    is_chain = schedule.scope == "chain"
    scales = _("all scales") if is_chain else _("the scales of store {store}", store=schedule.scope)
    if schedule.where:
        scales = _("{scales} with {conditions}", scales=scales, conditions=", ".join(schedule.where))
    return _(
        "{kind} {days} from {at} {zone}, spread over {hours:g} h, on {scales}",
        kind=schedule.kind.replace("_", "-"),
        days=",".join(schedule.weekdays) or _("each day"),
        at=schedule.at,
        zone=schedule.zone,
        hours=schedule.spread / 3600,
        scales=scales,
    )


def make_schedule_table(schedules: list[Schedule]) -> RenderableType:
    """Make a table of schedules."""
    if not schedules:
        return _("There are no schedules.")
    return make_table(
        (_("Name"), _("Job"), _("At"), _("Days"), _("Spread"), _("Scales"), _("Keep")),
        (
            (
                each.name,
                each.kind.replace("_", "-"),
                f"{each.at} {each.zone}",
                ",".join(each.weekdays) or _("all"),
                _("{hours:g} h", hours=each.spread / 3600),
                ", ".join([*([each.scope] if each.scope != "chain" else []), *each.where]) or _("all"),
                (each.keep or _("all")) if each.kind == "backup" else None,
            )
            for each in schedules
        ),
    )
