"""A scale as the center knows it: what it reported last, and whether its agent is connected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from sys import intern
from typing import Any, cast

from .messages import decode
from .names import ScaleId

LARGEST = 2**53
"""Numbers from here on are not meant, and cannot be shown."""


@dataclass(frozen=True, slots=True)
class Presence:
    """What an agent says about itself while it is connected."""

    state: str = "idle"
    """`idle`, `busy` (the till sells) or `job`."""
    agent: str = ""
    instance: str = ""
    time: float = 0.0
    outbox: int = 0
    """Events that wait for the center."""
    metrics: Mapping[str, Any] | None = None

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any]) -> Presence:
        return cls(
            intern(str(payload.get("state", "idle"))),
            intern(str(payload.get("agent", ""))),
            str(payload.get("instance", "")),
            _read_number(payload.get("time")) or 0.0,
            int(_read_number(payload.get("outbox")) or 0),
            _read_mapping(payload.get("metrics")) or None,
        )


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale. What it never reported is None, or empty.

    The fields are those that scales are selected and counted by; `inventory` is everything.
    """

    id: ScaleId
    presence: Presence | None = None
    """None while its agent is not connected."""
    data: bytes = b""
    """The inventory as JSON: 30,000 of them are in memory, so it is decoded only when it is read."""
    engine: str | None = None
    firmware: str | None = None
    serial_number: str | None = None
    module: str | None = None
    """`ready`, `unreachable`, `not_activated`, `camera_lost` or `error`."""
    code: int | None = None
    api: str | None = None
    sdk: str | None = None
    agent: str | None = None
    learn_mode: int | None = None
    items: int | None = None
    drift: tuple[str, ...] = ()
    """What differs from the desired state."""
    backup_time: float | None = None
    backup_digest: str | None = None
    reported: float | None = None
    """When it reported, in seconds since 1970-01-01 UTC by its own clock."""
    enrolled: float | None = None
    """When it was enrolled, of a scale that never reported."""

    @property
    def is_online(self) -> bool:
        return self.presence is not None

    @property
    def state(self) -> str:
        """`idle`, `busy`, `job`, `offline`, or `never` for a scale that never reported."""
        if self.presence is not None:
            return self.presence.state
        return "offline" if self.reported is not None else "never"

    @property
    def inventory(self) -> dict[str, Any]:
        """Everything that it reported."""
        return decode(self.data) if self.data else {}

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values, with the whole inventory."""
        presence = self.presence
        return {
            "store": self.id.store,
            "scale": self.id.scale,
            "state": self.state,
            "online": self.is_online,
            "seen": presence.time if presence else None,
            "outbox": presence.outbox if presence else None,
            **{name: getattr(self, name) for name in SUMMARY_FIELDS},
            "drift": list(self.drift),
            "inventory": self.inventory,
        }


SUMMARY_FIELDS = (
    *("engine", "firmware", "serial_number", "module", "code", "api", "sdk", "agent", "learn_mode", "items"),
    *("backup_time", "backup_digest", "reported", "enrolled"),
)


def make_scale(scale: ScaleId, data: bytes, presence: Presence | None = None) -> Scale:
    """Read an inventory entry. An agent may be older or newer, or lie: what is of another type is left out."""
    value = decode(data) if data else {}
    device, backup = _read_mapping(value.get("device")), _read_mapping(value.get("backup"))
    reported = _read_mapping(value.get("reported"))
    drift: object = value.get("drift")
    learn_mode = reported.get("learn_mode", device.get("learnMode"))
    return Scale(
        id=scale,
        presence=presence,
        data=data,
        engine=_read_text(device.get("engine")),
        firmware=_read_text(device.get("firmware")),
        serial_number=_read_text(device.get("sn")),
        module=_read_text(value.get("module")),
        code=_read_integer(value.get("code")),
        api=_read_text(value.get("api")),
        sdk=_read_text(value.get("sdk")),
        agent=_read_text(value.get("agent")),
        learn_mode=_read_integer(learn_mode),
        items=_read_integer(value.get("items")),
        drift=tuple(str(name) for name in cast("list[object]", drift)) if isinstance(drift, list) else (),
        backup_time=_read_number(backup.get("time")),
        backup_digest=_read_text(backup.get("digest")),
        reported=_read_number(value.get("time")),
        enrolled=_read_number(value.get("enrolled")),
    )


def _read_mapping(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _read_text(value: object) -> str | None:
    return intern(value) if isinstance(value, str) else None


def _read_integer(value: object) -> int | None:
    return int(value) if isinstance(value, int) and abs(value) < LARGEST else None


def _read_number(value: object) -> float | None:
    # JSON of Python has infinite numbers and NaN: neither is below a limit.
    return float(value) if isinstance(value, int | float) and abs(value) < LARGEST else None
