"""Scales of a fleet for tests of what is made of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from vision_ai_fleet.names import ScaleId

NOW = 1_795_000_000.0


@dataclass(frozen=True)
class PresenceState:
    outbox: int = 0


SCALE_ID = ScaleId("0042", "07")


@dataclass(frozen=True)
class ScaleState:
    """A scale as metrics and alerts see it."""

    id: ScaleId = SCALE_ID
    presence: PresenceState | None = field(default_factory=PresenceState)
    engine: str | None = "9.5.0"
    firmware: str | None = "1.0"
    module: str | None = "ready"
    drift: tuple[str, ...] = ()
    backup_time: float | None = NOW
    reported: float | None = NOW

    @property
    def state(self) -> str:
        return "offline" if self.presence is None else "idle"
