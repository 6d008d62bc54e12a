"""Follow a rollout until it ends: a bar for each stage."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, cast

from vision_ai_tools.cli.failures import INTERRUPTED, Failure
from vision_ai_tools.cli.progress import show_progress
from vision_ai_translations import gettext as _

from .formats import count_ended, format_failures

if TYPE_CHECKING:
    from vision_ai import Progress
    from vision_ai_fleet.cli.options import FleetRun
    from vision_ai_fleet.client import Fleet
    from vision_ai_fleet.rollout import Rollout

POLL = 0.5
"""Seconds between two looks at a rollout."""
PATIENCE = 20.0
"""Seconds after which a rollout that no controller has begun is worth a remark."""


def follow_rollout(run: FleetRun, id: str) -> Rollout:
    """Show how far a rollout is, until it ends or is paused.

    Raises:
        Failure: Ctrl-C. The rollout goes on.
    """
    try:
        return run.use(lambda fleet: _follow(run, fleet, id))
    except KeyboardInterrupt:
        raise Failure(
            _("interrupted; the rollout {id} goes on nevertheless", id=id),
            _("Follow it: vision-ai fleet status {id} --wait. Stop it: vision-ai fleet cancel {id}", id=id),
            status=INTERRUPTED,
            kind="interrupted",
            id=id,
        ) from None


async def _follow(run: FleetRun, fleet: Fleet, id: str) -> Rollout:
    from vision_ai_fleet.rollout import Phase

    started, is_noted = time.monotonic(), False
    with show_progress(run.output, describe=lambda step: step.message) as show:
        while True:
            rollout = await fleet.rollout(id)
            elapsed = time.monotonic() - started
            if rollout.state.total:
                show(make_step(rollout, elapsed))
            elif elapsed > PATIENCE and not is_noted:
                run.note(_("No controller has begun it yet. Does one run? vision-ai fleet doctor"))
                is_noted = True
            if rollout.state.phase.is_end or rollout.state.phase is Phase.PAUSED:
                return rollout
            await asyncio.sleep(POLL)


def make_step(rollout: Rollout, elapsed: float) -> Progress:
    """Return the progress of the stage that runs: how many of its scales are done with the job."""
    from vision_ai import Progress
    from vision_ai_fleet.rollout import count_stages

    state = rollout.state
    ends = count_stages(rollout.spec.stages, state.total)
    last = ends[min(state.stage, len(ends) - 1)]
    ends = sorted(set(ends))  # on few scales, several stages are one
    stage = ends.index(last)
    first = ends[stage - 1] if stage else 0
    return Progress(
        cast(Any, _("stage {number} of {count}", number=stage + 1, count=len(ends))),
        done=min(max(count_ended(state.counts) - first, 0), last - first),
        total=last - first,
        message=format_failures(state.counts),  # of what changes often, each change would be a line
        elapsed=elapsed,
    )
