"""An alert: a rule that is broken at one scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from vision_ai_fleet.names import ScaleId


class Rule(StrEnum):
    """What is watched at each scale."""

    OFFLINE = "offline"
    CAMERA_LOST = "camera_lost"
    NOT_ACTIVATED = "not_activated"
    FIRMWARE_DRIFT = "firmware_drift"
    BACKUP_TOO_OLD = "backup_too_old"
    RECOGNITION_RATE_FELL = "recognition_rate_fell"


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule that is broken at a scale, and since when."""

    rule: Rule
    store: str
    scale: str
    since: float
    """Seconds since 1970-01-01 UTC, by the center's clock."""
    message: str

    @property
    def id(self) -> ScaleId:
        return ScaleId(self.store, self.scale)

    @property
    def key(self) -> str:
        """Its key in the bucket `alerts`."""
        return f"{self.rule.value}.{self.store}.{self.scale}"

    def to_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule.value,
            "store": self.store,
            "scale": self.scale,
            "since": self.since,
            "message": self.message,
        }

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any]) -> Alert | None:
        """Read an entry of the bucket; None for one of a rule that this version does not have."""
        try:
            return cls(
                Rule(payload["rule"]),
                str(payload["store"]),
                str(payload["scale"]),
                float(payload["since"]),
                str(payload.get("message", "")),
            )
        except (KeyError, TypeError, ValueError):
            return None
