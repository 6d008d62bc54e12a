"""How far a rollout is on each of its scales, from the bucket of executions."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace

from vision_ai import InvalidInputError
from vision_ai_fleet.buckets import Bucket, Entry
from vision_ai_fleet.jobs import Execution, State
from vision_ai_fleet.names import ScaleId

BEGUN = frozenset({State.CLAIMED, State.RUNNING, State.RETRYING})
FAILURES = (State.FAILED, State.INTERRUPTED)


class Progress:
    """The executions of one job on the scales of a rollout.

    Attributes:
        given: Positions of the scales that were given the job.
        open: Those of them on which it has not ended.
        changed: Set when an execution changed.
    """

    def __init__(self, job: str, kind: str, targets: Sequence[ScaleId]) -> None:
        self.given: set[int] = set()
        self.open: set[int] = set()
        self.changed = asyncio.Event()
        self._job, self._kind, self._targets = job, kind, targets
        self._positions = {scale: position for position, scale in enumerate(targets)}
        self._executions: dict[int, tuple[int, Execution]] = {}
        self._counts: Counter[State] = Counter()

    async def follow(self, bucket: Bucket, ready: asyncio.Event) -> None:
        """Read the executions, set `ready`, and go on with every change."""
        async with aclosing(bucket.watch(f"{self._job}.*.*")) as entries:
            async for entry in entries:
                if entry is None:
                    ready.set()
                else:
                    self._take(entry)

    def give(self, positions: Iterable[int]) -> None:
        """Note that scales were given the job."""
        for position in positions:
            if position not in self.given:
                self.given.add(position)
                state = self.get_state(position)
                self._count(state or State.QUEUED, 1)
                if state is None or not state.is_end:
                    self.open.add(position)

    def get_state(self, position: int) -> State | None:
        """Return the state on one scale; None where nobody said anything yet."""
        known = self._executions.get(position)
        return known[1].state if known else None

    def get_execution(self, position: int) -> tuple[ScaleId, int | None, Execution]:
        """Return a scale with the revision of its execution (None without one) and the execution."""
        revision, execution = self._executions.get(position, (None, None))
        return (
            self._targets[position],
            revision,
            execution or Execution(State.QUEUED, self._kind, self._job, attempt=0),
        )

    def is_begun(self, position: int) -> bool:
        return self.get_state(position) in BEGUN

    @property
    def counts(self) -> dict[str, int]:
        """Executions by state."""
        return {state.value: count for state, count in sorted(self._counts.items()) if count}

    @property
    def failures(self) -> int:
        return sum(self._counts[state] for state in FAILURES)

    @property
    def successes(self) -> int:
        return self._counts[State.SUCCEEDED]

    def find_failure(self) -> Execution | None:
        """Return one failure, to say why: the first of the targets."""
        for position in sorted(self.given):
            if self.get_state(position) in FAILURES:
                return self._executions[position][1]
        return None

    def _take(self, entry: Entry) -> None:
        try:
            scale = ScaleId.parse(entry.key.partition(".")[2])
            # Results are for people: together they may be larger than this computer's memory.
            execution = replace(Execution.from_dict(entry.value), result=None, progress=None)
        except InvalidInputError:
            return  # of a newer agent, or a lying one
        position = self._positions.get(scale)
        if position is None or entry.is_removed:
            return
        before = self.get_state(position)
        self._executions[position] = (entry.revision, execution)
        if position in self.given:
            self._count(before or State.QUEUED, -1)
            self._count(execution.state, 1)
            (self.open.discard if execution.state.is_end else self.open.add)(position)
        self.changed.set()

    def _count(self, state: State, change: int) -> None:
        self._counts[state] += change
