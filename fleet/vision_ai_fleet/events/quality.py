"""How good the recognition is in each store and for each product, from the events of the last days.

The figures are those of `vision-ai report`, from running sums instead of the rows.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import Counter
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from vision_ai_fleet.connection import Connection
from vision_ai_fleet.names import ScaleId
from vision_ai_tools.report.figure_data import Hits, ProductFigures, ScaleFigures, StoreFigures
from vision_ai_tools.report.figures import make_hits

from .export import read_stream_name
from .quality_sums import HIT_COLUMNS, SCALE_COLUMNS, SCHEMA, SumsWriter
from .stream import EventBatch, follow_events

logger = logging.getLogger("vision_ai_fleet")

KEPT_DAYS = 60
"""Days for which sums are kept."""
PAUSE = 5.0
"""Seconds before events are read again when the disk is full."""
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class DayQuality:
    """One day of a chain or a store."""

    day: str
    """YYYY-MM-DD, by the tills' clocks."""
    recognitions: int
    hits: Hits
    connections_lost: int
    device_errors: int


class Quality:
    """Running sums of the events. Close it, or use it in a `with` statement. Its methods may be called from any thread.

    Args:
        path: A file beside the center's data. Without it, sums begin anew from the stream.
    """

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self.refused_events = 0
        """Messages since the start that were no events of the scale that sent them."""
        self._database = _open(path)

    def __enter__(self) -> Quality:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def begin(self, stream: str = "") -> int:
        """Return the position in the stream up to which events are counted. Those of another stream begin anew.

        Args:
            stream: What tells this stream from one that was made anew; "" if it is not known.
        """
        with self._lock, self._database:
            row = self._database.execute("SELECT position, stream FROM state").fetchone()
            if row is not None and stream in ("", row[1]):
                return int(row[0])
            # The sums stay: they are of events that happened. Those that come again have known ids.
            self._database.execute("DELETE FROM state")
            self._database.execute("INSERT INTO state VALUES (0, ?)", (stream,))
            return 0

    def add(self, batch: EventBatch) -> None:
        """Count events, once each, and remember the position.

        Raises:
            sqlite3.Error: the file cannot be written; nothing was counted.
        """
        today = (date.today() - _EPOCH).days
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                (position,) = self._database.execute("SELECT position FROM state").fetchone()
                if batch.position <= position:  # another process with this file was faster
                    self._database.execute("ROLLBACK")
                    return
                SumsWriter(self._database, today - KEPT_DAYS, today + 2).add(batch.events)
                for table in ("scales", "products"):
                    self._database.execute(f"DELETE FROM {table} WHERE day < ?", (today - KEPT_DAYS,))
                self._database.execute("UPDATE state SET position = ?", (batch.position,))
                self._database.execute("COMMIT")
                self.refused_events += batch.refused
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    def read_position(self) -> int:
        """Return the position in the stream up to which events are counted."""
        with self._lock:
            row = self._database.execute("SELECT position FROM state").fetchone()
        return 0 if row is None else int(row[0])

    def read_overall(self, days: int, store: str | None = None) -> DayQuality | None:
        """Return the figures of the last days together, named by the first of them; None without any events.

        Args:
            days: How many, up to today.
            store: Only this store.
        """
        rows = self._select(days, "min(day)", "scales", SCALE_COLUMNS, store, group=False)
        return None if rows[0][0] is None else _make_day(rows[0])

    def read_days(self, days: int, store: str | None = None) -> list[DayQuality]:
        """Return the figures of each of the last days that has any, in their order."""
        return [_make_day(row) for row in self._select(days, "day", "scales", SCALE_COLUMNS, store)]

    def read_stores(self, days: int) -> list[StoreFigures]:
        """Return the figures of each store, the one that is surely the worst first."""
        stores = [
            StoreFigures(row[0], row[1], _make_hits(row[2:]))
            for row in self._select(days, "store", "scales", ("recognitions", *HIT_COLUMNS))
        ]
        return sorted(stores, key=lambda each: (each.hits.first.high, each.store))

    def read_scales(self, days: int, store: str) -> list[ScaleFigures]:
        """Return the figures of each scale of a store, the one that is surely the worst first."""
        scales = [
            ScaleFigures(store, row[0], row[1], _make_hits(row[2:]))
            for row in self._select(days, "scale", "scales", ("recognitions", *HIT_COLUMNS), store)
        ]
        return sorted(scales, key=lambda each: (each.hits.first.high, each.scale))

    def read_products(self, days: int, store: str | None = None, limit: int = 50) -> list[ProductFigures]:
        """Return the figures of the products that were weighed most often."""
        with self._lock:
            names = dict(self._database.execute("SELECT product, name FROM names").fetchall())
        products = [
            ProductFigures(row[0], names.get(row[0]), _make_hits(row[1:]))
            for row in self._select(days, "product", "products", HIT_COLUMNS, store)
            if row[1]  # a later revision may have named another one
        ]
        return sorted(products, key=lambda each: (-each.hits.weighings, each.id))[:limit]

    def read_hits_of_scales(self, first: int, last: int) -> dict[ScaleId, tuple[int, int]]:
        """Return how often the right product came first, of how many weighings, of each scale.

        Args:
            first, last: Days before today: (6, 0) are the last seven days, and tomorrow where it has begun already.
        """
        today = (date.today() - _EPOCH).days
        end = today - last if last else today + 1
        with self._lock:
            rows = self._database.execute(
                "SELECT store, scale, sum(first), sum(weighings) FROM scales WHERE day BETWEEN ? AND ?"
                " GROUP BY store, scale",
                (today - first, end),
            ).fetchall()
        return {ScaleId(store, scale): (hits, weighings) for store, scale, hits, weighings in rows}

    def _select(
        self,
        days: int,
        key: str,
        table: str,
        columns: tuple[str, ...],
        store: str | None = None,
        *,
        group: bool = True,
    ) -> list[tuple[Any, ...]]:
        first = (date.today() - _EPOCH).days - days + 1
        sums = ", ".join(f"sum({each})" for each in columns)
        where, values = ("AND store = ?", (first, store)) if store is not None else ("", (first,))
        end = f"GROUP BY {key} ORDER BY {key}" if group else ""
        with self._lock:
            return self._database.execute(
                f"SELECT {key}, {sums} FROM {table} WHERE day >= ? {where} {end}", values
            ).fetchall()


async def follow_quality(connection: Connection, quality: Quality) -> None:
    """Count events as they come, until it is canceled.

    Raises:
        FleetError: the center does not respond at the beginning.
    """
    stream = await read_stream_name(connection)
    while True:
        position = quality.begin(stream)
        async with aclosing(follow_events(connection, position)) as batches:
            async for batch in batches:
                try:
                    await asyncio.to_thread(quality.add, batch)
                except sqlite3.Error as error:
                    logger.warning("the figures of recognition cannot be saved: %s", error)
                    break
        await asyncio.sleep(PAUSE)


def _open(path: Path) -> sqlite3.Connection:
    try:
        return _connect(path)
    except sqlite3.OperationalError:  # locked, or not to be written
        raise
    except sqlite3.DatabaseError as error:
        logger.warning("the sums of recognitions in %s are damaged, and begin anew: %s", path, error)
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")  # sums and position are lost together, or not at all
        database.executescript(SCHEMA)
    except BaseException:
        database.close()
        raise
    return database


def _make_day(row: tuple[Any, ...]) -> DayQuality:
    day, recognitions, *hits, connections_lost, device_errors = row
    name = (_EPOCH + timedelta(days=day)).isoformat()
    return DayQuality(name, recognitions, _make_hits(tuple(hits)), connections_lost, device_errors)


def _make_hits(sums: tuple[int, ...]) -> Hits:
    """Return the report's figures. Of places beyond the fifth only the number matters."""
    weighings, first, first3, first5, absent = sums
    places = {1: first, 3: first3 - first, 5: first5 - first3, 6: weighings - first5 - absent, 0: absent}
    return make_hits(Counter[int | None](places))
