"""`Fleet`: what people and the web page do with a fleet.

async with Fleet.connect(Credentials.read("operator.creds")) as fleet:
    for scale in await fleet.scales(where=["engine<9.5"]):
        print(scale.id, scale.engine)
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from os import PathLike
from pathlib import Path
from typing import Any

from vision_ai import AsyncVisionAI

from . import names
from .buckets import Bucket
from .connection import Connection, connect
from .credentials import Credentials
from .desired import DesiredStore
from .errors import NotFoundError
from .event_stream import FleetEvent, follow_events
from .file_store import FileStore
from .jobs import Execution
from .names import ScaleId
from .objects import Manifest, Progress
from .orders import check_desired, prepare_order
from .rollout import Phase, Rollout, RolloutSpec
from .rollout_store import RolloutStore
from .scales import Presence, Scale, make_scale
from .schedule import Schedule
from .selection import parse_conditions, select
from .transport import FleetTransport
from .view import FleetView

PARALLEL = 64
"""Scales whose desired states are written at the same time."""


class Fleet:
    """A connection to the center, as an operator, a manager or a viewer. `connect` opens one.

    Its methods raise FleetError for what the center refuses, and CenterUnreachableError where it does not respond.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.credentials = connection.credentials
        self._rollouts = RolloutStore(connection)
        self._files = FileStore(connection)

    @classmethod
    @asynccontextmanager
    async def connect(cls, credentials: Credentials, *, name: str = "") -> AsyncGenerator[Fleet]:
        """Connect for the time of an `async with` statement.

        Args:
            credentials: Who connects.
            name: A name for the engine's lists of connections.

        Raises:
            CenterUnreachableError: the center does not respond, or refuses the credentials.
        """
        async with connect(credentials, name=name) as connection:
            yield cls(connection)

    # --- Scales.

    async def scales(self, store: str | None = None, where: Sequence[str] = ()) -> list[Scale]:
        """Return the scales that meet all conditions, by store and number, also those that never reported.

        Args:
            store: Only those of this store. A manager has no others.
            where: Conditions, see `selection.parse_condition`.

        Raises:
            InvalidInputError: a condition is not known.
        """
        pattern = f"{names.check_name('store', store)}.*" if store else self._own_pattern
        parse_conditions(where)  # refuses an unknown one before 30,000 scales are read
        presence: dict[str, Presence] = {}
        async with aclosing(self.bucket(names.PRESENCE).iterate(pattern)) as entries:
            async for entry in entries:
                presence[entry.key] = Presence.from_dict(entry.value)
        scales: dict[str, Scale] = {}
        async with aclosing(self.bucket(names.INVENTORY).iterate(pattern)) as entries:
            async for entry in entries:
                scales[entry.key] = make_scale(
                    ScaleId.parse(entry.key), entry.data, presence.pop(entry.key, None)
                )
        for key, state in presence.items():  # connected, and about to report for the first time
            scales[key] = Scale(ScaleId.parse(key), state)
        return select(scales.values(), where)[0]

    async def scale(self, scale: ScaleId) -> Scale:
        """Return one scale.

        Raises:
            NotFoundError: it was never enrolled.
        """
        inventory = await self.bucket(names.INVENTORY).get(scale.key)
        presence = await self.bucket(names.PRESENCE).get(scale.key)
        if inventory is None and presence is None:
            raise NotFoundError(f"there is no scale {scale}", "See: vision-ai fleet list")
        return make_scale(
            scale,
            inventory.data if inventory else b"",
            Presence.from_dict(presence.value) if presence else None,
        )

    def module(self, scale: ScaleId, **options: Any) -> AsyncVisionAI:
        """Return a client of a scale's module, through its agent. It knows every operation of the SDK.

        Args:
            scale: Whose module.
            options: As for `AsyncVisionAI`, such as `timeout`.
        """
        transport = FleetTransport(self.connection, scale)
        return AsyncVisionAI(transport.url, transport=transport, **options)

    async def desired(self, scale: ScaleId) -> dict[str, Any]:
        """Return how a scale should be set; {} where nothing was said.

        Raises:
            InvalidInputError: these credentials may not give it orders.
        """
        return await DesiredStore(self.connection).get(scale)

    async def set_desired(self, scales: Iterable[ScaleId], desired: Mapping[str, Any]) -> int:
        """Say how scales should be set. A difference is reported as drift, and mended only with `enforce`.

        Args:
            scales: Which ones.
            desired: `{"learn_mode": 0 or 1, "calibration": {"left", "top", "width", "height"}, "enforce": bool}`. What
                it does not name stays as it was said before; None takes it away.

        Returns:
            How many scales were told.

        Raises:
            InvalidInputError: a value is not possible, or these credentials may not give orders to a scale.
        """
        check_desired(desired)
        store = DesiredStore(self.connection)
        chosen = list(scales)
        for start in range(0, len(chosen), PARALLEL):
            await asyncio.gather(
                *(store.change(scale, desired) for scale in chosen[start : start + PARALLEL])
            )
        return len(chosen)

    # --- Jobs.

    async def submit(self, spec: RolloutSpec) -> Rollout:
        """Order a job on scales. The scales are selected now; the controller gives them the job, stage by stage.

        Args:
            spec: The order. An empty `id` is replaced by a new one.

        Raises:
            InvalidInputError: the order cannot be carried out; nothing was sent.
            NotFoundError: a scale of `targets` does not exist; nothing was sent.
            ConflictError: there is a rollout of that name.
        """
        store = None if spec.scope == names.CHAIN else spec.scope
        spec, targets = prepare_order(spec, await self.scales(store), self.credentials.name)
        return await self._rollouts.create(spec, targets)

    async def select(self, spec: RolloutSpec) -> list[ScaleId]:
        """Return the scales that an order means, in the order in which they would be given the job.

        Raises:
            InvalidInputError: the order cannot be carried out.
            NotFoundError: a scale of `targets` does not exist.
        """
        store = None if spec.scope == names.CHAIN else spec.scope
        return prepare_order(spec, await self.scales(store), self.credentials.name)[1]

    async def rollouts(self) -> list[Rollout]:
        """Return all rollouts, the newest first."""
        return await self._rollouts.read_all(self._own_scope_pattern)

    async def rollout(self, id: str) -> Rollout:
        """Return one rollout.

        Raises:
            NotFoundError: there is none of that name.
        """
        return await self._rollouts.find(id, self._own_scope_pattern)

    async def targets(self, id: str) -> list[ScaleId]:
        """Return the scales of a rollout, in their order."""
        return await self._rollouts.read_targets(await self.rollout(id))

    async def executions(self, id: str, *, scale: ScaleId | None = None) -> dict[ScaleId, Execution]:
        """Return what became of a job on each scale that was given it. Those that did not begin are missing.

        Args:
            id: A rollout's, or a scheduled job's such as `backup-4711`.
            scale: Only this one's.
        """
        return await self._rollouts.read_executions(names.check_name("job", id), scale)

    async def pause(self, id: str) -> Rollout:
        """Let scales that have not begun wait. Those that have begun go on.

        Raises:
            InvalidInputError: the rollout has ended.
        """
        return await self._rollouts.set_phase(await self.rollout(id), Phase.PAUSED)

    async def resume(self, id: str) -> Rollout:
        """Go on with a paused rollout.

        Raises:
            InvalidInputError: the rollout has ended.
        """
        return await self._rollouts.set_phase(await self.rollout(id), Phase.RUNNING)

    async def cancel(self, id: str) -> Rollout:
        """End a rollout. What nobody has begun is taken back; those that have begun go on to their end.

        Raises:
            InvalidInputError: the rollout has ended.
        """
        return await self._rollouts.set_phase(await self.rollout(id), Phase.CANCELED)

    # --- Schedules.

    async def schedules(self) -> list[Schedule]:
        """Return all schedules, by name."""
        return await self._rollouts.read_schedules(self._own_scope_pattern)

    async def add_schedule(self, schedule: Schedule) -> Schedule:
        """Add a schedule, or change the one of that name. The controller gives it to the scales within a minute.

        Raises:
            InvalidInputError: it cannot be carried out.
        """
        return await self._rollouts.put_schedule(schedule)

    async def remove_schedule(self, name: str) -> None:
        """Remove a schedule. What has already begun goes on.

        Raises:
            NotFoundError: there is none of that name.
        """
        await self._rollouts.remove_schedule(name, self._own_scope_pattern)

    # --- Files.

    async def backups(
        self, store: str | None = None, scale: str | None = None, engine: str | None = None
    ) -> list[Manifest]:
        """Return backups, the newest first.

        Args:
            store: Only of this store.
            scale: Only of this scale of the store.
            engine: Only of modules with this version of the engine, which a restore needs.
        """
        return await self._files.read_backups(store, scale, engine)

    async def get_backup(
        self, manifest: Manifest, path: str | PathLike[str], progress: Progress | None = None
    ) -> Path:
        """Download a backup, or another file of the center. Its digest is checked.

        Args:
            manifest: Which one.
            path: Where to write it: a file, or a folder.
            progress: Called with the bytes that are done, and all of them.

        Raises:
            NotFoundError: it is no longer there.
            DigestError: it was changed; nothing is left at `path`.
            OSError: it cannot be written.
        """
        return await self._files.get(manifest, path, progress)

    async def delete_backup(self, manifest: Manifest) -> None:
        """Delete a backup, and its content unless another backup of the scale has the same."""
        await self._files.delete(manifest)

    async def put_file(
        self,
        path: str | PathLike[str],
        name: str | None = None,
        progress: Progress | None = None,
        *,
        source: Manifest | None = None,
    ) -> Manifest:
        """Upload a data set, a catalog or firmware, for jobs. Every scale can read it.

        Args:
            path: The file.
            name: Its name in the center; None for its own.
            progress: Called with the bytes that are done, and all of them.
            source: The backup that it is, if it is one: a rollout does not begin with the module it was made of.

        Raises:
            OSError: it cannot be read.
        """
        return await self._files.put(path, name, progress, source)

    async def files(self) -> list[Manifest]:
        """Return the uploaded files, the newest first."""
        return await self._files.read_files()

    async def remove_file(self, name: str) -> None:
        """Delete an uploaded file.

        Raises:
            NotFoundError: there is none of that name.
        """
        found = [each for each in await self.files() if each.name == name]
        if not found:
            raise NotFoundError(f"there is no file {name}", "See: vision-ai fleet files")
        await self._files.delete(found[0])

    # --- Following.

    def events(
        self,
        since: float | None = None,
        *,
        store: str | None = None,
        kind: str | None = None,
        follow: bool = True,
    ) -> AsyncGenerator[FleetEvent]:
        """Yield events (CloudEvents) in the order in which they came. Use it with `contextlib.aclosing`.

        It survives restarts of the center.

        Args:
            since: From this moment on, in seconds since 1970-01-01 UTC by the center's clock; None: from now on, or,
                without `follow`, from the beginning.
            store: Only of this store.
            kind: Only of this kind, such as `recognition`.
            follow: Whether to wait for new ones, or to end with the last.
        """
        store = store or (self.credentials.store or None)
        if since is None and not follow:
            since = 0.0
        return follow_events(self.connection, since, store=store, kind=kind, follow=follow)

    @asynccontextmanager
    async def view(self) -> AsyncGenerator[FleetView]:
        """Keep all scales and rollouts in memory and up to date, for the time of an `async with` statement."""
        view = FleetView(self, self._own_pattern, self._own_scope_pattern)
        async with view.follow():
            yield view

    def bucket(self, name: str) -> Bucket:
        """Return one of the center's key-value buckets."""
        return Bucket(self.connection, name)

    @property
    def _own_pattern(self) -> str:
        return f"{self.credentials.store}.*" if self.credentials.role == "manager" else "*.*"

    @property
    def _own_scope_pattern(self) -> str:
        return f"{self.credentials.store}.*" if self.credentials.role == "manager" else "*.*"
