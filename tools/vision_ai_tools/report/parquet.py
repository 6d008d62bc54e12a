"""Parquet files → sums: what `vision-ai journal export` and `vision-ai fleet events export` write.

DuckDB reads the columns, and the rows are counted as those of a journal are. Files of one till belong together, so that
what changed its module is compared over the days of several files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from .changes import ChangeCounter, Event, Start, find_changes, get_module, get_only_serial_number
from .journals import JournalError
from .parquet_queries import WHOLE, ParquetKind, Part, Till, check_file, find_till, make_rows_query
from .row_counter import LAST_OFFSET, LAST_TIME, RowCounter, pause_collector
from .sums import Module, Source, Sums

ROWS_AT_ONCE = 2000
MEMORY_LIMIT = "512MB"
"""Of DuckDB."""


def read_parquet_files(files: Sequence[Path], first: int, last: int, part: Part = WHOLE) -> Sums:
    """Return the sums of Parquet files. A file that cannot be read is named in `sources`, and the others are read.

    Args:
        files: The files, each once.
        first, last: The first and the last local day that count.
        part: Which tills count.

    Raises:
        ModuleNotFoundError: DuckDB is not installed.
    """
    problems: dict[Path, Source] = {}
    while True:
        readable = [file for file in files if file not in problems]
        reader = _ParquetReader(first, last, part)
        try:
            with pause_collector():
                reader.read(readable)
        except _FileError as error:  # what was counted of it cannot be taken back: count again without it
            problems[error.file] = Source(str(error.file), problem=error.problem, detail=error.detail)
            continue
        reader.sums.sources += problems.values()
        return reader.sums


class _FileError(JournalError):
    """One of the files cannot be read."""

    def __init__(self, file: Path, error: JournalError) -> None:
        super().__init__(error.problem, error.detail)
        self.file = file


class _TillData:
    """What is known of a till before its recognitions are counted."""

    def __init__(self) -> None:
        self.devices: dict[int, Module] = {}
        self.starts: list[Start] = []
        self.events: list[Event] = []


class _TillChangeCounters:
    """Counts the weighings around the changes of each till."""

    def __init__(self, tills: Mapping[Till, _TillData]) -> None:
        self._counters: dict[int, ChangeCounter] = {}
        """By device, of the tills with changes."""
        self.all: list[ChangeCounter] = []
        for till in tills.values():
            unknown = get_only_serial_number(till.devices.values())
            events = [
                (time, utc_offset, serial_number or unknown, kind, detail)
                for time, utc_offset, serial_number, kind, detail in sorted(till.events, key=_get_time)
            ]
            if changes := find_changes(events, till.starts):
                counter = ChangeCounter(changes, till.devices)
                self.all.append(counter)
                self._counters.update(dict.fromkeys(till.devices, counter))

    def add(
        self,
        times: Sequence[int],
        devices: Sequence[int | None],
        choices: Sequence[str | None],
        places: Sequence[int | None],
    ) -> None:
        """Count recognitions."""
        if not self._counters:
            return
        groups: defaultdict[ChangeCounter, list[tuple[Any, ...]]] = defaultdict(list)
        for row in zip(times, devices, choices, places, strict=True):
            if (counter := self._counters.get(row[1] or 0)) is not None:
                groups[counter].append(row)
        for counter, rows in groups.items():
            counter.add(*zip(*rows, strict=True))


class _ParquetReader:
    """Reads all files of a report."""

    def __init__(self, first: int, last: int, part: Part) -> None:
        self.sums = Sums()
        self._part = part
        self._range = first, last
        self._is_whole = first <= 0 and last >= LAST_TIME
        self._tills: defaultdict[Till, _TillData] = defaultdict(_TillData)
        self._modules: dict[int, Module] = {}
        self._scales: dict[int, Till] = {}

    def read(self, files: Sequence[Path]) -> None:
        """Count the recognitions and events.

        Raises:
            _FileError: one of the files cannot be read.
        """
        duckdb: Any = import_module("duckdb")
        # In order: the devices of all files are known before the first row is counted.
        with closing(duckdb.connect(config={"memory_limit": MEMORY_LIMIT})) as database:
            database.execute(
                "CREATE TABLE devices (file VARCHAR, id BIGINT, store VARCHAR, scale VARCHAR, serial_number VARCHAR,"
                " engine VARCHAR, firmware VARCHAR, api VARCHAR)"
            )
            kinds: dict[Path, ParquetKind] = {}
            for file in files:
                with _explain(duckdb, file):
                    kinds[file] = check_file(database, file)
                    self._read_file(database, file, kinds[file])
            changes = _TillChangeCounters(self._tills)
            for file in files:
                if kinds[file].is_recognitions:
                    with _explain(duckdb, file):
                        self._count_rows(database, file, kinds[file], changes)
        first, last = self._range
        for counter in changes.all:
            self.sums.changes += [each for each in counter.get_changes() if first <= each.day <= last]

    def _read_file(self, database: Any, file: Path, kind: ParquetKind) -> None:
        rows = make_rows_query(file, kind, self._part)
        if kind.is_recognitions:
            self._read_devices(database, file, kind, rows)
            self._read_names(database, kind, rows)
        else:
            self._read_events(database, file, kind, rows)

    def _read_devices(self, database: Any, file: Path, kind: ParquetKind, rows: str) -> None:
        found = database.execute(
            "SELECT store, scale, serial_number, engine, firmware, api, min(time), arg_min(utc_offset, time)"
            f" FROM ({rows}) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        devices: list[tuple[Any, ...]] = []
        for store, scale, *device, time, utc_offset in found:
            till = find_till(file, kind, store, scale)
            id = len(self._modules) + 1
            module = Module(device[0] or None, device[1] or None)
            self._modules[id] = self._tills[till].devices[id] = module
            if kind.has_scales:
                self._scales[id] = till
            if time is not None and utc_offset is not None:
                self._tills[till].starts.append((time, utc_offset, module))
            devices.append((str(file), id, store, scale, *device))
        if devices:
            _insert(database, devices)

    def _read_names(self, database: Any, kind: ParquetKind, rows: str) -> None:
        # The names in a till's journal are those of its newest recognition; a chain has newer and older ones.
        when = "max(time)" if kind.has_scales else f"(SELECT max(time) FROM ({rows}))"
        names = database.execute(
            f"WITH pairs AS (SELECT choice AS id, choice_name AS name, time FROM ({rows})"
            f" UNION ALL SELECT guess, guess_name, time FROM ({rows}))"
            f" SELECT id, arg_max(name, time), {when} FROM pairs WHERE id IS NOT NULL AND name IS NOT NULL GROUP BY id"
        ).fetchall()
        self.sums.add_names({id: (name, time) for id, name, time in names if time is not None})

    def _read_events(self, database: Any, file: Path, kind: ParquetKind, rows: str) -> None:
        is_time = f"time BETWEEN 0 AND {LAST_TIME} AND abs(utc_offset) <= {LAST_OFFSET}"
        counts = database.execute(
            f"SELECT day, kind, count(*) FROM ({rows}) WHERE {is_time} AND kind IS NOT NULL AND day BETWEEN ? AND ?"
            " GROUP BY 1, 2",
            self._range,
        ).fetchall()
        self.sums.events.update({(day, name): count for day, name, count in counts})
        changes = database.execute(
            f"SELECT store, scale, time, utc_offset, serial_number, kind, detail FROM ({rows})"
            f" WHERE {is_time} AND kind IN ('restored', 'taught')"
        ).fetchall()
        for store, scale, *event in changes:
            self._tills[find_till(file, kind, store, scale)].events.append(tuple(event))

    def _count_rows(self, database: Any, file: Path, kind: ParquetKind, changes: _TillChangeCounters) -> None:
        counter = RowCounter(self.sums, changes)
        same = " AND ".join(
            f"rows.{each} IS NOT DISTINCT FROM devices.{each}"
            for each in ("store", "scale", "serial_number", "engine", "firmware", "api")
        )
        # As a journal's: rows without a time are counted as not readable, if all days count.
        where = "" if self._is_whole else "WHERE day BETWEEN ? AND ?"
        database.execute(
            "SELECT day, time, utc_offset, devices.id, guesses, milliseconds, choice, place"
            f" FROM ({make_rows_query(file, kind, self._part)}) AS rows"
            f" JOIN devices ON devices.file = ? AND {same} {where}",
            [str(file), *([] if self._is_whole else self._range)],
        )
        while rows := database.fetchmany(ROWS_AT_ONCE):
            counter.add(rows)
        sums = self.sums
        for (device, place), count in counter.devices.items():
            sums.modules[get_module(self._modules, device), place] += count
            if device in self._scales:
                sums.scales[self._scales[device], place] += count
        sums.sources.append(Source(str(file), sum(counter.devices.values()), skipped=counter.skipped))


def _insert(database: Any, devices: list[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(devices[0]))
    database.executemany(f"INSERT INTO devices VALUES ({marks})", devices)


def _get_time(event: Event) -> int:
    return event[0]


@contextmanager
def _explain(duckdb: Any, file: Path) -> Generator[None]:
    try:
        yield
    except JournalError as error:
        raise _FileError(file, error) from error
    except OSError as error:
        raise _FileError(file, JournalError("unreadable", error.strerror or "")) from error
    except duckdb.Error as error:
        problem = "unreadable" if isinstance(error, duckdb.PermissionException) else "damaged"
        raise _FileError(file, JournalError(problem, str(error))) from error
