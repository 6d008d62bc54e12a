"""Arguments that mean a time, a length of time or a size."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from vision_ai_translations import gettext as _

from .failures import usage_failure

DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([mhdw])")
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kMG]?)B?", re.IGNORECASE)
FACTORS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}


def parse_time(option: str, text: str) -> datetime:
    """Return a time: `2026-11-28`, `2026-11-28T09:30` (local without an offset), or `7d` for seven days ago."""
    duration = _parse_duration(text)
    try:
        if duration is not None:
            return datetime.now().astimezone() - duration
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError, OSError):
        raise usage_failure(
            _("{option}: {text} is not a time", option=option, text=repr(text)),
            _("Write 2026-11-28, 2026-11-28T09:30, 7d or 12h, for example."),
        ) from None


def parse_days(option: str, text: str) -> float:
    """Return the days of a length of time: `400d`, `12h`; a number alone is days."""
    duration = _parse_duration(f"{text}d" if text.replace(".", "", 1).isdecimal() else text)
    if duration is None:
        raise usage_failure(
            _("{option}: {text} is not a length of time", option=option, text=repr(text)),
            _("Write 400d, 8w or 12h, for example."),
        )
    return duration / timedelta(days=1)


def parse_size(option: str, text: str) -> int:
    """Return the bytes of a size: `200MB`, `500 kB`; a number alone is bytes."""
    match = SIZE.fullmatch(text.strip())
    if match is None:
        raise usage_failure(
            _("{option}: {text} is not a size", option=option, text=repr(text)),
            _("Write 200MB or 500kB, for example."),
        )
    return int(float(match[1]) * FACTORS[match[2].lower()])


def _parse_duration(text: str) -> timedelta | None:
    match = DURATION.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return timedelta(**{UNITS[match[2]]: float(match[1])})
    except OverflowError:
        return None
