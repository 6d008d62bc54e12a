"""Rows for the journal of a console, as a till would write them."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from vision_ai._journal.schema import migrate

DAY = 24 * 3600


def add_weighings(
    journal: Path, choice: str, guesses: list[str], place: int, count: int, *, days_ago: float = 0.0
) -> None:
    """Write confirmed recognitions into a journal, as a till would."""
    now = time.time() - days_ago * DAY
    offset = time.localtime(now).tm_gmtoff
    text = json.dumps([[id, 0.9 - rank / 10] for rank, id in enumerate(guesses)])
    row = (int(now * 1e6), offset, text, 0.12, choice, place, place > 0, int(now * 1e6))
    with closing(sqlite3.connect(journal)) as connection:
        migrate(connection)
        connection.executemany(
            "INSERT INTO recognitions (time, utc_offset, guesses, latency, choice, place, intop, chosen_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [row] * count,
        )
        connection.executemany(
            "INSERT OR REPLACE INTO products VALUES (?, ?)",
            [("001", "Apple"), ("002", "Pear"), ("003", "Plum")],
        )
        connection.commit()
