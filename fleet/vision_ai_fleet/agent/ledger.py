"""What this agent began and ended: the reason why nothing is done twice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from vision_ai_fleet.jobs import Execution

from .database import Database

DAY = 86400.0
KEEP = 90 * DAY
"""Seconds for which the ledger remembers, as long as the center remembers executions."""


class Phase(StrEnum):
    """Where a job is on this computer."""

    BEGUN = "begun"
    WAITING = "waiting"
    """Nothing was sent to the module, and it is to be tried again."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Record:
    """What the ledger knows of a job."""

    phase: Phase
    execution: Execution


class Ledger:
    """The jobs and calls of one agent. Its methods raise DiskFullError for what could not be written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def instance(self) -> str:
        """The agent's installation."""
        return self._database.instance

    def find(self, key: str) -> Record | None:
        """Return what is known of a job."""
        rows = self._database.read("SELECT phase, entry FROM jobs WHERE key = ?", (key,))
        if not rows:
            return None
        phase, entry = rows[0]
        return Record(Phase(phase), Execution.from_dict(json.loads(entry)))

    def write(self, key: str, phase: Phase, execution: Execution, now: float) -> None:
        """Note where a job is, before the module or the center learns of it."""
        entry = json.dumps(execution.to_dict())
        with self._database.write() as connection:
            connection.execute("REPLACE INTO jobs VALUES (?, ?, ?, ?)", (key, phase.value, now, entry))

    def list_open(self) -> set[str]:
        """Return the keys of jobs that did not end."""
        return {
            row[0]
            for row in self._database.read("SELECT key FROM jobs WHERE phase != ?", (Phase.ENDED.value,))
        }

    def add_call(self, id: str, now: float) -> bool:
        """Note a call that must not be repeated. False: it was noted before."""
        with self._database.write() as connection:
            return connection.execute("INSERT OR IGNORE INTO calls VALUES (?, ?)", (id, now)).rowcount == 1

    def forget_old(self, now: float) -> None:
        """Remove what is older than anything that the center may still send."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM jobs WHERE time < ? AND phase = 'ended'", (now - KEEP,))
            connection.execute("DELETE FROM calls WHERE time < ?", (now - KEEP,))
