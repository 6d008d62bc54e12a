"""Journals and Parquet files → sums: one pass over each journal.

The standard library is enough for it: SQLite reads the columns, and `Counter` counts them in C, thousands of rows at a
time. The console needs the sums of one journal on boards for which the engines of big data have no wheels, and a rule
that counts should exist once. docs/report.md says how long it takes.
"""

from __future__ import annotations

import math
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from .changes import ChangeCounter, Start, find_changes, get_module, get_only_serial_number
from .journals import JournalError, is_parquet, open_journal
from .row_counter import LAST_OFFSET, LAST_TIME, RowCounter, pause_collector
from .sums import Change, Module, Source, Sums

ROWS_AT_ONCE = 2000
FILES_AT_ONCE = 100
"""Journals that a process adds up before it hands over the sums."""
BYTES_PER_PROCESS = 30_000_000
"""Another process is worth starting for so much more to read."""

_EPOCH = date(1970, 1, 1).toordinal()
_DAY = "(time / 1000000 + utc_offset) / 86400"
_IS_TIME = (
    f"typeof(time) = 'integer' AND typeof(utc_offset) = 'integer' AND time BETWEEN 0 AND {LAST_TIME}"
    f" AND utc_offset BETWEEN -{LAST_OFFSET} AND {LAST_OFFSET}"
)
_ROWS = f"""
    SELECT {_DAY}, time, utc_offset, device, guesses, CAST(latency * 1000 + 0.5 AS INTEGER), choice, place
    FROM recognitions"""
_IN_RANGE = f"time BETWEEN ? AND ? AND {_DAY} BETWEEN ? AND ?"
"""The times, for the index of a journal, and the local days that count."""


def aggregate(
    files: Sequence[Path],
    *,
    since: date | None = None,
    until: date | None = None,
    processes: int = 1,
) -> Sums:
    """Return the sums of journals and Parquet files. A file that cannot be read is named in `sources`.

    Nothing is written to a journal, and a till may write to it meanwhile.

    Args:
        files: The files, each once (see `find_journals`).
        since, until: The first and the last local day that count.
        processes: How many processes may read. More than one only helps with many journals.

    Raises:
        ModuleNotFoundError: There are Parquet files, and DuckDB is not installed.
    """
    first, last = _get_day_number(since, 0), _get_day_number(until, LAST_TIME)
    total = Sums()
    tables = [file for file in files if is_parquet(file)]
    if tables:
        from .parquet_parts import read_tables

        total = read_tables(tables, first, last, processes)
    journals = [file for file in files if file not in set(tables)] if tables else files
    for sums in _read_batches(journals, first, last, processes):
        total.add(sums)
    order = {str(file): position for position, file in enumerate(files)}
    total.sources.sort(key=lambda each: order[each.path])
    total.changes.sort(key=lambda each: (each.time, each.serial_number or "", each.kind))
    return total


def _get_day_number(day: date | None, default: int) -> int:
    return default if day is None else day.toordinal() - _EPOCH


def _read_batches(files: Sequence[Path], first: int, last: int, processes: int) -> Iterable[Sums]:
    size = sum(file.stat().st_size for file in files if file.is_file()) if processes > 1 else 0
    starts = range(0, len(files), FILES_AT_ONCE)
    processes = min(processes, len(files), 1 + size // BYTES_PER_PROCESS)
    if processes < 2 or getattr(
        sys, "frozen", False
    ):  # a frozen program cannot start itself as another process
        yield from (_read_batch(files[start : start + FILES_AT_ONCE], first, last) for start in starts)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed

    at_once = min(FILES_AT_ONCE, math.ceil(len(files) / processes))
    batches = [files[start : start + at_once] for start in range(0, len(files), at_once)]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        futures = {pool.submit(_read_batch, batch, first, last) for batch in batches}
        for future in as_completed(futures):
            futures.discard(future)  # and with it the sums
            yield future.result()


def _read_batch(files: Sequence[Path], first: int, last: int) -> Sums:
    """Return the sums of some journals. They are counted into the same sums: adding up takes longer than counting."""
    problems: dict[Path, Source] = {}
    lenient: set[Path] = set()
    while True:
        sums = Sums(sources=list(problems.values()))
        with pause_collector():
            if all(
                file in problems or _read_file(file, first, last, sums, problems, lenient) for file in files
            ):
                return sums


def _read_file(
    file: Path, first: int, last: int, sums: Sums, problems: dict[Path, Source], lenient: set[Path]
) -> bool:
    """Read a journal and return whether the sums are whole; a file with a problem may have left half of its rows."""
    reader = _JournalReader(file, sums)
    try:
        reader.read(first, last, _decode_text if file in lenient else str)
    except JournalError as error:
        if "decode" in error.detail and file not in lenient:  # a text that is not UTF-8: again, and slower
            lenient.add(file)
            return False
        problems[file] = Source(str(file), problem=error.problem, detail=error.detail)
        if reader.has_counted:
            return False
        sums.sources.append(problems[file])
    return True


def _decode_text(text: bytes) -> str:
    return text.decode("utf-8", "replace")


class _JournalReader:
    """Reads one journal into sums."""

    def __init__(self, file: Path, sums: Sums) -> None:
        self._file = file
        self._sums = sums
        self.has_counted = False
        """Whether the sums may have changed."""

    def read(self, first: int, last: int, text_factory: Any) -> None:
        """Count the recognitions and events from the first to the last local day.

        Raises:
            JournalError: The file cannot be read as a journal, or not to its end.
        """
        with open_journal(self._file) as connection:
            connection.text_factory = text_factory
            modules = {
                id: Module(_get_text(serial_number), _get_text(engine))
                for id, serial_number, engine in connection.execute(
                    "SELECT id, serial_number, engine FROM devices"
                )
            }
            changes = ChangeCounter(_read_changes(connection, modules), modules)
            counter = RowCounter(self._sums, changes)
            whole = first <= 0 and last >= LAST_TIME
            cursor = connection.execute(
                _ROWS if whole else f"{_ROWS} WHERE {_IN_RANGE}", () if whole else _get_range(first, last)
            )
            self.has_counted = True
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                counter.add(rows)
            events = _read_events(connection, first, last)
            names = _read_names(connection)
        sums = self._sums
        for (device, place), count in counter.devices.items():
            sums.modules[get_module(modules, device), place] += count
        sums.changes += [each for each in changes.get_changes() if first <= each.day <= last]
        sums.events.update(events)
        sums.add_names(names)
        read = sum(counter.devices.values())
        sums.sources.append(Source(str(self._file), read, skipped=counter.skipped))


def _get_range(first: int, last: int) -> tuple[int, int, int, int]:
    """Return the values of _IN_RANGE for two local days."""
    day = 86_400_000_000
    return (first - 2) * day, min((last + 3) * day, LAST_TIME), first, last


def _read_events(connection: sqlite3.Connection, first: int, last: int) -> Counter[tuple[int, str]]:
    rows = connection.execute(
        f"SELECT {_DAY}, kind, count(*) FROM events WHERE {_IS_TIME} AND typeof(kind) = 'text'"
        f" AND {_IN_RANGE} GROUP BY 1, 2",
        _get_range(first, last),
    )
    return Counter({(day, kind): count for day, kind, count in rows})


def _read_changes(connection: sqlite3.Connection, modules: Mapping[int, Module]) -> list[Change]:
    rows = connection.execute(
        "SELECT time, utc_offset, device, kind, detail FROM events WHERE kind IN ('restored', 'taught')"
        " AND typeof(time) = 'integer' AND typeof(utc_offset) = 'integer' ORDER BY time"
    )
    unknown = get_only_serial_number(modules.values())
    events = (
        (
            time,
            utc_offset,
            unknown if device is None else get_module(modules, device).serial_number,
            kind,
            detail,
        )
        for time, utc_offset, device, kind, detail in rows
    )
    return find_changes(events, _read_starts(connection, modules))


def _read_starts(connection: sqlite3.Connection, modules: Mapping[int, Module]) -> Iterable[Start]:
    known = Counter(
        each.serial_number for each in set(modules.values()) if each.serial_number and each.engine
    )
    if not known or max(known.values()) < 2:
        return
    for device, module in modules.items():
        time, utc_offset = connection.execute(
            "SELECT min(time), utc_offset FROM recognitions WHERE device = ? AND typeof(time) = 'integer'"
            " AND typeof(utc_offset) = 'integer'",
            (device,),
        ).fetchone()
        if time is not None:
            yield time, utc_offset, module


def _read_names(connection: sqlite3.Connection) -> dict[str, tuple[str, int]]:
    newest = connection.execute("SELECT time FROM recognitions ORDER BY id DESC LIMIT 1").fetchone()
    time = newest[0] if newest and isinstance(newest[0], int) else 0
    return {
        id: (name, time)
        for id, name in connection.execute("SELECT id, name FROM products")
        if isinstance(id, str) and isinstance(name, str)
    }


def _get_text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
