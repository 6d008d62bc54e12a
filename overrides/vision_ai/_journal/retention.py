"""Deleting the oldest rows of a journal, in steps that are short enough for others to write in between."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator

DAY = 86_400_000_000
"""Microseconds."""
TABLES = ("recognitions", "events")
STEP_ROWS = 500
STEP_PAGES = 500


def delete_old(
    connection: sqlite3.Connection, keep_days: float | None, keep_bytes: int | None
) -> Iterator[int]:
    """Delete what is too old, then the oldest rows until the file is small enough.

    Yields after each transaction how many recognitions and events it deleted.
    """
    if keep_days is not None:
        limit = time.time_ns() // 1000 - int(keep_days * DAY)
        for table in TABLES:
            yield from _delete_in_steps(connection, table, limit)
    if keep_bytes is not None:
        yield from _delete_to_size(connection, keep_bytes)
    while connection.execute("PRAGMA freelist_count").fetchone()[0]:
        before = _count_pages(connection)
        connection.execute(f"PRAGMA incremental_vacuum({STEP_PAGES})").fetchall()
        yield 0
        if _count_pages(connection) >= before:  # a file that was made without it
            return


def _delete_in_steps(connection: sqlite3.Connection, table: str, limit: int) -> Iterator[int]:
    while True:
        oldest = f"SELECT id FROM {table} WHERE time < ? ORDER BY time LIMIT {STEP_ROWS}"
        count = connection.execute(f"DELETE FROM {table} WHERE id IN ({oldest})", (limit,)).rowcount
        if count <= 0:
            return
        yield count


def _delete_to_size(connection: sqlite3.Connection, keep_bytes: int) -> Iterator[int]:
    times = " UNION ALL ".join(f"SELECT time FROM {table}" for table in TABLES)
    oldest = f"SELECT max(time) FROM (SELECT time FROM ({times}) ORDER BY time LIMIT {STEP_ROWS})"
    while _count_bytes(connection) > keep_bytes:
        limit = connection.execute(oldest).fetchone()[0]
        if limit is None:
            return
        for table in TABLES:  # to the same time: events without their recognitions explain nothing
            yield connection.execute(f"DELETE FROM {table} WHERE time <= ?", (limit,)).rowcount


def _count_pages(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA page_count").fetchone()[0])


def _count_bytes(connection: sqlite3.Connection) -> int:
    """Return the bytes of the pages in use."""
    free = connection.execute("PRAGMA freelist_count").fetchone()[0]
    return int((_count_pages(connection) - free) * connection.execute("PRAGMA page_size").fetchone()[0])
