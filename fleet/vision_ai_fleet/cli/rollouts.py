"""`vision-ai fleet jobs`, `status`, `pause`, `resume` and `cancel`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vision_ai_tools.cli.failures import FAILED
from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from .job_results import INFORMATIVE
from .options import FleetRun, fleet_command
from .rollout_views import make_jobs_table, make_status_view
from .texts import insert_path

if TYPE_CHECKING:
    from vision_ai_fleet.client import Fleet
    from vision_ai_fleet.jobs import Execution
    from vision_ai_fleet.names import ScaleId
    from vision_ai_fleet.rollout import Rollout

SHOWN_JOBS = 20


JobId = Annotated[str, typer.Argument(metavar="ID", help="The job; `vision-ai fleet jobs` lists them.")]


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
    lists: Annotated[
        Path | None,
        typer.Option(
            "--lists",
            metavar="DIR",
            help="Of a teaching-list: write what each scale has to be taught as a CSV file into this folder, for "
            "vision-ai items teach --from.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show how far a job is, and what became of it on each scale.

    Exit status: with --wait 1 if it was aborted or canceled, else 0.
    """
    if lists is not None:
        from .job_results import write_teaching_lists

        files = write_teaching_lists(read_rollout(run, id)[1].items(), lists)
        run.emit(
            {"files": [str(each) for each in files]},
            insert_path(N_("{count} lists written in {path}"), lists, count=len(files)),
        )
    elif wait:
        follow_and_show(run, id, only_failed=failed)
    else:
        show_rollout(run, *read_rollout(run, id), only_failed=failed)


@fleet_command
def pause_job(run: FleetRun, id: JobId) -> None:
    """Pause a job. Scales that have begun it go on; no other one begins."""
    change(run, id, "pause", _("{id}: paused. Go on: vision-ai fleet resume {id}", id=id))


@fleet_command
def resume_job(run: FleetRun, id: JobId) -> None:
    """Let a paused job go on."""
    change(run, id, "resume", _("{id}: goes on. Follow it: vision-ai fleet status --wait {id}", id=id))


@fleet_command
def cancel_job(run: FleetRun, id: JobId) -> None:
    """Cancel a job. Scales that have begun it end it; the others do not get it."""
    change(run, id, "cancel", _("{id}: canceled. See what was done: vision-ai fleet status {id}", id=id))


def change(run: FleetRun, id: str, action: str, text: str) -> None:
    """Pause, resume or cancel a job, and print what became of it."""

    async def act(fleet: Fleet) -> Rollout:
        await getattr(fleet, action)(id)
        return await fleet.rollout(id)

    rollout = run.use(act)
    run.emit(rollout.to_dict(), text)


def follow_and_show(run: FleetRun, id: str, *, only_failed: bool | None = None) -> None:
    """Follow a rollout to its end and print the result, with the exit status for it.

    Scales on which it succeeded are shown too if that is why it was run, or as `only_failed` says.
    """
    from vision_ai_fleet.rollout import Phase

    from .follow import follow_rollout

    follow_rollout(run, id)
    rollout, executions = read_rollout(run, id)
    if only_failed is None:
        only_failed = rollout.spec.kind not in INFORMATIVE
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
