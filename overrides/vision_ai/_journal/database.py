"""Writing entries into a journal's file."""

from __future__ import annotations

import json
import math
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from .entries import (
    ChoiceEntry,
    Device,
    Entry,
    EventEntry,
    NamesEntry,
    PictureEntry,
    RecognitionEntry,
    RowIds,
)
from .network_files import is_on_network
from .schema import migrate, read_version

LOCK_TIMEOUT = 1.0
"""Seconds that SQLite waits for another process."""
QUARTER_HOUR = 900
"""Seconds. Time zones change their offset at a multiple of it."""
SID_LIFETIME = 86_400_000_000
"""Microseconds within which a module does not use a sid again."""
KNOWN_ROWS = 256
"""How many rows of a client are found by their sid without the index."""
INSERT = (
    "INSERT INTO recognitions (id, time, utc_offset, device, sid, guesses, latency, readings) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
FIND = (
    "SELECT id, guesses FROM recognitions WHERE sid = ? AND time > ? AND (device IS NULL OR device IS ?) "
    "ORDER BY time DESC LIMIT 1"
)


class Database:
    """An open file. One thread at a time uses it.

    Raises:
        sqlite3.Error: it cannot be opened.
        NotOurFileError: it must not be changed.
    """

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(
            path, timeout=LOCK_TIMEOUT, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(path)
        except BaseException:
            self.close()
            raise
        self._devices: dict[Device, int] = {}
        self._offset = (-1, 0)

    def _prepare(self, path: Path) -> None:
        execute = self.connection.execute
        if read_version(self.connection) == 0:
            execute("PRAGMA auto_vacuum = INCREMENTAL")
        # A process that dies loses no transaction in either mode; one that was written just before a power failure may
        # be lost, but does not damage the file.
        execute(f"PRAGMA journal_mode = {'TRUNCATE' if is_on_network(path) else 'WAL'}")
        execute("PRAGMA synchronous = NORMAL")
        migrate(self.connection)

    def close(self) -> None:
        """Close the file."""
        with suppress(sqlite3.Error):
            self.connection.close()

    def write(self, entries: Iterable[Entry], save_picture: Callable[[PictureEntry], str | None]) -> None:
        """Write entries in one transaction.

        Args:
            entries: In their order.
            save_picture: Saves a picture, and returns its path for the row.
        """
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            self._insert(entries, save_picture)
            self.connection.execute("COMMIT")
        except BaseException:
            self._devices.clear()
            with suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")
            raise

    def _insert(self, entries: Iterable[Entry], save_picture: Callable[[PictureEntry], str | None]) -> None:
        rows: list[tuple[Any, ...]] = []
        next_id = (self.connection.execute("SELECT max(id) FROM recognitions").fetchone()[0] or 0) + 1
        for entry in entries:
            if type(entry) is tuple:
                rows.append(self._make_row(next_id, entry))
                next_id += 1
                continue
            self._insert_rows(rows)  # a choice may be about one of them
            match entry:
                case ChoiceEntry():
                    self._note_choice(entry)
                case EventEntry():
                    self._note_event(entry)
                case NamesEntry():
                    self._note_names(entry.names)
                case PictureEntry():
                    self._note_picture(entry, save_picture)
                case _:
                    pass
        self._insert_rows(rows)

    def _insert_rows(self, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            self.connection.executemany(INSERT, rows)
            rows.clear()

    def _make_row(self, row_id: int, entry: RecognitionEntry) -> tuple[Any, ...]:
        moment, device, sid, ids, scores, latency, readings, row_ids = entry
        sid = _clean(sid)
        if sid is not None:
            _remember(row_ids, sid, row_id)
        device_id = None if device is None else self._find_device(device)
        guesses = encode_guesses(ids, scores)
        return row_id, moment, self._find_offset(moment), device_id, sid, guesses, latency, readings

    def _note_choice(self, entry: ChoiceEntry) -> None:
        item_id = clean_text(entry.id)
        self._note_names({entry.id: entry.name})
        row = self._find_row(entry)
        if row is None:
            return
        row_id, guesses = row
        ids = [guess[0] for guess in json.loads(guesses)]
        place = ids.index(item_id) + 1 if item_id in ids else 0
        self.connection.execute(
            "UPDATE recognitions SET choice = ?, place = ?, intop = ?, chosen_at = ? WHERE id = ?",
            (item_id, place, int(bool(entry.intop)), entry.time, row_id),
        )

    def _find_row(self, entry: ChoiceEntry) -> tuple[int, str] | None:
        """Return the recognition that a choice is about: this client's own, else the module's latest of that sid."""
        sid, execute = clean_text(entry.sid), self.connection.execute
        row = execute(
            "SELECT id, guesses FROM recognitions WHERE id = ? AND sid = ?",
            (entry.row_ids.get(sid), sid),
        ).fetchone()
        if row is None:
            device = self._find_device(entry.device)
            row = execute(FIND, (sid, entry.time - SID_LIFETIME, device)).fetchone()
        return row

    def _note_event(self, entry: EventEntry) -> None:
        offset, device = self._find_offset(entry.time), self._find_device(entry.device)
        self.connection.execute(
            "INSERT INTO events (time, utc_offset, device, kind, code, detail) VALUES (?, ?, ?, ?, ?, ?)",
            (entry.time, offset, device, entry.kind, entry.code, _clean(entry.detail)),
        )

    def _note_names(self, names: dict[str, str]) -> None:
        self.connection.executemany(
            "INSERT INTO products (id, name) VALUES (?, ?) "
            "ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE name IS NOT excluded.name",
            [(clean_text(item_id), clean_text(name)) for item_id, name in names.items()],
        )

    def _note_picture(self, entry: PictureEntry, save_picture: Callable[[PictureEntry], str | None]) -> None:
        path = save_picture(entry)
        row_id = entry.row_ids.get(entry.sid)
        if path is not None and row_id is not None:
            self.connection.execute("UPDATE recognitions SET picture = ? WHERE id = ?", (path, row_id))

    def _find_device(self, device: Device | None) -> int | None:
        if device is None:
            return None
        number = self._devices.get(device)
        if number is None:
            values = tuple(_clean(value) for value in device)
            self.connection.execute(
                "INSERT OR IGNORE INTO devices (serial_number, engine, firmware, api) VALUES (?, ?, ?, ?)",
                values,
            )
            number = self._devices[device] = self.connection.execute(
                "SELECT id FROM devices WHERE ifnull(serial_number, '') = ifnull(?, '') "
                "AND ifnull(engine, '') = ifnull(?, '') AND ifnull(firmware, '') = ifnull(?, '') "
                "AND ifnull(api, '') = ifnull(?, '')",
                values,
            ).fetchone()[0]
        return number

    def _find_offset(self, moment: int) -> int:
        """Return the local time's distance from UTC, in seconds."""
        seconds = moment // 1_000_000
        quarter = seconds // QUARTER_HOUR
        if self._offset[0] != quarter:
            self._offset = quarter, find_utc_offset(seconds)
        return self._offset[1]


def find_utc_offset(seconds: float) -> int:
    """Return the local time's distance from UTC at a time, in seconds."""
    try:
        return time.localtime(seconds).tm_gmtoff
    except (OverflowError, OSError, ValueError):  # a time that the platform does not know
        return 0


def clean_text(text: str) -> str:
    """Return a text that SQLite takes: without halves of surrogate pairs."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _clean(text: str | None) -> str | None:
    return None if text is None else clean_text(text)


def encode_guesses(ids: Sequence[str], scores: Sequence[float]) -> str:
    """Return guesses as JSON: `[["001",0.98],["002",0.01]]`.

    A third of the time of `json`, for which the threads of the program would have to wait.
    """
    values = (
        scores if math.isfinite(sum(scores)) else [each if math.isfinite(each) else "null" for each in scores]
    )
    pairs = [f"{_open_pair(item_id)}{value}]" for item_id, value in zip(ids, values, strict=True)]
    return f"[{','.join(pairs)}]"


@lru_cache(maxsize=4096)
def _open_pair(item_id: str) -> str:
    return f"[{json.dumps(clean_text(item_id), ensure_ascii=False)},"


def _remember(row_ids: RowIds, sid: str, row_id: int) -> None:
    row_ids[sid] = row_id
    if len(row_ids) > KNOWN_ROWS:
        del row_ids[next(iter(row_ids))]
