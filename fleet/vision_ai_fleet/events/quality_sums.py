"""Running sums of recognitions in a SQLite file: by day and scale, and by day, store and product.

The file holds the position in the stream too, in the same transaction, so each event counts once. Its size depends on
the numbers of days, scales and products, not on that of recognitions.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from .cloud_event import RECOGNITION, CloudEvent, InvalidEventError, read_recognition

SCHEMA = """
CREATE TABLE IF NOT EXISTS state (position INTEGER NOT NULL, stream TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS scales (
    day INTEGER, store TEXT, scale TEXT, recognitions INTEGER, weighings INTEGER, first INTEGER, first3 INTEGER,
    first5 INTEGER, absent INTEGER, connections_lost INTEGER, device_errors INTEGER, PRIMARY KEY (day, store, scale)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS products (
    day INTEGER, store TEXT, product TEXT, weighings INTEGER, first INTEGER, first3 INTEGER, first5 INTEGER,
    absent INTEGER, PRIMARY KEY (day, store, product)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS names (product TEXT PRIMARY KEY, name TEXT, time INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS newest (store TEXT, scale TEXT, instance TEXT, row INTEGER, PRIMARY KEY (store, scale))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS recent (
    number INTEGER PRIMARY KEY, store TEXT, scale TEXT, id TEXT, revision INTEGER, day INTEGER, product TEXT,
    place INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS recent_ids ON recent (store, scale, id);
"""
HIT_COLUMNS = ("weighings", "first", "first3", "first5", "absent")
SCALE_COLUMNS = ("recognitions", *HIT_COLUMNS, "connections_lost", "device_errors")
RECENT_EVENTS = 200_000
"""Recognitions whose later revisions are subtracted exactly. A confirmation comes within minutes."""
PRODUCTS_PER_STORE = 5000
"""Of one day; what a scale sends beyond is not counted by product."""
LONGEST_TEXT = 100
"""Characters of a product's number and name."""
HIGHEST_PLACE = 1000
_COUNTED_EVENTS = {"connection_lost": "connections_lost", "device_error": "device_errors"}


class Weighing(NamedTuple):
    """What is counted of a recognition."""

    day: int
    """Days since 1970-01-01, by the till's clock."""
    product: str | None
    place: int | None

    def get_hits(self, sign: int = 1) -> dict[str, int]:
        """Return what it adds to the columns of a sum."""
        if self.place is None:
            return {}
        place = self.place
        return {
            "weighings": sign,
            "first": sign * (place == 1),
            "first3": sign * (1 <= place <= 3),
            "first5": sign * (1 <= place <= 5),
            "absent": sign * (place == 0),
        }


class SumsWriter:
    """Adds events to the sums, within the caller's transaction.

    Args:
        connection: The file, with SCHEMA.
        first, last: The days that count.
    """

    def __init__(self, connection: sqlite3.Connection, first: int, last: int) -> None:
        self._execute = connection.execute
        self._many = connection.executemany
        self._days = first, last
        self._scales: Counter[tuple[int, str, str, str]] = Counter()
        self._products: Counter[tuple[int, str, str, str]] = Counter()
        self._names: dict[str, tuple[str, int]] = {}

    def add(self, events: Iterable[CloudEvent]) -> None:
        """Add events. Those of other days, and those that are no recognitions, do not count."""
        for event in events:
            day = event.time.date().toordinal() - _EPOCH
            if not self._days[0] <= day <= self._days[1]:
                continue
            if event.kind == RECOGNITION:
                self._add_recognition(event, day)
            elif event.kind in _COUNTED_EVENTS:
                self._scales[day, *event.scale, _COUNTED_EVENTS[event.kind]] += 1
        self._write()

    def _add_recognition(self, event: CloudEvent, day: int) -> None:
        try:
            row = read_recognition(event)
        except InvalidEventError:
            return
        place = row.place if isinstance(row.place, int) and 0 <= row.place <= HIGHEST_PLACE else None
        product = row.choice if _is_text(row.choice) else None
        weighing = Weighing(day, product, place if product is not None else None)
        earlier = self._find_earlier(event, weighing, row.row)
        if earlier is _REPEATED:
            return
        if earlier is not None:
            self._count(event, earlier, -1)
        self._count(event, weighing, 1)
        if product is not None and _is_text(row.choice_name):
            self._names[product] = row.choice_name or "", int(row.time.timestamp())

    def _find_earlier(self, event: CloudEvent, weighing: Weighing, row: int) -> Weighing | None:
        """Return what was counted of an earlier revision, and remember this one."""
        found = self._execute(
            "SELECT revision, day, product, place FROM recent WHERE store = ? AND scale = ? AND id = ?",
            (*event.scale, event.id),
        ).fetchone()
        if found is not None and found[0] >= event.revision:
            return _REPEATED
        self._execute(
            "REPLACE INTO recent (store, scale, id, revision, day, product, place) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*event.scale, event.id, event.revision, *weighing),
        )
        instance = event.id.rpartition("-")[0]
        newest = self._execute(
            "SELECT instance, row FROM newest WHERE store = ? AND scale = ?", event.scale
        ).fetchone()
        is_older = newest is not None and newest[0] == instance and row <= newest[1]
        if not is_older:
            self._execute("REPLACE INTO newest VALUES (?, ?, ?, ?)", (*event.scale, instance, row))
        if found is not None:
            return Weighing(*found[1:])
        if (
            event.revision > 1 and is_older
        ):  # forgotten since; what changed it is most likely its confirmation
            return Weighing(weighing.day, None, None)
        return None

    def _count(self, event: CloudEvent, weighing: Weighing, sign: int) -> None:
        self._scales[weighing.day, *event.scale, "recognitions"] += sign
        for column, value in weighing.get_hits(sign).items():
            self._scales[weighing.day, *event.scale, column] += value
            if weighing.product is not None:
                self._products[weighing.day, event.scale.store, weighing.product, column] += value

    def _write(self) -> None:
        self._upsert("scales", "scale", SCALE_COLUMNS, _group(self._scales))
        self._upsert("products", "product", HIT_COLUMNS, self._take_products())
        self._many(
            "INSERT INTO names VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name, time = excluded.time"
            " WHERE excluded.time >= time",
            [(product, *name) for product, name in self._names.items()],
        )
        self._execute(
            "DELETE FROM recent WHERE number <= (SELECT max(number) FROM recent) - ?", (RECENT_EVENTS,)
        )
        for counts in (self._scales, self._products, self._names):
            counts.clear()

    def _take_products(self) -> dict[tuple[int, str, str], Counter[Any]]:
        """Return the sums by product, without those of too many products."""
        products = _group(self._products)
        new: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        for day, store, product in products:
            new[day, store].append(product)
        for (day, store), names in new.items():
            rows = self._execute("SELECT product FROM products WHERE day = ? AND store = ?", (day, store))
            known = {product for (product,) in rows}
            unknown = [product for product in names if product not in known]
            for product in unknown[max(0, PRODUCTS_PER_STORE - len(known)) :]:
                del products[day, store, product]
        return products

    def _upsert(
        self, table: str, name: str, columns: tuple[str, ...], rows: dict[tuple[int, str, str], Counter[str]]
    ) -> None:
        marks = ", ".join("?" * (3 + len(columns)))
        sums = ", ".join(f"{each} = {each} + excluded.{each}" for each in columns)
        self._many(
            f"INSERT INTO {table} (day, store, {name}, {', '.join(columns)}) VALUES ({marks})"
            f" ON CONFLICT DO UPDATE SET {sums}",
            [(*key, *(counts[each] for each in columns)) for key, counts in rows.items()],
        )


_SURROGATE = re.compile("[\ud800-\udfff]")
_REPEATED = Weighing(-1, None, None)
_EPOCH = 719_163
"""1970-01-01, as `date.toordinal` counts."""


def _is_text(value: object) -> bool:
    """Return whether a value that an agent sent is a text that can be stored."""
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and not _SURROGATE.search(value)


def _group(counts: Counter[tuple[int, str, str, str]]) -> dict[tuple[int, str, str], Counter[Any]]:
    rows: dict[tuple[int, str, str], Counter[Any]] = {}
    for (day, store, name, column), count in counts.items():
        rows.setdefault((day, store, name), Counter())[column] = count
    return rows
