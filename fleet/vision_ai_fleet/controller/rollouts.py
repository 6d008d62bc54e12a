"""Carry out rollouts.

A rollout's position is in the engine, and every step is written by compare-and-set. Whoever is killed between two steps
leaves a position from which the next controller repeats at most the last step: the engine refuses the jobs that it has,
an agent those that it did.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from vision_ai_fleet import names
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.client import Fleet
from vision_ai_fleet.errors import ConflictError, FleetError
from vision_ai_fleet.file_store import FileStore
from vision_ai_fleet.jobs import Job, State
from vision_ai_fleet.names import ScaleId, get_backups_prefix
from vision_ai_fleet.objects import Manifest
from vision_ai_fleet.orders import OWN
from vision_ai_fleet.rollout import Phase, Rollout, RolloutState, count_failures, count_stages
from vision_ai_fleet.rollout_store import RolloutStore
from vision_ai_fleet.tasks import end_tasks

from .dispatch import WAITING, WITHHELD, Dispatcher
from .progress import Progress

logger = logging.getLogger("vision_ai_fleet")

BATCH = 500
"""Scales that are given a job between two writings of the position."""
TICK = 1.0
"""Seconds between looks at what no message tells: the time, and who is connected."""
REPORT_GRACE = 86400.0
"""Seconds after the end of a rollout's time in which a scale that began may still report its end."""
LONGEST_REASON = 500
"""Characters of an agent's message."""
DEVICE_MISMATCH = -6142
DEVICE_MISMATCH_REASON = (
    "The module refused the data set with -6142: this firmware ties a data set to the device that it was made on, so "
    "it cannot be given to other scales. Nothing was changed on them. Teach them from a catalog instead: "
    "`vision-ai fleet run teaching-list` lists for each store what its modules do not know."
)
GIVEN_UP = "nobody had begun it when the rollout ended"
EXPIRED = "the scale was not connected in time"
UNREPORTED = "the scale began and did not report its end"
NO_BACKUP = "the center has no backup of this scale"
NO_QUEUE = "the center has no queue for this store: enrol the scale again"


class RolloutRunner:
    """Carries out one rollout, until it has ended and everything is settled."""

    def __init__(
        self, fleet: Fleet, dispatcher: Dispatcher, rollout: Rollout, is_online: Callable[[ScaleId], bool]
    ) -> None:
        self._store = RolloutStore(fleet.connection)
        self._executions = Bucket(fleet.connection, names.EXECUTIONS)
        self._dispatcher = dispatcher
        self._rollout = rollout
        self._is_online = is_online
        self._targets: list[ScaleId] = []
        self._ends: list[int] = []
        self._progress = Progress(rollout.spec.id, rollout.spec.kind, ())
        self._is_taken_back = False
        self._files = FileStore(fleet.connection)
        self._backups: dict[str, dict[str, Manifest]] = {}

    def notice(self, rollout: Rollout) -> None:
        """Take over what somebody else wrote, such as a command to pause."""
        if rollout.revision > self._rollout.revision:
            self._rollout = rollout
            self._progress.changed.set()

    async def run(self) -> None:
        """Carry it out.

        Raises:
            FleetError: the center does not respond; the next run goes on.
            LeaseLostError: this controller may no longer act.
        """
        spec, state = self._rollout.spec, self._rollout.state
        self._targets = await self._store.read_targets(self._rollout)
        self._ends = count_stages(spec.stages, len(self._targets))
        self._progress = progress = Progress(spec.id, spec.kind, self._targets)
        ready = asyncio.Event()
        follower = asyncio.create_task(progress.follow(self._executions, ready))
        try:
            await ready.wait()
            if spec.order == "within-store":
                progress.give(self._find_given())
            else:
                progress.give(range(min(state.submitted, len(self._targets))))
            while not (self._state.phase.is_end and self._state.settled):
                progress.changed.clear()
                try:
                    await self._step()
                except ConflictError:
                    await self._reload()
                    continue
                if self._state.phase.is_end and self._state.settled:
                    break
                with suppress(TimeoutError):
                    async with asyncio.timeout(TICK):
                        await progress.changed.wait()
        finally:
            await end_tasks([follower])

    @property
    def _state(self) -> RolloutState:
        return self._rollout.state

    async def _step(self) -> None:
        if self._state.phase is Phase.RUNNING:
            if not self._state.settled:
                await self._send_again()
            await self._advance()
        elif self._state.phase is Phase.PAUSED:
            if not self._state.settled:
                await self._withhold()
            await self._write_counts()
        else:
            await self._settle()

    async def _advance(self) -> None:
        """Give the stage's scales the job, and go on to the next stage where this one is over."""
        if not self._state.stage_started:
            await self._write(stage_started=time.time())
        await self._expire()
        if await self._abort_if_needed():
            return
        end = self._ends[self._state.stage]
        for batch in self._find_ready(end):
            await self._give(batch)
            if await self._abort_if_needed():
                return
        if not self._is_stage_over(end):
            await self._write_counts()
        elif self._state.stage + 1 < len(self._ends):
            await self._write(stage=self._state.stage + 1, stage_started=time.time())
            self._progress.changed.set()
        else:
            await self._write(phase=Phase.COMPLETED, settled=True)

    def _find_ready(self, end: int) -> Iterator[list[int]]:
        """Yield the positions of scales that may be given the job now, in batches."""
        if self._rollout.spec.order == "within-store":
            ready = sorted(self._find_first_open(end) - self._progress.given)
            yield from (ready[start : start + BATCH] for start in range(0, len(ready), BATCH))
            return
        while self._state.submitted < end:
            yield list(range(self._state.submitted, min(self._state.submitted + BATCH, end)))

    def _find_first_open(self, end: int) -> set[int]:
        """Return, for each store, the position of the first scale on which the job has not ended."""
        first: dict[str, int] = {}
        for position in range(end):
            state = self._progress.get_state(position)
            if state is None or not state.is_end:
                first.setdefault(self._targets[position].store, position)
        return set(first.values())

    def _find_given(self) -> set[int]:
        """Return which scales were given the job, one of a store at a time, by a controller before this one."""
        if not self._state.submitted:
            return set()
        known = {position for position in range(len(self._targets)) if self._progress.get_state(position)}
        return (
            known
            if len(known) >= self._state.submitted
            else known | (self._find_first_open(self._ends[self._state.stage]))
        )

    async def _give(self, positions: list[int]) -> None:
        fresh = [position for position in positions if self._progress.get_state(position) is None]
        duplicates = self._state.duplicates + await self._send(fresh)
        self._progress.give(positions)
        await self._write(submitted=len(self._progress.given), duplicates=duplicates)

    async def _send(self, positions: list[int]) -> int:
        """Give scales the job. Returns how many the engine had already."""
        jobs: dict[int, tuple[ScaleId, Job]] = {}
        refused: dict[int, str] = {}
        for position in positions:
            job = await self._make_job(self._targets[position])
            if job is None:
                refused[position] = NO_BACKUP
            else:
                jobs[position] = (self._targets[position], job)
        delivery = await self._dispatcher.send(list(jobs.values()), self._state.resumes)
        refused |= {position: NO_QUEUE for position, (scale, _) in jobs.items() if scale in delivery.unknown}
        for message in set(refused.values()):
            await self._mark([each for each in refused if refused[each] == message], State.FAILED, message)
        return delivery.duplicates

    async def _make_job(self, scale: ScaleId) -> Job | None:
        """Return the job for one scale; None where it is to get its own backup back and has none."""
        spec = self._rollout.spec
        arguments = spec.arguments
        if arguments.get("file") == OWN:
            if scale.store not in self._backups:
                manifests = await self._files.read_backups(scale.store)
                # The newest comes first, and is to stay.
                self._backups[scale.store] = {each.prefix: each for each in reversed(manifests)}
            manifest = self._backups[scale.store].get(get_backups_prefix(scale))
            if manifest is None:
                return None
            arguments = {**arguments, "file": manifest.to_dict()}
        return Job(spec.id, spec.kind, arguments, spec.id, spec.window, self._deadline, spec.created)

    async def _abort_if_needed(self) -> bool:
        """End the rollout if too many scales failed."""
        progress, state, spec = self._progress, self._state, self._rollout.spec
        failures = progress.failures
        is_canary = state.stage == 0 and self._ends[0] == 1
        if not failures or not (
            is_canary or failures >= count_failures(spec.max_failures, len(progress.given))
        ):
            return False
        failure = progress.find_failure()
        code = failure.code if failure else None
        if is_canary and spec.kind == "restore" and code == DEVICE_MISMATCH:
            reason = DEVICE_MISMATCH_REASON
        else:
            what = str(failure.message or failure.state)[:LONGEST_REASON] if failure else "no reason given"
            what += f" ({code})" if code is not None and str(code) not in what else ""
            who = (
                f"The first scale, {self._targets[0]}, failed"
                if is_canary
                else f"{failures} of {len(progress.given)} scales failed"
            )
            reason = f"{who}: {what}"
        await self._write(phase=Phase.ABORTED, reason=reason, settled=False)
        logger.warning("rollout %s: aborted. %s", spec.id, reason)
        await self._settle()
        return True

    def _is_stage_over(self, end: int) -> bool:
        """Return whether the job has ended on the stage's scales.

        Before the last stage, scales that are off and have not begun are not waited for, once one has succeeded.
        """
        progress = self._progress
        if len(progress.given) < end:
            return False
        if not progress.open:
            return True
        if self._state.stage + 1 == len(self._ends) or not progress.successes:
            return False
        return not any(
            progress.is_begun(position) or self._is_online(self._targets[position])
            for position in progress.open
        )

    @property
    def _deadline(self) -> float:
        return self._state.stage_started + self._rollout.spec.expires_after

    async def _expire(self) -> None:
        """Mark the scales that did not begin in time."""
        late = time.time() - self._deadline
        if late < 0 or not self._progress.open:
            return
        waiting = [each for each in self._progress.open if not self._is_running(each)]
        await self._mark(waiting, State.EXPIRED, EXPIRED)
        if late > REPORT_GRACE:
            await self._mark(list(self._progress.open), State.EXPIRED, UNREPORTED)

    # --- Commands.

    async def _withhold(self) -> None:
        """Take back what nobody has begun, for the time of a pause."""
        await self._take_back()
        known = [
            position for position in self._progress.open if self._progress.get_state(position) in WAITING
        ]
        await self._mark(known, State.QUEUED, WITHHELD)
        await self._write(settled=True)

    async def _send_again(self) -> None:
        """Give the job again to the scales from which it was taken back."""
        waiting = [position for position in sorted(self._progress.open) if not self._is_running(position)]
        for start in range(0, len(waiting), BATCH):
            await self._send(waiting[start : start + BATCH])
        await self._write(settled=True)

    async def _settle(self) -> None:
        """Take back what nobody has begun, and wait for those that have."""
        if not self._is_taken_back:
            await self._take_back()
            await self._mark(self._find_next(), State.CANCELED, GIVEN_UP)
            self._is_taken_back = True
        waiting = [position for position in self._progress.open if not self._is_running(position)]
        await self._mark(waiting, State.CANCELED, GIVEN_UP)
        is_late = time.time() > self._deadline + REPORT_GRACE
        if not self._progress.open or is_late or not self._state.submitted:
            await self._write(settled=True)
        else:
            await self._write_counts()

    def _find_next(self) -> list[int]:
        """Return the scales that would be given the job next.

        A controller that lost the lease may just have sent it to them, and the network may deliver that late. An agent
        does not begin a job that is marked as ended.
        """
        if self._rollout.spec.order == "within-store":
            following = self._find_first_open(len(self._targets)) - self._progress.given
        else:
            end = min(self._state.submitted + BATCH, len(self._targets))
            following = set(range(self._state.submitted, end))
        return [position for position in following if self._progress.get_state(position) is None]

    async def _take_back(self) -> None:
        stores = {self._targets[position].store for position in self._progress.open}
        await self._dispatcher.take_back(self._rollout.spec.id, stores)

    def _is_running(self, position: int) -> bool:
        state = self._progress.get_state(position)
        return state is not None and state not in WAITING

    async def _mark(self, positions: list[int], state: State, message: str) -> None:
        await self._dispatcher.mark(
            [self._progress.get_execution(position) for position in positions], state, message
        )

    # --- The position in the engine.

    async def _write_counts(self) -> None:
        if self._progress.counts != self._state.counts:
            await self._write()

    async def _write(self, **changes: Any) -> None:
        state = replace(self._state, counts=self._progress.counts, **changes)
        self._rollout = await self._store.update(self._rollout, state)

    async def _reload(self) -> None:
        """Go on from what is in the engine: somebody gave a command, or an acknowledgement was lost."""
        current = await self._store.get(self._rollout.spec.key)
        if current is None:
            raise FleetError(f"the rollout {self._rollout.spec.id} was removed")
        self._rollout = current
