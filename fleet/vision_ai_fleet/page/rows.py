"""What lists show of a scale."""

from __future__ import annotations

from typing import Any

from vision_ai import DeviceError
from vision_ai_fleet.scales import Scale

from .values import limit_value

READY, OFFLINE, DRIFT, ERROR, NO_REPORT = "ready", "offline", "drift", "error", "no_report"
FAILURES = ("camera_lost", "unreachable", "not_activated", ERROR, NO_REPORT)
"""Of a module whose agent is connected, the worst first."""
STATUSES = (*FAILURES, OFFLINE, DRIFT, READY)
"""One per scale. An agent that is offline hides what its module would say."""
ORDER = {status: number for number, status in enumerate(STATUSES)}
MAX_VERSION = 40


def find_status(scale: Scale) -> str:
    """Return the status of a scale, one of `STATUSES`."""
    if scale.presence is None:
        return OFFLINE
    if scale.module == READY:
        return DRIFT if scale.drift else READY
    if scale.module is None:
        return NO_REPORT
    return scale.module if scale.module in FAILURES else ERROR


def get_version(scale: Scale, name: str) -> str | None:
    """Return a version that a scale reported, cut to what a page can show."""
    version: str | None = getattr(scale, name)
    return version[:MAX_VERSION] if version else None


def describe_error_code(code: object) -> dict[str, Any]:
    """Return a module's error code, and its name, which the page has a text for."""
    code = limit_value(code)
    if not isinstance(code, int) or code >= 0:
        return {"code": None, "error": None}
    return {"code": code, "error": DeviceError.of(code).name}


def describe_scale(scale: Scale) -> dict[str, Any]:
    """Return what a list shows."""
    presence = scale.presence
    return {
        "store": scale.id.store,
        "scale": scale.id.scale,
        "status": find_status(scale),
        "activity": limit_value(presence.state) if presence else None,
        **{name: get_version(scale, name) for name in ("firmware", "engine", "api", "serial_number")},
        **describe_error_code(scale.code),
        "items": limit_value(scale.items),
        "drift": limit_value(scale.drift),
        "backup_time": limit_value(scale.backup_time),
        "time": limit_value(presence.time if presence else scale.reported),
    }
