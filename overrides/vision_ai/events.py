"""What `watch()` reports: one event per change, in order.

    for event in module.watch():
        match event:
            case Recognized(result):
                ...
            case PanEmpty():
                ...
            case ConnectionLost(error):
                ...
            case ConnectionRestored(info):
                ...

Every event has `moment`, seconds on the monotonic clock (as `time.monotonic()`), for measuring, and `time`, an aware
datetime in UTC, for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vision_ai_generated.models import DeviceInfo, RecognitionResult

from .errors import VisionAIError

__all__ = ["ConnectionLost", "ConnectionRestored", "Event", "PanEmpty", "Recognized"]


@dataclass(frozen=True, slots=True)
class Recognized:
    """The module has recognized a product that lies on the pan."""

    result: RecognitionResult
    """The latest recognition, for `confirm`."""
    since: float
    """The `moment` of the first of the equal recognitions."""
    moment: float
    time: datetime


@dataclass(frozen=True, slots=True)
class PanEmpty:
    """Nothing lies on the pan."""

    moment: float
    time: datetime


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """Recognition is not possible at present. The watch goes on and reports `ConnectionRestored`."""

    error: VisionAIError
    """Why: the module cannot be reached, or returned an error that passes, such as `CameraError`."""
    moment: float
    time: datetime


@dataclass(frozen=True, slots=True)
class ConnectionRestored:
    """Recognition is possible again."""

    info: DeviceInfo
    """What `get_device_info` returned: it may be another module."""
    moment: float
    time: datetime


Event = Recognized | PanEmpty | ConnectionLost | ConnectionRestored
"""One of these four: a `match` statement over them is exhaustive."""
