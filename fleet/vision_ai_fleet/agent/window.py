"""The hours in which a job may run, in the scale's local time but by the center's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from vision_ai_fleet.rollout import check_window

MINUTES_OF_DAY = 24 * 60


def count_seconds_until_open(window: str | None, now: float) -> float:
    """Return how long a window stays closed; 0 while it is open.

    Args:
        window: `22:00-06:00`; None: always open. Equal times mean the whole day.
        now: Seconds since 1970-01-01 UTC, by the engine's clock.

    Raises:
        InvalidInputError: it is not a window.
    """
    if check_window(window) is None or window is None:
        return 0.0
    first, last = (_count_minutes(part) for part in window.split("-"))
    local = datetime.fromtimestamp(now)
    minute = local.hour * 60 + local.minute
    if (minute - first) % MINUTES_OF_DAY < ((last - first) % MINUTES_OF_DAY or MINUTES_OF_DAY):
        return 0.0
    opening = local.replace(hour=first // 60, minute=first % 60, second=0, microsecond=0)
    if opening <= local:
        opening += timedelta(days=1)
    return max(1.0, opening.timestamp() - now)


def _count_minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
