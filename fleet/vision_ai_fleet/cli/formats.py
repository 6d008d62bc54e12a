"""What tables and facts show of scales, rollouts, executions and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vision_ai_fleet.rollout import Rollout

UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
MODULE_STATES = {
    "ready": "ready",
    "unreachable": "unreachable",
    "not_activated": "not activated",
    "camera_lost": "camera lost",
    "error": "error",
}


def format_size(size: float | None) -> str | None:
    """Return bytes as a text: `250 MB`."""
    if size is None:
        return None
    for factor, unit in UNITS:
        if size >= factor:
            return f"{size / factor:.3g} {unit}"
    return f"{size:.0f} B"


def format_switch(value: int | None) -> str | None:
    return None if value is None else "on" if value else "off"


def count_ended(counts: Mapping[str, int]) -> int:
    """Return how many scales are done with a job, whatever became of it."""
    from vision_ai_fleet.jobs import ENDS

    return sum(number for state, number in counts.items() if state in ENDS)


def count_failed(counts: Mapping[str, int]) -> int:
    """Return on how many scales a job did not succeed."""
    return count_ended(counts) - counts.get("SUCCEEDED", 0)


def format_counts(counts: Mapping[str, int]) -> str:
    """Return counts by state: `3 succeeded, 1 failed`."""
    from vision_ai_fleet.jobs import State

    return ", ".join(f"{counts[state]} {state.lower()}" for state in State if counts.get(state))


def format_failures(counts: Mapping[str, int]) -> str:
    """Return the counts of what did not succeed: `1 failed, 2 expired`."""
    from vision_ai_fleet.jobs import ENDS

    return format_counts({state: number for state, number in counts.items() if state in ENDS - {"SUCCEEDED"}})


def format_stage(rollout: Rollout) -> str:
    """Return where a rollout is: `2 of 3 (10%)`."""
    stages = rollout.spec.stages
    number = min(rollout.state.stage, max(0, len(stages) - 1))
    return f"{number + 1} of {len(stages)} ({stages[number]})" if stages else "1 of 1"


def format_progress(progress: Mapping[str, Any] | None) -> str | None:
    """Return how far a job is on one scale: `downloading 40%`."""
    if not progress:
        return None
    total = progress.get("total") or 0
    share = f" {min(1.0, progress.get('done', 0) / total):.0%}" if total else ""
    return f"{progress.get('phase', '')}{share}".strip()


def join_names(names: Iterable[object]) -> str | None:
    """Return a list as one text; None for an empty one."""
    return ", ".join(map(str, names)) or None
