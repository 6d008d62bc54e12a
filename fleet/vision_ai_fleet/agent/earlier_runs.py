"""The end of a schedule's runs that are gone: the engine replaces a run that waits when the next one comes."""

from __future__ import annotations

import re
from contextlib import suppress

from vision_ai_fleet.errors import ConflictError
from vision_ai_fleet.jobs import State

from .database import DiskFullError
from .execution_entry import ExecutionEntry
from .job_run import INTERRUPTED
from .ledger import Phase
from .session import Session

REPLACED = "the next run of its schedule came before it could begin"


async def end_earlier_runs(session: Session, schedule: str, sequence: int) -> None:
    """End the runs of a schedule that were put off, or broken off, before the run with this sequence."""
    pattern = re.compile(rf"{re.escape(schedule)}-(\d+)\.{re.escape(session.scale.key)}")
    with suppress(DiskFullError):
        for key in sorted(session.ledger.list_open()):
            match = pattern.fullmatch(key)
            if match and int(match[1]) < sequence:
                await _end(session, key)


async def _end(session: Session, key: str) -> None:
    record = session.ledger.find(key)
    if record is None:
        return
    state, message = State.EXPIRED, REPLACED
    if record.phase is Phase.BEGUN:
        state, message = State.INTERRUPTED, INTERRUPTED
    now = session.clock.now
    entry = ExecutionEntry(session.connection, session.clock, key, record.execution)
    previous = await entry.load()
    if previous is None or not previous.state.is_end:
        with suppress(ConflictError):  # it was canceled in the meantime
            await entry.swap(state, message=message, progress=None, ended=now)
            session.metrics.jobs_failed += 1
    session.ledger.write(key, Phase.ENDED, entry.value, now)
