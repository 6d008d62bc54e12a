"""Times as people read and write them: in this computer's time zone."""

from __future__ import annotations

import time
from datetime import datetime

from vision_ai_tools.cli.failures import usage_failure
from vision_ai_translations import N_
from vision_ai_translations import gettext as _

UNITS = ((86400.0, N_("{number} d")), (3600.0, N_("{number} h")), (60.0, N_("{number} min")))


def format_time(seconds: float | None) -> str | None:
    """Return seconds since 1970 as a local time; None for none."""
    return f"{datetime.fromtimestamp(seconds):%Y-%m-%d %H:%M}" if seconds else None


def format_age(seconds: float | None) -> str | None:
    """Return how long ago a time is: `3 d`, `2 h`, `5 min`, `now`."""
    if not seconds:
        return None
    age = max(0.0, time.time() - seconds)
    for size, unit in UNITS:
        if age >= size:
            return _(unit, number=round(age / size))
    return _("now")


def is_until(seconds: float, moment: str) -> bool:
    """Whether a time is before the end of what `moment` names: a day, an hour, a minute, or a second.

    Raises:
        Failure: it names no time.
    """
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        raise usage_failure(
            _("--dataset: {value!r} is not a time", value=moment),
            _("Write 2026-11-27 or 2026-11-27T02:30, for example."),
        ) from None
    local = datetime.fromtimestamp(seconds).isoformat(timespec="seconds")
    written = moment.replace(" ", "T")
    return local[: len(written)] <= written
