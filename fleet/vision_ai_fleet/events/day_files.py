"""One Parquet file for each local day and sort of events: recognitions, or what else happened."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, cast

from vision_ai_fleet.errors import FleetError
from vision_ai_tools.shared.journal_records import EVENT_COLUMNS, RECOGNITION_COLUMNS, format_utc
from vision_ai_tools.shared.record_files import Columns, make_table_query, quote, quote_file, write_csv

from .cloud_event import RECOGNITION, CloudEvent, InvalidEventError

IDENTITY = {"store": "VARCHAR", "scale": "VARCHAR", "id": "VARCHAR", "revision": "BIGINT"}
SORTS: dict[str, Columns] = {
    "recognitions": {**RECOGNITION_COLUMNS, **IDENTITY},
    "events": {**EVENT_COLUMNS, **IDENTITY},
}
"""The sorts of files, and their columns: those of `vision-ai journal export`, and which scale it was."""
OLDEST, NEWEST = timedelta(days=400), timedelta(days=2)
"""Times that are further from the engine's own are a broken clock's: they would make files for days that never were."""
MEMORY_LIMIT = "512MB"
"""Of DuckDB."""
LONGEST_TEXT = 1000
"""Characters."""
MOST_GUESSES = 100
LARGEST_NUMBER = 2**31 - 1
_CONTROL = {0: "\ufffd", 13: " "}
"""Characters that DuckDB does not read from a table."""


class DayFile(NamedTuple):
    """A file."""

    sort: str
    day: str

    @property
    def name(self) -> str:
        return f"{self.sort}-{self.day}.parquet"


class Spool:
    """Events that wait on disk to be merged into the files of their days.

    Args:
        folder: A folder for this spool alone, on the disk of the files. What is in it is removed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self.files: set[DayFile] = set()
        self.refused = 0
        """Events that no file can hold."""

    def add(self, events: Iterable[CloudEvent], received: Iterable[float]) -> None:
        """Add events, with the time at which the engine stored each."""
        records: defaultdict[DayFile, list[dict[str, Any]]] = defaultdict(list)
        for event, moment in zip(events, received, strict=True):
            try:
                file = _find_file(event, moment)
                records[file].append(_make_record(event, file.sort))
            except InvalidEventError:
                self.refused += 1
        for file, rows in records.items():
            path = self._get_path(file)
            with path.open("a", encoding="utf-8", errors="replace", newline="") as table:
                write_csv(rows, SORTS[file.sort], table, header=file not in self.files)
            self.files.add(file)

    def merge(self, target: Path) -> None:
        """Merge all events into the files of a folder: of each, the highest revision stays. Doing it again is harmless.

        Raises:
            OSError: the folder cannot be written.
            FleetError: a file there cannot be read.
        """
        duckdb: Any = import_module("duckdb")
        config = {"memory_limit": MEMORY_LIMIT, "temp_directory": str(self._folder / "temp")}
        with duckdb.connect(config=config) as database:
            for file in sorted(self.files):
                part = self._folder / f"{file.name}.part"
                try:
                    database.execute(self._make_merge(file, target / file.name, part))
                except duckdb.Error as error:
                    raise FleetError(
                        f"{target / file.name} cannot be brought up to date: {str(error).splitlines()[0]}",
                        "Make space on the disk if it is full. If the file is damaged, export into another folder.",
                    ) from error
                _replace(part, target / file.name)
                self._get_path(file).unlink()
        self.files.clear()

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _get_path(self, file: DayFile) -> Path:
        return self._folder / f"{file.sort}-{file.day}.csv"

    def _make_merge(self, file: DayFile, target: Path, part: Path) -> str:
        rows = make_table_query(self._get_path(file), SORTS[file.sort])
        if target.exists():
            rows += f" UNION ALL BY NAME SELECT * FROM read_parquet({quote_file(target)})"
        return (
            f"COPY (SELECT * FROM ({rows})"
            " QUALIFY row_number() OVER (PARTITION BY store, scale, id ORDER BY revision DESC) = 1"
            f" ORDER BY store, scale, time_utc, id) TO {quote(part)} (FORMAT parquet, COMPRESSION zstd)"
        )


def _find_file(event: CloudEvent, received: float) -> DayFile:
    try:
        age = datetime.fromtimestamp(received, event.time.tzinfo) - event.time
    except (OverflowError, ValueError, OSError) as error:
        raise InvalidEventError("the time is none") from error
    if not -NEWEST <= age <= OLDEST:
        raise InvalidEventError(f"the time is {age} before the engine's")
    return DayFile("recognitions" if event.kind == RECOGNITION else "events", event.time.date().isoformat())


def _make_record(event: CloudEvent, sort: str) -> dict[str, Any]:
    """Return the columns of an event. What has another type than its column is refused, or it would stop the export."""
    data = event.data
    values: dict[str, Any] = {}
    for name, fits in _CHECKS[sort]:
        value = data.get(name)
        if value is not None:
            if not fits(value):
                raise InvalidEventError(f"{name} does not fit into its column")
            if isinstance(value, str) and ("\0" in value or "\r" in value):
                value = value.translate(_CONTROL)
        values[name] = value
    values["time"], values["time_utc"] = event.time.isoformat(), format_utc(event.time)
    if sort == "events":
        values["kind"] = event.kind
    elif values["guesses"] is None:
        raise InvalidEventError("there are no guesses")
    values["store"], values["scale"] = event.scale
    values["id"], values["revision"] = event.id, event.revision
    return values


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT


def _is_integer(value: object) -> bool:
    return type(value) is int and abs(value) <= LARGEST_NUMBER


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and abs(cast(float, value)) <= LARGEST_NUMBER


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _are_guesses(value: object) -> bool:
    if not isinstance(value, list) or len(guesses := cast("list[object]", value)) > MOST_GUESSES:
        return False
    return all(_is_guess(each) for each in guesses)


def _is_guess(value: object) -> bool:
    if not isinstance(value, list) or len(guess := cast("list[object]", value)) != 2:
        return False
    return _is_text(guess[0]) and (guess[1] is None or _is_number(guess[1]))


_CHECKS_BY_TYPE = {"BIGINT": _is_integer, "DOUBLE": _is_number, "BOOLEAN": _is_flag}
_CHECKS = {
    sort: [
        (name, _are_guesses if name == "guesses" else _CHECKS_BY_TYPE.get(column, _is_text))
        for name, column in columns.items()
        if name not in IDENTITY
    ]
    for sort, columns in SORTS.items()
}


def _replace(part: Path, target: Path) -> None:
    """Put a file in its place, complete on disk."""
    with part.open("r+b") as file:
        os.fsync(file.fileno())
    part.replace(target)
    if os.name == "posix":  # also the name
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
