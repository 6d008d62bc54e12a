"""Tables of jobs and of what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vision_ai_tools.cli.output import make_facts, make_table
from vision_ai_translations import gettext as _

from .formats import (
    count_ended,
    count_failed,
    format_counts,
    format_phase,
    format_progress,
    format_stage,
    format_state,
)
from .job_results import describe_result
from .messages import translate_message
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
        return _("There are no jobs.")
    return make_table(
        (_("Job"), _("State"), _("Stage"), _("Done"), _("Failed"), _("Age"), _("By")),
        (
            (
                each.spec.id,
                format_phase(each.state.phase),
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
        _("Job"): rollout.spec.id,
        _("State"): format_phase(state.phase),
        **({_("Reason"): translate_message(state.reason)} if state.reason else {}),
        _("Stage"): format_stage(rollout),
        _("Done"): _("{count} of {total}", count=count_ended(state.counts), total=state.total),
        _("Scales"): format_counts(state.counts),
        _("Created"): format_time(rollout.spec.created),
    }
    parts: list[RenderableType] = [make_facts(facts)]
    if executions:
        shown = executions[:SHOWN_EXECUTIONS]
        columns = (_("Scale"), _("State"), _("Since"), _("Code"), _("Message"))
        parts += ["", make_table(columns, map(_make_row, shown))]
        if len(executions) > len(shown):
            parts.append(_("… and {count} more; --json prints all.", count=len(executions) - len(shown)))
    return Group(*parts)


def _make_row(entry: tuple[ScaleId, Execution]) -> tuple[object, ...]:
    scale, execution = entry
    found = describe_result(execution.kind, execution.result) if execution.state.is_end else None
    text = translate_message(execution.message or "") or found or format_progress(execution.progress)
    return (scale, format_state(execution.state), format_age(execution.time), execution.code, text)
