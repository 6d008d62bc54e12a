"""`vision-ai fleet schedule`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from vision_ai_tools.cli.output import make_table
from vision_ai_tools.cli.time_arguments import parse_days

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
    run.emit(schedule.to_dict(), f"schedule {schedule.name}: {describe(schedule)}")


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
    run.emit({"name": name}, f"removed: the schedule {name}")


def describe(schedule: Schedule) -> str:
    """Say when a schedule runs, and where."""
    days = ",".join(schedule.weekdays) or "each day"
    where = ", ".join(schedule.where)
    scope = "all scales" if schedule.scope == "chain" else f"the scales of store {schedule.scope}"
    return (
        f"{schedule.kind.replace('_', '-')} {days} from {schedule.at} {schedule.zone}, spread over "
        f"{schedule.spread / 3600:g} h, on {scope}{f' with {where}' if where else ''}"
    )


def make_schedule_table(schedules: list[Schedule]) -> RenderableType:
    """Make a table of schedules."""
    if not schedules:
        return "There are no schedules."
    return make_table(
        ("Name", "Job", "At", "Days", "Spread", "Scales", "Keep"),
        (
            (
                each.name,
                each.kind.replace("_", "-"),
                f"{each.at} {each.zone}",
                ",".join(each.weekdays) or "all",
                f"{each.spread / 3600:g} h",
                ", ".join([*([each.scope] if each.scope != "chain" else []), *each.where]) or "all",
                (each.keep or "all") if each.kind == "backup" else None,
            )
            for each in schedules
        ),
    )
