"""What tables and facts show of scales, rollouts, executions and files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from .messages import translate_phase
from .texts import get_page_text

if TYPE_CHECKING:
    from vision_ai_fleet.rollout import Rollout

UNITS = ((1e9, N_("{size} GB")), (1e6, N_("{size} MB")), (1e3, N_("{size} kB")))
MODULE_STATES = {
    "ready": N_("ready"),
    "unreachable": N_("unreachable"),
    "not_activated": N_("not activated"),
    "camera_lost": N_("camera lost"),
    "error": N_("error"),
}

SETTINGS = {"learn_mode": N_("learn mode"), "calibration": N_("calibration")}
"""What a desired state has."""


def format_size(size: float | None) -> str | None:
    """Return bytes as a text: `250 MB`."""
    if size is None:
        return None
    for factor, unit in UNITS:
        if size >= factor:
            return _(unit, size=f"{size / factor:.3g}")
    return _("{size} B", size=f"{size:.0f}")


def format_switch(value: int | None) -> str | None:
    if value is None:
        return None
    return get_page_text("mode.1", "on") if value else get_page_text("mode.0", "off")


def format_state(state: str) -> str:
    """Return the state of an execution as people read it."""
    return get_page_text(f"state.{state}", state.lower())


def format_phase(phase: str) -> str:
    """Return the phase of a rollout as people read it, in one word: what follows a colon is the reason."""
    return re.split("[:：]", get_page_text(f"phase.{phase}", phase.lower()))[0]


def format_drift(names: Iterable[str]) -> str | None:
    """Return the settings that differ from the desired state; None where none does."""
    return join_names(_(SETTINGS.get(name, name.replace("_", " "))) for name in names)


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

    return _(", ").join(
        _("{count} {state}", count=counts[state], state=format_state(state))
        for state in State
        if counts.get(state)
    )


def format_failures(counts: Mapping[str, int]) -> str:
    """Return the counts of what did not succeed: `1 failed, 2 expired`."""
    from vision_ai_fleet.jobs import ENDS

    return format_counts({state: number for state, number in counts.items() if state in ENDS - {"SUCCEEDED"}})


def format_stage(rollout: Rollout) -> str:
    """Return where a rollout is: `2 of 3 (10%)`."""
    stages = rollout.spec.stages
    number = min(rollout.state.stage, max(0, len(stages) - 1))
    if not stages:
        return _("{number} of {count}", number=1, count=1)
    return _("{number} of {count} ({stage})", number=number + 1, count=len(stages), stage=stages[number])


def format_progress(progress: Mapping[str, Any] | None) -> str | None:
    """Return how far a job is on one scale: `downloading 40%`."""
    if not progress:
        return None
    total = progress.get("total") or 0
    share = f" {min(1.0, progress.get('done', 0) / total):.0%}" if total else ""
    return f"{translate_phase(str(progress.get('phase', '')))}{share}".strip()


def join_names(names: Iterable[object]) -> str | None:
    """Return a list as one text; None for an empty one."""
    return _(", ").join(map(str, names)) or None
