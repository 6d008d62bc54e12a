"""`vision-ai fleet run`, `jobs`, `status`, `pause`, `resume` and `cancel`."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vision_ai_tools.cli.failures import FAILED, Failure, usage_failure
from vision_ai_tools.cli.time_arguments import parse_days

from .job_arguments import (
    Area,
    Kind,
    Mode,
    check_options,
    make_arguments,
)
from .options import FleetRun, fleet_command
from .rollout_views import make_jobs_table, make_status_view
from .selection import Store, Where, Yes, confirm_scales, parse_scales

if TYPE_CHECKING:
    from vision_ai_fleet.client import Fleet
    from vision_ai_fleet.jobs import Execution
    from vision_ai_fleet.names import ScaleId
    from vision_ai_fleet.rollout import Rollout, RolloutSpec

DAY = 86400.0
SHOWN_JOBS = 20
OWN_BACKUP = "own"
"""In the place of a manifest: each scale's own newest backup."""


class Order(StrEnum):
    """In which order scales get a job."""

    spread = "spread"
    store = "store"
    within_store = "within-store"


JobId = Annotated[str, typer.Argument(metavar="ID", help="The job; `vision-ai fleet jobs` lists them.")]
Wait = Annotated[
    bool, typer.Option("--wait/--no-wait", help="Follow it until it ends. Ctrl-C ends only the following.")
]
File = Annotated[
    Path | None,
    typer.Option(
        "--file",
        metavar="FILE",
        help="teaching-list: a CSV file with the products (columns id, name). firmware: the file to install.",
        show_default=False,
    ),
]


@fleet_command
def run_job(
    run: FleetRun,
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help="The job.")],
    store: Store = None,
    where: Where = None,
    scales: Annotated[
        list[str] | None,
        typer.Option(
            "--scales", metavar="NAMES", help="Only these scales: 0042/07,0042/08.", show_default=False
        ),
    ] = None,
    stages: Annotated[
        str,
        typer.Option(
            "--stages",
            metavar="LIST",
            help="After how many scales to look at the failures: numbers and percentages.",
        ),
    ] = "1,10%,100%",
    max_failures: Annotated[
        str,
        typer.Option(
            "--max-failures",
            metavar="NUMBER",
            help="Abort if it failed on more scales than this: a number, or a percentage of those that were "
            "given the job.",
        ),
    ] = "5%",
    window: Annotated[
        str | None,
        typer.Option(
            "--window",
            metavar="FROM-TO",
            help="Only begin in these hours of the scale's day, such as 22:00-06:00.",
            show_default=False,
        ),
    ] = None,
    order: Annotated[
        Order,
        typer.Option(
            "--order",
            help="spread: stores in turn. store: one store after the other. within-store: one scale of a "
            "store at a time.",
        ),
    ] = Order.spread,
    expires: Annotated[
        str,
        typer.Option(
            "--expires", metavar="AGE", help="How long a scale that is off may still begin the job: 7d, 12h."
        ),
    ] = "7d",
    dataset: Annotated[
        str | None,
        typer.Option(
            "--dataset",
            metavar="SOURCE",
            help="restore: the backup to restore: a file, a scale (0042/07: its newest), or 0042/07@2026-11-27. "
            "Default: each scale's own newest backup.",
            show_default=False,
        ),
    ] = None,
    file: File = None,
    mode: Mode = None,
    area: Area = None,
    yes: Yes = False,
    wait: Wait = True,
) -> None:
    """Do a job on many scales, in stages.

    The first stage is a canary: if the job fails there, or later on too many scales, the rollout is aborted, and the
    other scales are left alone. The position of a rollout is kept by the center, so it goes on when this program ends.

    A data set of one scale is never restored there first: some firmware ties a data set to its device, and the canary
    is to find that out.

    Exit status: 0 if the rollout is completed, 1 if it was aborted or canceled.
    """
    check_options(kind, {"--mode": mode, "--area": area, "--file": file, "--dataset": dataset})
    lifetime = parse_days("--expires", expires) * DAY
    arguments = make_arguments(kind, mode, area)
    if file is not None and not file.is_file():
        raise usage_failure(("--file: there is no file ", file), "Name a file of this computer.")
    job = kind.replace("-", "_")

    async def prepare(fleet: Fleet) -> tuple[RolloutSpec, list[ScaleId]]:
        from vision_ai_fleet.names import CHAIN
        from vision_ai_fleet.rollout import RolloutSpec, check_spec

        spec = RolloutSpec(
            make_rollout_id(kind),
            job,
            arguments,
            scope=store or (fleet.credentials.store or CHAIN),
            where=tuple(where or ()),
            targets=tuple(map(str, parse_scales(scales))) if scales else None,
            stages=tuple(each.strip() for each in stages.split(",")),
            max_failures=max_failures,
            window=window,
            order=order.value,
            expires_after=lifetime,
            created=time.time(),
            by=fleet.credentials.name,
        )
        check_spec(spec)
        return spec, await fleet.select(spec)

    async def submit(fleet: Fleet) -> Rollout:
        return await fleet.submit(await add_file(fleet, spec, kind, dataset, file))

    spec, meant = run.use(prepare)
    if not is_harmless(job) or not meant:
        confirm_scales(run, meant, describe_action(kind, dataset, file), is_final=is_final(job), yes=yes)
    rollout = run.use(submit)
    if not wait:
        run.emit(
            rollout.to_dict(), f"{spec.id}: submitted. Follow it: vision-ai fleet status {spec.id} --wait"
        )
        return
    run.note(f"Rollout {spec.id}")
    follow_and_show(run, spec.id)


@fleet_command
def list_jobs(
    run: FleetRun,
    limit: Annotated[
        int, typer.Option("--limit", metavar="NUMBER", min=1, help="At most so many.")
    ] = SHOWN_JOBS,
    running: Annotated[bool, typer.Option("--running", help="Only those that have not ended.")] = False,
) -> None:
    """List the jobs, the newest first."""
    rollouts = run.use(lambda fleet: fleet.rollouts())
    found = sorted(rollouts, key=lambda each: each.spec.created, reverse=True)
    shown = [each for each in found if not (running and each.state.phase.is_end)][:limit]
    run.emit([each.to_dict() for each in shown], lambda: make_jobs_table(shown))


@fleet_command
def show_status(
    run: FleetRun,
    id: JobId,
    failed: Annotated[
        bool, typer.Option("--failed", help="Show only the scales on which it did not succeed.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Follow it until it ends.")] = False,
) -> None:
    """Show how far a job is, and what became of it on each scale.

    Exit status: with --wait 1 if it was aborted or canceled, else 0.
    """
    if wait:
        follow_and_show(run, id, only_failed=failed)
        return
    show_rollout(run, *read_rollout(run, id), only_failed=failed)


@fleet_command
def pause_job(run: FleetRun, id: JobId) -> None:
    """Pause a job. Scales that have begun it go on; no other one begins."""
    change(run, id, "pause", "paused. Go on: vision-ai fleet resume")


@fleet_command
def resume_job(run: FleetRun, id: JobId) -> None:
    """Let a paused job go on."""
    change(run, id, "resume", "goes on. Follow it: vision-ai fleet status --wait")


@fleet_command
def cancel_job(run: FleetRun, id: JobId) -> None:
    """Cancel a job. Scales that have begun it end it; the others do not get it."""
    change(run, id, "cancel", "canceled. See what was done: vision-ai fleet status")


def change(run: FleetRun, id: str, action: str, text: str) -> None:
    """Pause, resume or cancel a job, and print what became of it."""

    async def act(fleet: Fleet) -> Rollout:
        await getattr(fleet, action)(id)
        return await fleet.rollout(id)

    rollout = run.use(act)
    run.emit(rollout.to_dict(), f"{id}: {text} {id}")


def follow_and_show(run: FleetRun, id: str, *, only_failed: bool = True) -> None:
    """Follow a rollout to its end and print the result, with the exit status for it."""
    from vision_ai_fleet.rollout import Phase

    from .follow import follow_rollout

    follow_rollout(run, id)
    rollout, executions = read_rollout(run, id)
    show_rollout(run, rollout, executions, only_failed=only_failed)
    if rollout.state.phase in (Phase.ABORTED, Phase.CANCELED):
        raise typer.Exit(FAILED)


def read_rollout(run: FleetRun, id: str) -> tuple[Rollout, dict[ScaleId, Execution]]:
    """Return a rollout, and what became of it on each scale."""

    async def read(fleet: Fleet) -> tuple[Rollout, dict[ScaleId, Execution]]:
        return await fleet.rollout(id), await fleet.executions(id)

    return run.use(read)


def show_rollout(
    run: FleetRun, rollout: Rollout, executions: Mapping[ScaleId, Execution], *, only_failed: bool
) -> None:
    """Print a rollout and its executions, those that failed first."""
    from vision_ai_fleet.jobs import State

    def is_failed(execution: Execution) -> bool:
        return execution.state.is_end and execution.state is not State.SUCCEEDED

    found = sorted(executions.items(), key=lambda item: (not is_failed(item[1]), item[0]))
    shown = [(scale, each) for scale, each in found if is_failed(each) or not only_failed]
    result: dict[str, Any] = {
        **rollout.to_dict(),
        "executions": [
            {"store": scale.store, "scale": scale.scale, **each.to_dict()} for scale, each in shown
        ],
    }
    run.emit(result, lambda: make_status_view(rollout, shown))


async def add_file(
    fleet: Fleet, spec: RolloutSpec, kind: Kind, dataset: str | None, file: Path | None
) -> RolloutSpec:
    """Return the order with the file that its job needs, which is uploaded if it is on this computer."""
    from dataclasses import replace

    from .job_arguments import find_dataset

    if kind is Kind.restore:
        if dataset is None:
            return replace(spec, arguments={"file": OWN_BACKUP})
        manifest, source = await find_dataset(fleet, dataset)
        excluded = (str(source),) if source is not None else ()
        return replace(spec, arguments={"file": manifest.to_dict()}, canary_excludes=excluded)
    if file is not None:
        manifest = await fleet.put_file(file, file.name)
        return replace(spec, arguments={"file": manifest.to_dict()})
    return spec


def describe_action(kind: Kind, dataset: str | None, file: Path | None) -> str:
    """Say what a job does, for the question before it."""
    from vision_ai_fleet.jobs import get_job_kind

    title = get_job_kind(kind).title
    if kind is Kind.restore:
        return f"Restore {dataset}" if dataset else "Restore each scale's own newest backup"
    return f"{title} ({file.name})" if file is not None else title


def is_harmless(job: str) -> bool:
    """Whether a job changes nothing, so that nobody needs to be asked."""
    from vision_ai_fleet.jobs import JOB_KINDS

    return JOB_KINDS[job].effect == "read"


def is_final(job: str) -> bool:
    """Whether a job cannot be undone."""
    from vision_ai_fleet.jobs import JOB_KINDS

    return JOB_KINDS[job].effect == "destructive"


def make_rollout_id(kind: str) -> str:
    """Return a name that says what and when, and is unique: `backup-1128-0230-a3f2`."""
    return f"{kind}-{datetime.now():%m%d-%H%M}-{secrets.token_hex(2)}"
