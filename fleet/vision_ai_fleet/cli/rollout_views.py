"""Tables of jobs and of what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vision_ai_tools.cli.output import make_facts, make_table

from .formats import count_ended, count_failed, format_counts, format_progress, format_stage
from .job_results import describe_result
from .times import format_age, format_time

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_fleet.jobs import Execution
    from vision_ai_fleet.names import ScaleId
    from vision_ai_fleet.rollout import Rollout

SHOWN_EXECUTIONS = 40


def make_jobs_table(rollouts: Sequence[Rollout]) -> RenderableType:
    """Make a table of jobs."""
    if not rollouts:
        return "There are no jobs."
    return make_table(
        ("Job", "State", "Stage", "Done", "Failed", "Age", "By"),
        (
            (
                each.spec.id,
                each.state.phase.lower(),
                format_stage(each),
                f"{count_ended(each.state.counts)}/{each.state.total}",
                count_failed(each.state.counts) or None,
                format_age(each.spec.created),
                each.spec.by,
            )
            for each in rollouts
        ),
    )


def make_status_view(rollout: Rollout, executions: Sequence[tuple[ScaleId, Execution]]) -> RenderableType:
    """Make a summary of a job, and a table of what became of it on some scales."""
    from rich.console import Group

    state = rollout.state
    facts = {
        "Job": rollout.spec.id,
        "State": state.phase.lower(),
        "Reason": state.reason,
        "Stage": format_stage(rollout),
        "Done": f"{count_ended(state.counts)} of {state.total}",
        "Scales": format_counts(state.counts),
        "Created": format_time(rollout.spec.created),
    }
    if not state.reason:
        del facts["Reason"]
    parts: list[RenderableType] = [make_facts(facts)]
    if executions:
        shown = executions[:SHOWN_EXECUTIONS]
        parts += ["", make_table(("Scale", "State", "Since", "Code", "Message"), map(_make_row, shown))]
        if len(executions) > len(shown):
            parts.append(f"… and {len(executions) - len(shown)} more; --json prints all.")
    return Group(*parts)


def _make_row(entry: tuple[ScaleId, Execution]) -> tuple[object, ...]:
    scale, execution = entry
    found = describe_result(execution.kind, execution.result) if execution.state.is_end else None
    text = execution.message or found or format_progress(execution.progress)
    return (scale, execution.state.lower(), format_age(execution.time), execution.code, text)
