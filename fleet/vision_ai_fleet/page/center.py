"""The fleet as its page sees it: the center's view in memory, and a client for what the engine keeps."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

from vision_ai import AsyncVisionAI, InvalidInputError
from vision_ai_fleet import names
from vision_ai_fleet.client import Fleet
from vision_ai_fleet.events.quality import Quality
from vision_ai_fleet.jobs import Execution
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.objects import Manifest
from vision_ai_fleet.observability.alerts import Alert
from vision_ai_fleet.observability.fleet_state import FleetState
from vision_ai_fleet.observability.metrics import render
from vision_ai_fleet.rollout import Rollout, RolloutSpec
from vision_ai_fleet.scales import Scale
from vision_ai_fleet.transport import FleetTransport
from vision_ai_fleet.view import FleetView

from .data import OnChange
from .quality import read_figures

logger = logging.getLogger("vision_ai_fleet")


class CenterData:
    """A `FleetData` of a center.

    Args:
        fleet: A client, an operator's where the page is to act.
        view: Its view.
        quality: The sums of the events; None: the page has no figures of recognition.
        read_state: Returns more for the metrics, such as the engine's figures; None: nothing more.
    """

    def __init__(
        self,
        fleet: Fleet,
        view: FleetView,
        quality: Quality | None = None,
        read_state: Callable[[], Awaitable[Mapping[str, Any]]] | None = None,
    ) -> None:
        self._fleet = fleet
        self._view = view
        self._quality = quality
        self._read_state = read_state
        self._alerts: dict[str, Alert] = {}
        self._listeners: list[OnChange] = []

    @asynccontextmanager
    async def following(self) -> AsyncGenerator[CenterData]:
        """Follow the view and the alerts inside an `async with` block."""
        self._view.listeners.append(self._take_change)
        task = asyncio.create_task(self._follow_alerts())
        try:
            yield self
        finally:
            self._view.listeners.remove(self._take_change)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def list_scales(self) -> Iterable[Scale]:
        return list(self._view.scales.values())

    def count_scales(self) -> int:
        return len(self._view.scales)

    def get_scale(self, id: ScaleId) -> Scale | None:
        return self._view.scales.get(id)

    def list_rollouts(self) -> Sequence[Rollout]:
        return list(self._view.rollouts.values())

    def list_alerts(self) -> Sequence[Alert]:
        return list(self._alerts.values())

    def watch(self, on_change: OnChange) -> Callable[[], None]:
        self._listeners.append(on_change)
        return lambda: self._listeners.remove(on_change)

    def get_module(self, id: ScaleId) -> AsyncVisionAI:
        transport = FleetTransport(self._fleet.connection, id, origin="console")
        return AsyncVisionAI(transport.url, transport=transport)

    async def list_executions(self, rollout: Rollout) -> Mapping[ScaleId, Execution]:
        return await self._fleet.executions(rollout.spec.id)

    async def list_scale_executions(self, id: ScaleId) -> Sequence[Execution]:
        executions: list[Execution] = []
        bucket = self._fleet.bucket(names.EXECUTIONS)
        async with aclosing(bucket.iterate(f"*.{id.key}")) as entries:
            async for entry in entries:
                if (execution := _parse_execution(entry.value)) is not None:
                    executions.append(execution)
        return sorted(executions, key=lambda each: -each.time)

    async def list_backups(
        self, store: str | None, scale: str | None, engine: str | None
    ) -> Sequence[tuple[ScaleId, Manifest]]:
        manifests = await self._fleet.backups(store, scale, engine)
        return [(id, each) for each in manifests if (id := _find_owner(each)) is not None]

    async def read_quality(self, days: int, store: str | None) -> Mapping[str, Any]:
        if self._quality is None:
            return {"overall": None}
        return await read_figures(self._quality, days, store)

    async def read_metrics(self, *, per_scale: bool = False) -> bytes:
        more: Mapping[str, Any] = await self._read_state() if self._read_state else {}
        state = FleetState(
            list(self._view.scales.values()),
            self.list_rollouts(),
            self.list_alerts(),
            self._quality,
            **more,
        )
        return await asyncio.to_thread(render, state, per_scale=per_scale)

    async def submit(self, spec: RolloutSpec) -> Rollout:
        return await self._fleet.submit(spec)

    async def pause(self, rollout: str) -> None:
        await self._fleet.pause(rollout)

    async def resume(self, rollout: str) -> None:
        await self._fleet.resume(rollout)

    async def cancel(self, rollout: str) -> None:
        await self._fleet.cancel(rollout)

    def _take_change(self, change: Scale | Rollout) -> None:
        self._tell(change.id if isinstance(change, Scale) else None)

    def _tell(self, id: ScaleId | None) -> None:
        for listener in self._listeners:
            listener(id)

    async def _follow_alerts(self) -> None:
        async with aclosing(self._fleet.bucket(names.ALERTS).watch()) as entries:
            async for entry in entries:
                if entry is None:
                    continue
                alert = None if entry.is_removed else Alert.from_dict(entry.value)
                if alert is None:
                    self._alerts.pop(entry.key, None)
                else:
                    self._alerts[entry.key] = alert
                self._tell(None)


def _parse_execution(value: Mapping[str, Any]) -> Execution | None:
    try:
        return Execution.from_dict(value)
    except InvalidInputError:  # of an agent that is newer, or lies
        return None


def _find_owner(manifest: Manifest) -> ScaleId | None:
    """Return the scale that a backup is of, from the prefix of its subjects."""
    try:
        return ScaleId.parse(manifest.prefix.removeprefix("backups."))
    except InvalidInputError:
        return None
