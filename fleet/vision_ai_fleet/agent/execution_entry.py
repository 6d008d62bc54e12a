"""What the center knows of one job: its entry in the bucket `executions`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vision_ai import InvalidInputError
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import Connection
from vision_ai_fleet.jobs import Execution, State
from vision_ai_fleet.names import EXECUTIONS

from .engine_clock import EngineClock
from .tasks import repeat_request


class ExecutionEntry:
    """The entry of one job. Requests are repeated for as long as the center is away.

    Args:
        connection: To the center.
        clock: The agent's.
        key: Of the entry.
        value: What is known of the job so far.
    """

    def __init__(self, connection: Connection, clock: EngineClock, key: str, value: Execution) -> None:
        self.value = value
        self._connection = connection
        self._clock = clock
        self._key = key
        self._bucket = Bucket(connection, EXECUTIONS)
        self._revision: int | None = None

    def change(self, **changes: Any) -> None:
        """Change what is known, and tell nobody yet."""
        self.value = replace(self.value, **{"time": self._clock.now, **changes})

    async def load(self) -> Execution | None:
        """Return what the center has. The agent's own state and attempt go on from there."""
        entry = await repeat_request(self._connection, lambda: self._bucket.get(self._key))
        self._revision = entry.revision if entry is not None else None
        if entry is None:
            return None
        try:
            stored = Execution.from_dict(entry.value)
        except InvalidInputError:  # of a newer agent
            return None
        self.change(state=stored.state, attempt=stored.attempt, message=stored.message)
        return stored

    async def swap(self, state: State, **changes: Any) -> None:
        """Store another state in the place of what was loaded.

        Raises:
            ConflictError: somebody else changed it.
        """
        self.change(state=state, **changes)
        value, revision = self.value.to_dict(), self._revision
        if revision is None:
            self._revision = await repeat_request(
                self._connection, lambda: self._bucket.create(self._key, value)
            )
        else:
            self._revision = await repeat_request(
                self._connection, lambda: self._bucket.update(self._key, value, revision)
            )

    async def put(self) -> None:
        """Store what is known, whatever is there: the job has begun, and only this agent knows how far it is."""
        await repeat_request(self._connection, self.put_once)

    async def put_once(self) -> None:
        """Do so once.

        Raises:
            FleetError: the center did not take it.
        """
        await self._bucket.put(self._key, self.value.to_dict())
