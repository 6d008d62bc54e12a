"""A fleet in memory, for tests of its commands: the methods of `Fleet`, without a center."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from shared_cli import Result

from vision_ai import AsyncVisionAI
from vision_ai_fleet import names
from vision_ai_fleet.credentials import Credentials
from vision_ai_fleet.errors import NotFoundError
from vision_ai_fleet.event_stream import FleetEvent
from vision_ai_fleet.jobs import Execution, State
from vision_ai_fleet.names import ScaleId, get_backups_prefix, get_backups_stream
from vision_ai_fleet.objects import Manifest, Progress, describe_file
from vision_ai_fleet.orders import prepare_order
from vision_ai_fleet.rollout import Phase, Rollout, RolloutSpec, RolloutState
from vision_ai_fleet.scales import Presence, Scale, make_scale
from vision_ai_fleet.schedule import Schedule, check_schedule
from vision_ai_fleet.selection import select

Command = Callable[..., Result]
"""Runs `vision-ai fleet …`."""
NOW = 1_795_858_200.0
"""2026-11-28 09:30 UTC."""
OPERATOR = Credentials("nats://127.0.0.1:9", "operator", "anna", jwt="a.b.c", seed="SU", secret=b"s" * 32)


def make_test_scale(name: str, *, online: bool = True, firmware: str = "9.9.4.2", **inventory: Any) -> Scale:
    """Make a scale that has reported."""
    device = {
        "sn": f"SN{name}",
        "firmware": firmware,
        "engine": "9.5.0",
        "learnMode": 1,
        "clientName": "Fruit",
    }
    value = {
        "device": device,
        "api": "v1",
        "sdk": "1.2.0",
        "agent": "1.2.0",
        "module": "ready",
        "reported": {"learn_mode": 1},
        "drift": [],
        "items": 12,
        "time": NOW,
        **inventory,
    }
    presence = Presence(time=NOW, agent="1.2.0") if online else None
    return make_scale(ScaleId.parse(name), json.dumps(value).encode(), presence)


def make_test_backup(name: str, created: float = NOW, content: bytes = b"backup") -> Manifest:
    """Make the manifest of a scale's backup."""
    import hashlib

    scale = ScaleId.parse(name)
    return Manifest.from_dict(
        {
            "stream": get_backups_stream(scale.store),
            "prefix": get_backups_prefix(scale),
            "name": f"backup-{created:.0f}",
            "digest": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "created": created,
            "engine": "9.5.0",
            "serial_number": f"SN{name}",
        }
    )


class FakeFleet:
    """A fleet whose jobs end at once: `outcomes` says what becomes of them, on some scales."""

    def __init__(self, *scales: Scale, credentials: Credentials = OPERATOR) -> None:
        self.credentials = credentials
        self.known = {scale.id: scale for scale in scales}
        self.outcomes: dict[ScaleId, Execution] = {}
        self.entries: dict[str, Rollout] = {}
        self.chosen: dict[str, list[ScaleId]] = {}
        self.desired: dict[ScaleId, Mapping[str, Any]] = {}
        self.stored: list[Manifest] = []
        self.uploads: dict[str, bytes] = {}
        self.timetable: dict[str, Schedule] = {}
        self.recorded: list[FleetEvent] = []
        self.url = ""
        self.buckets: dict[str, dict[str, Any]] = {}
        self.is_held = False
        """Whether no controller carries out what is submitted."""

    @asynccontextmanager
    async def connect(self, credentials: Credentials) -> AsyncGenerator[FakeFleet]:
        self.credentials = replace(self.credentials, server=credentials.server)
        yield self

    async def scales(self, store: str | None = None, where: Sequence[str] = ()) -> list[Scale]:
        found = [each for each in self.known.values() if store is None or each.id.store == store]
        return select(found, where)[0]

    async def scale(self, scale: ScaleId) -> Scale:
        if scale not in self.known:
            raise NotFoundError(f"there is no scale {scale}", "See: vision-ai fleet list")
        return self.known[scale]

    def module(self, scale: ScaleId) -> AsyncVisionAI:
        return AsyncVisionAI(self.url)

    async def set_desired(self, scales: Iterable[ScaleId], desired: Mapping[str, Any]) -> int:
        self.desired.update(dict.fromkeys(scales, desired))
        return len(self.desired)

    async def select(self, spec: RolloutSpec) -> list[ScaleId]:
        return (await self._prepare(spec))[1]

    async def _prepare(self, spec: RolloutSpec) -> tuple[RolloutSpec, list[ScaleId]]:
        scope = None if spec.scope == names.CHAIN else spec.scope
        return prepare_order(spec, await self.scales(scope), self.credentials.name)

    async def submit(self, spec: RolloutSpec) -> Rollout:
        spec, chosen = await self._prepare(spec)
        self.chosen[spec.id] = chosen
        self.entries[spec.id] = Rollout(spec, RolloutState(total=len(chosen)))
        return self.entries[spec.id]

    async def rollouts(self) -> list[Rollout]:
        return list(self.entries.values())

    async def rollout(self, id: str) -> Rollout:
        """Return a rollout, and let it end afterwards."""
        if id not in self.entries:
            raise NotFoundError(f"there is no job {id}", "See: vision-ai fleet jobs")
        found = self.entries[id]
        if not self.is_held and found.state.phase is Phase.RUNNING:
            self.entries[id] = replace(found, state=self._end(id))
        return found

    def _end(self, id: str) -> RolloutState:
        ended = [self._get_outcome(id, scale).state for scale in self.chosen[id]]
        is_failed = any(state is not State.SUCCEEDED for state in ended)
        return RolloutState(
            Phase.ABORTED if is_failed else Phase.COMPLETED,
            stage=max(0, len(self.entries[id].spec.stages) - 1),
            submitted=len(ended),
            total=len(ended),
            counts={state.value: ended.count(state) for state in set(ended)},
            reason="too many scales failed" if is_failed else "",
            updated=NOW,
        )

    def _get_outcome(self, id: str, scale: ScaleId) -> Execution:
        done = Execution(State.SUCCEEDED, self.entries[id].spec.kind, id, time=NOW)
        return self.outcomes.get(scale, done)

    async def executions(self, id: str) -> dict[ScaleId, Execution]:
        return {scale: self._get_outcome(id, scale) for scale in self.chosen.get(id, ())}

    async def pause(self, id: str) -> Rollout:
        return self._set_phase(id, Phase.PAUSED)

    async def resume(self, id: str) -> Rollout:
        return self._set_phase(id, Phase.RUNNING)

    async def cancel(self, id: str) -> Rollout:
        return self._set_phase(id, Phase.CANCELED)

    def _set_phase(self, id: str, phase: Phase) -> Rollout:
        found = self.entries[id]
        self.entries[id] = replace(found, state=replace(found.state, phase=phase))
        return self.entries[id]

    async def schedules(self) -> list[Schedule]:
        return list(self.timetable.values())

    async def add_schedule(self, schedule: Schedule) -> Schedule:
        check_schedule(schedule)
        self.timetable[schedule.name] = schedule
        return schedule

    async def remove_schedule(self, name: str) -> None:
        if self.timetable.pop(name, None) is None:
            raise NotFoundError(f"there is no schedule {name}")

    async def backups(
        self, store: str | None = None, scale: str | None = None, engine: str | None = None
    ) -> list[Manifest]:
        prefix = f"backups.{store}." if store else "backups."
        return [
            each
            for each in sorted(self.stored, key=lambda each: -each.created)
            if each.prefix.startswith(prefix)
            and (scale is None or each.prefix.endswith(f".{scale}"))
            and (engine is None or each.engine == engine)
        ]

    async def get_backup(self, manifest: Manifest, path: Path, progress: Progress | None = None) -> Path:
        path.write_bytes(b"backup")
        if progress is not None:
            progress(manifest.size, manifest.size)
        return path

    async def put_file(
        self, path: Path, name: str | None = None, progress: Progress | None = None
    ) -> Manifest:
        manifest = describe_file(path, names.FILES, names.FILES_PREFIX, name or path.name)
        self.uploads[manifest.name] = path.read_bytes()
        self.stored.append(manifest)
        if progress is not None:
            progress(manifest.size, manifest.size)
        return manifest

    async def files(self) -> list[Manifest]:
        return [each for each in self.stored if each.stream == names.FILES]

    async def remove_file(self, name: str) -> None:
        found = [each for each in await self.files() if each.name == name]
        if not found:
            raise NotFoundError(f"there is no file {name}", "See: vision-ai fleet files")
        self.stored.remove(found[0])

    async def events(
        self,
        since: float | None = None,
        *,
        store: str | None = None,
        kind: str | None = None,
        follow: bool = True,
    ) -> AsyncGenerator[FleetEvent]:
        for event in self.recorded:
            if store in (None, event.scale.store) and kind in (None, event.kind):
                yield event

    def bucket(self, name: str) -> FakeBucket:
        return FakeBucket(self.buckets.get(name, {}))


class FakeBucket:
    """A bucket with entries that nobody changes."""

    def __init__(self, entries: Mapping[str, Any]) -> None:
        self.entries = entries

    async def get(self, key: str) -> Any:
        return self.entries.get(key)

    async def read_all(self, pattern: str = ">") -> Mapping[str, Any]:
        return self.entries
