"""What the page needs of the fleet. `CenterData` has it of a center, and tests of a generated fleet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from vision_ai import AsyncVisionAI
from vision_ai_fleet.jobs import Execution
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.objects import Manifest
from vision_ai_fleet.rollout import Rollout, RolloutSpec
from vision_ai_fleet.scales import Scale

OnChange = Callable[[ScaleId | None], None]
"""Called with a scale that changed; with None for anything else."""


class AlertEntry(Protocol):
    """A rule that is broken at a scale: `vision_ai_fleet.observability.alerts.Alert`."""

    @property
    def rule(self) -> str: ...

    @property
    def id(self) -> ScaleId: ...

    @property
    def since(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        ...

    @property
    def message(self) -> str: ...


class FleetData(Protocol):
    """The fleet, in memory, and what can be done with it.

    Asynchronous methods ask the engine, and raise FleetError where it refuses or does not respond.
    """

    def list_scales(self) -> Iterable[Scale]:
        """Return all scales."""
        ...

    def count_scales(self) -> int:
        """Return how many scales there are."""
        ...

    def get_scale(self, id: ScaleId) -> Scale | None:
        """Return the latest state of a scale; None for one that does not exist."""
        ...

    def list_rollouts(self) -> Sequence[Rollout]:
        """Return all rollouts, in any order."""
        ...

    def list_alerts(self) -> Sequence[AlertEntry]:
        """Return the alerts that are open, in any order."""
        ...

    def watch(self, on_change: OnChange) -> Callable[[], None]:
        """Call a function whenever something changes. A scale that was removed need not be named.

        Returns:
            A function that ends it.
        """
        ...

    def get_module(self, id: ScaleId) -> AsyncVisionAI:
        """Return a client for a scale's console, which sends its calls through the agent."""
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
        """Return the figures of the last days, of all stores or one: see `quality.read_figures`."""
        ...

    async def read_metrics(self, *, per_scale: bool = False) -> bytes:
        """Return the metrics for Prometheus, with series for each scale where asked."""
        ...

    async def submit(self, spec: RolloutSpec) -> Rollout:
        """Start a rollout."""
        ...

    async def pause(self, rollout: str) -> None:
        """Let scales that have not begun wait."""
        ...

    async def resume(self, rollout: str) -> None:
        """Go on with a paused rollout."""
        ...

    async def cancel(self, rollout: str) -> None:
        """End a rollout."""
        ...
