"""What the page shows of rollouts, and of what became of them on each scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vision_ai import InvalidInputError
from vision_ai_fleet.jobs import Execution, State
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.rollout import Phase, Rollout, count_stages

from .rows import describe_error_code
from .values import limit_value

GROUPS = {
    "done": (State.SUCCEEDED,),
    "failed": (State.FAILED, State.INTERRUPTED),
    "ended": (State.EXPIRED, State.CANCELED),
    "running": (State.CLAIMED, State.RUNNING, State.RETRYING),
    "queued": (State.QUEUED,),
}
"""The parts of a progress bar."""


def describe_rollout(rollout: Rollout) -> dict[str, Any]:
    """Return what the page shows of a rollout."""
    spec, state = rollout.spec, rollout.state
    counts = {each.value: state.counts.get(each.value, 0) for each in State}
    groups = {name: sum(counts[each] for each in states) for name, states in GROUPS.items()}
    return {
        "id": spec.id,
        "scope": spec.scope,
        "kind": spec.kind,
        "phase": state.phase.value,
        "stages": _describe_stages(rollout, sum(groups.values()) - groups["running"] - groups["queued"]),
        "stage": state.stage,
        "submitted": state.submitted,
        "total": state.total,
        "groups": groups,
        "counts": {name: count for name, count in counts.items() if count},
        "reason": limit_value(state.reason),
        "arguments": limit_value(spec.arguments),
        "where": limit_value(spec.where),
        "max_failures": spec.max_failures,
        "window": spec.window,
        "order": spec.order,
        "created": spec.created,
        "updated": state.updated,
        "by": limit_value(spec.by),
    }


def sort_rollouts(rollouts: Iterable[Rollout]) -> list[Rollout]:
    """Return rollouts in the order of the page: those that run, then the newest."""
    return sorted(rollouts, key=lambda each: (each.state.phase.is_end, -each.spec.created, each.spec.id))


def summarize_rollouts(rollouts: Sequence[Rollout], limit: int) -> dict[str, Any]:
    """Return how many rollouts run, and the first of them."""
    active = [each for each in sort_rollouts(rollouts) if not each.state.phase.is_end]
    return {
        "running": sum(each.state.phase == Phase.RUNNING for each in active),
        "paused": sum(each.state.phase == Phase.PAUSED for each in active),
        "rows": [describe_rollout(each) for each in active[:limit]],
    }


def describe_execution(id: ScaleId, execution: Execution) -> dict[str, Any]:
    """Return what the page shows of a job on one scale."""
    return {
        "store": id.store,
        "scale": id.scale,
        "state": execution.state.value,
        "kind": limit_value(execution.kind),
        "job": limit_value(execution.job),
        "attempt": limit_value(execution.attempt),
        "time": limit_value(execution.time),
        "started": limit_value(execution.started),
        "ended": limit_value(execution.ended),
        "progress": limit_value(execution.progress),
        **describe_error_code(execution.code),
        "message": limit_value(execution.message),
    }


def _describe_stages(rollout: Rollout, ended: int) -> list[dict[str, Any]]:
    """Return the stages with their sizes, and how many of each were given the job and ended.

    Jobs end in nearly the order of the stages: a stage begins when the one before it is done.
    """
    spec, state = rollout.spec, rollout.state
    try:
        ends = count_stages(spec.stages, state.total)
    except (InvalidInputError, ValueError, TypeError):
        return []
    stages: list[dict[str, Any]] = []
    start = 0
    for number, end in enumerate(ends):
        if end == start and number:  # a small rollout: the stage has no scale of its own
            continue
        stages.append(
            {
                "name": spec.stages[number] if number < len(spec.stages) else "100%",
                "size": end - start,
                "submitted": max(0, min(state.submitted, end) - start),
                "ended": max(0, min(ended, end) - start),
            }
        )
        start = end
    return stages


def list_executions(
    executions: Mapping[ScaleId, Execution], state: str, offset: int, size: int
) -> dict[str, Any]:
    """Return a part of what became of a rollout: the executions of a group of states, the latest first.

    Raises:
        InvalidInputError: there is no such group.
    """
    if state and state not in GROUPS:
        raise InvalidInputError(f"state must be one of {', '.join(GROUPS)}")
    states = GROUPS[state] if state else tuple(State)
    found = [(id, each) for id, each in executions.items() if each.state in states]
    found.sort(key=lambda each: (-_get_time(each[1]), each[0]))
    part = found[offset : offset + size]
    return {"total": len(found), "offset": offset, "rows": [describe_execution(*each) for each in part]}


def _get_time(execution: Execution) -> float:
    time: object = limit_value(execution.time)
    return time if isinstance(time, int | float) else 0.0
