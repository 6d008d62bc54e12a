"""What the page needs of the fleet. The center implements it with `Fleet` and `FleetView`, tests with a generated one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from vision_ai import AsyncVisionAI
from vision_ai_fleet.jobs import Execution
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.objects import Manifest
from vision_ai_fleet.rollout import Rollout, RolloutSpec
from vision_ai_fleet.scales import Scale


class Alert(NamedTuple):
    """Something that lasts and that somebody should look at."""

    rule: str
    id: ScaleId
    since: float
    """Seconds since 1970-01-01 UTC."""
    details: Mapping[str, Any]


class FleetData(Protocol):
    """The fleet, in memory, and what can be done with it. Asynchronous methods ask the engine and may raise FleetError."""

    def list_scales(self) -> Iterable[Scale]:
        """Return all scales."""
        ...

    def get_scale(self, id: ScaleId) -> Scale | None:
        """Return the latest state of a scale; None for one that does not exist."""
        ...

    def list_rollouts(self) -> Sequence[Rollout]:
        """Return all rollouts, in any order."""
        ...

    def list_alerts(self) -> Sequence[Alert]:
        """Return the alerts that are open, in any order."""
        ...

    def watch(self, on_change: Callable[[ScaleId | None], None]) -> Callable[[], None]:
        """Call `on_change` with each scale that changes, and with None for anything else.

        Returns:
            A function that ends it.
        """
        ...

    def get_module(self, id: ScaleId) -> AsyncVisionAI:
        """Return a client of a scale's module, which sends its calls through the agent."""
        ...

    async def list_executions(self, rollout: Rollout) -> Mapping[ScaleId, Execution]:
        """Return what became of a rollout on each scale that was given it."""
        ...

    async def list_scale_executions(self, id: ScaleId) -> Sequence[Execution]:
        """Return the latest jobs of one scale, the newest first."""
        ...

    async def list_backups(
        self, store: str | None, scale: str | None, engine: str | None
    ) -> Sequence[tuple[ScaleId, Manifest]]:
        """Return backups, the newest first."""
        ...

    async def read_quality(self, days: int, store: str | None) -> Mapping[str, Any]:
        """Return the report's figures of the last days, of all stores or one."""
        ...

    async def submit(self, spec: RolloutSpec) -> Rollout:
        """Start a rollout."""
        ...

    async def pause(self, rollout: str) -> None: ...

    async def resume(self, rollout: str) -> None: ...

    async def cancel(self, rollout: str) -> None: ...
