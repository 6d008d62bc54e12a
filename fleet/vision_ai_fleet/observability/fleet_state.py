"""What metrics and alerts are made of. `vision_ai_fleet.scales.Scale` and the view of a fleet have these attributes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from vision_ai_fleet import names
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import Connection
from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.events.quality import Quality
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.rollout import Rollout

from .alerts import Alert
from .engine_figures import read_engine_figures

CONTROLLER_LEASE = "controller"
"""The key of the lease in the bucket `leases`."""


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
    has_lease: bool | None = None
    """Whether a controller holds the lease; None: it is not known."""
    engine_figures: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """`/varz` of the engine; see `read_engine_figures`."""


async def read_center_state(connection: Connection, monitor_url: str = "") -> dict[str, Any]:
    """Return what is not in the view of a fleet, as keyword arguments of `FleetState`.

    Args:
        connection: Of an operator.
        monitor_url: `http://127.0.0.1:8222`; "" where the engine has no monitor port.

    """
    state: dict[str, Any] = {"engine_figures": await read_engine_figures(monitor_url)}
    if connection.is_connected:
        with suppress(FleetError):
            state["has_lease"] = await Bucket(connection, names.LEASES).get(CONTROLLER_LEASE) is not None
    return state
