"""Rollouts and schedules in the engine. Whoever writes them seals them: see `vision_ai_fleet.scope`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from vision_ai import InvalidInputError

from . import names
from .buckets import Bucket, Entry
from .connection import Connection
from .errors import ConflictError, FleetError, NotFoundError
from .jobs import Execution
from .names import ScaleId
from .orders import check_arguments
from .rollout import Phase, Rollout, RolloutSpec, RolloutState
from .schedule import Schedule, check_schedule
from .scope import seal_entry, unseal_entry
from .selection import parse_conditions

LARGEST_ENTRY = 1_000_000
"""Bytes. The engine's limit of a message is 1 MiB."""


class RolloutStore:
    """The buckets `rollouts`, `targets`, `schedules` and `executions`."""

    def __init__(self, connection: Connection) -> None:
        self._credentials = connection.credentials
        self._rollouts = Bucket(connection, names.ROLLOUTS)
        self._targets = Bucket(connection, names.TARGETS)
        self._schedules = Bucket(connection, names.SCHEDULES)
        self._executions = Bucket(connection, names.EXECUTIONS)

    # --- Rollouts.

    async def create(self, spec: RolloutSpec, targets: Sequence[ScaleId]) -> Rollout:
        """Store a new rollout: first its targets, so that a rollout without them is never seen.

        Raises:
            ConflictError: there is one of that name.
        """
        data = self._seal(names.TARGETS, spec.key, {"targets": [scale.key for scale in targets]})
        if len(data) > LARGEST_ENTRY:
            raise InvalidInputError(
                f"{len(targets)} scales are too many for one rollout: select them by store"
            )
        state = RolloutState(total=len(targets), updated=time.time())
        rollout = Rollout(spec, state)
        try:
            if self._credentials.role == "operator" and await self._is_taken(spec.id):
                raise ConflictError("another scope, or a schedule, has that name")
            await self._targets.create(spec.key, data)
            revision = await self._rollouts.create(spec.key, self._seal_rollout(rollout))
        except ConflictError:
            raise ConflictError(
                f"there is a rollout or a schedule {spec.id} already", "Choose another name."
            ) from None
        return replace(rollout, revision=revision)

    async def read_all(self, pattern: str) -> list[Rollout]:
        """Return the rollouts whose keys match, the newest first."""
        found: list[Rollout] = []
        async with aclosing(self._rollouts.iterate(pattern)) as entries:
            async for entry in entries:
                if (rollout := self.parse(entry)) is not None:
                    found.append(rollout)
        return sorted(found, key=lambda each: (-each.spec.created, each.spec.id))

    async def find(self, id: str, pattern: str) -> Rollout:
        """Return the rollout of that name.

        Raises:
            NotFoundError: there is none.
        """
        names.check_name("rollout", id)
        for rollout in await self.read_all(f"{pattern.partition('.')[0]}.{id}"):
            return rollout
        raise NotFoundError(f"there is no rollout {id}", "See: vision-ai fleet jobs")

    async def get(self, key: str) -> Rollout | None:
        """Return the rollout of a key; None without one."""
        entry = await self._rollouts.get(key)
        return self.parse(entry) if entry is not None else None

    async def read_targets(self, rollout: Rollout) -> list[ScaleId]:
        """Return a rollout's scales, in their order.

        Raises:
            FleetError: they are missing, or were written by someone who may not order.
        """
        entry = await self._targets.get(rollout.spec.key)
        value = self._unseal(names.TARGETS, entry) if entry is not None else None
        if value is None:
            raise FleetError(f"the list of scales of the rollout {rollout.spec.id} is missing or forged")
        return [ScaleId.parse(key) for key in value["targets"]]

    async def update(self, rollout: Rollout, state: RolloutState) -> Rollout:
        """Write a new state in the place of the one that was read.

        Raises:
            ConflictError: somebody else wrote in the meantime.
        """
        changed = replace(rollout, state=replace(state, updated=time.time()))
        revision = await self._rollouts.update(
            rollout.spec.key, self._seal_rollout(changed), rollout.revision
        )
        return replace(changed, revision=revision)

    async def set_phase(self, rollout: Rollout, phase: Phase) -> Rollout:
        """Order a rollout to pause, go on or end. The controller does it.

        Raises:
            InvalidInputError: it has ended.
        """
        while True:
            if rollout.state.phase.is_end and rollout.state.phase is not phase:
                raise InvalidInputError(f"the rollout {rollout.spec.id} has ended: {rollout.state.phase}")
            if rollout.state.phase is phase:
                return rollout
            resumes = rollout.state.resumes + (phase is Phase.RUNNING)
            try:
                return await self.update(
                    rollout, replace(rollout.state, phase=phase, resumes=resumes, settled=False)
                )
            except ConflictError:
                current = await self.get(rollout.spec.key)
                if current is None:
                    raise
                rollout = current

    def parse(self, entry: Entry) -> Rollout | None:
        """Read an entry of the bucket `rollouts`; None for a forged one, or one of a newer version."""
        value = self._unseal(names.ROLLOUTS, entry)
        try:
            rollout = Rollout.from_dict(value, entry.revision) if value is not None else None
        except (KeyError, TypeError, ValueError):
            return None
        return rollout if rollout is not None and rollout.spec.key == entry.key else None

    async def read_executions(self, job: str, scale: ScaleId | None = None) -> dict[ScaleId, Execution]:
        """Return what became of a job, by scale."""
        store = self._credentials.store if self._credentials.role == "manager" else "*"
        pattern = f"{job}.{scale.key}" if scale else f"{job}.{store}.*"
        found: dict[ScaleId, Execution] = {}
        async with aclosing(self._executions.iterate(pattern)) as entries:
            async for entry in entries:
                try:
                    found[ScaleId.parse(entry.key.partition(".")[2])] = Execution.from_dict(entry.value)
                except InvalidInputError:
                    continue  # of a newer agent, or a lying one
        return found

    # --- Schedules.

    async def read_schedules(self, pattern: str) -> list[Schedule]:
        """Return the schedules whose keys match, by name."""
        found: list[Schedule] = []
        async with aclosing(self._schedules.iterate(pattern)) as entries:
            async for entry in entries:
                if (value := self._unseal(names.SCHEDULES, entry)) is not None:
                    found.append(Schedule.from_dict(value))
        return sorted(found, key=lambda each: each.key)

    async def put_schedule(self, schedule: Schedule) -> Schedule:
        """Store a schedule, also in the place of the one of that name."""
        check_schedule(schedule)
        parse_conditions(schedule.where)
        if self._credentials.role == "operator" and await self.read_all(f"*.{schedule.name}"):
            raise ConflictError(
                f"there is a rollout {schedule.name}", "Choose another name for the schedule."
            )
        schedule = replace(
            schedule,
            kind=schedule.kind.replace("-", "_"),
            arguments=check_arguments(schedule.kind, schedule.arguments),
            created=schedule.created or time.time(),
            by=schedule.by or self._credentials.name,
        )
        await self._schedules.put(schedule.key, self._seal(names.SCHEDULES, schedule.key, schedule.to_dict()))
        return schedule

    async def _is_taken(self, name: str) -> bool:
        """Return whether jobs of that name would meet in the scales' queues, where each name is there once."""
        return bool(await self.read_all(f"*.{name}") or await self.read_schedules(f"*.{name}"))

    async def remove_schedule(self, name: str, pattern: str) -> None:
        """Remove the schedules of that name.

        Raises:
            NotFoundError: there is none.
        """
        names.check_name("schedule", name)
        found = await self.read_schedules(f"{pattern.partition('.')[0]}.{name}")
        if not found:
            raise NotFoundError(f"there is no schedule {name}", "See: vision-ai fleet schedule list")
        for schedule in found:
            await self._schedules.delete(schedule.key)

    # ---

    def _seal_rollout(self, rollout: Rollout) -> bytes:
        return self._seal(names.ROLLOUTS, rollout.spec.key, rollout.to_dict())

    def _seal(self, bucket: str, key: str, value: dict[str, Any]) -> bytes:
        return seal_entry(self._credentials, bucket, key, value)

    def _unseal(self, bucket: str, entry: Entry) -> dict[str, Any] | None:
        if self._credentials.role == "viewer":  # has no secret: a viewer sees, and acts on nothing
            return entry.value
        return unseal_entry(self._credentials, bucket, entry.key, entry.data)
