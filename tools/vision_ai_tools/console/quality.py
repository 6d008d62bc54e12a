"""The figures of the view Quality: how often the recognition is right, from the console's own journal."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import ConsoleError

if TYPE_CHECKING:
    from vision_ai_tools.report.sums import Sums

PERIODS = (1, 7, 30)
"""Days that the view offers, up to today."""
MAX_ROWS = 12
"""Products in one list; the report has them all."""
SHOWN = ("recognitions", "confirmed", "overall", "days", "automatic", "latency", "connections_lost", "time")
LISTS = ("teach", "confusions", "unconfirmed")


async def read_quality(journal: Path | None, days: int) -> dict[str, Any]:
    """Read the figures of the last days, today included.

    Raises:
        ConsoleError: the console keeps no journal, or it cannot be read.
    """
    if journal is None:
        raise ConsoleError("no_journal")
    from vision_ai_tools.report.figures import make_figures  # not needed before somebody opens the view

    since = date.today() - timedelta(days=days - 1)  # the figures are by local day
    sums = await asyncio.to_thread(_read_sums, journal, since)
    figures = make_figures(sums).to_dict()
    return {name: figures[name] for name in SHOWN} | {name: figures[name][:MAX_ROWS] for name in LISTS}


def _read_sums(journal: Path, since: date) -> Sums:
    from vision_ai_tools.report.aggregate import aggregate
    from vision_ai_tools.report.sums import Sums

    if not journal.exists():  # nothing was recognized yet
        return Sums()
    sums = aggregate([journal], since=since)
    problem = sums.sources[0].problem
    if problem is not None:
        raise ConsoleError("bad_journal", file=str(journal))
    return sums
