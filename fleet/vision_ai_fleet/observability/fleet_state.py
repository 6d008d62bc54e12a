"""What metrics and alerts are made of. `vision_ai_fleet.scales.Scale` and the view of a fleet have these attributes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from vision_ai_fleet.events.quality import Quality
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.rollout import Rollout

from .alerts import Alert


class PresenceState(Protocol):
    """What an agent says about itself while it is connected."""

    @property
    def outbox(self) -> int: ...


class ScaleState(Protocol):
    """What is known of a scale."""

    @property
    def id(self) -> ScaleId: ...

    @property
    def presence(self) -> PresenceState | None: ...

    @property
    def state(self) -> str: ...

    @property
    def engine(self) -> str | None: ...

    @property
    def firmware(self) -> str | None: ...

    @property
    def module(self) -> str | None: ...

    @property
    def drift(self) -> tuple[str, ...]: ...

    @property
    def backup_time(self) -> float | None: ...

    @property
    def reported(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class FleetState:
    """The fleet at one moment."""

    scales: Collection[ScaleState]
    rollouts: Collection[Rollout] = ()
    alerts: Collection[Alert] = ()
    quality: Quality | None = None
    has_lease: bool = False
    """Whether this process is the controller that acts."""
    engine_figures: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """`/varz` of the engine; see `read_engine_figures`."""
