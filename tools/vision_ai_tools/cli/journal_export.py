"""The rows of a journal as CSV, JSON or Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from vision_ai.journal import JournalRecognition


class Format(StrEnum):
    """How rows are written."""

    csv = "csv"
    json = "json"
    parquet = "parquet"


COLUMNS = {
    "time": "VARCHAR",
    "time_utc": "TIMESTAMP",
    "serial_number": "VARCHAR",
    "engine": "VARCHAR",
    "firmware": "VARCHAR",
    "api": "VARCHAR",
    "sid": "VARCHAR",
    "guess": "VARCHAR",
    "score": "DOUBLE",
    "guesses": "VARCHAR",
    "latency": "DOUBLE",
    "readings": "BIGINT",
    "choice": "VARCHAR",
    "choice_name": "VARCHAR",
    "place": "BIGINT",
    "intop": "BOOLEAN",
    "chosen_at": "VARCHAR",
    "picture": "VARCHAR",
}
"""The columns, and their types in Parquet."""


def make_record(row: JournalRecognition) -> dict[str, Any]:
    """Return a row as JSON has it."""
    device, best = row.device, row.guesses[0] if row.guesses else None
    return {
        "time": row.time.isoformat(),
        "time_utc": format_utc(row.time),
        "serial_number": device and device.serial_number,
        "engine": device and device.engine,
        "firmware": device and device.firmware,
        "api": device and device.api,
        "sid": row.sid,
        "guess": best and best.id,
        "score": best and best.score,
        "guesses": [[guess.id, guess.score] for guess in row.guesses],
        "latency": row.latency,
        "readings": row.readings,
        "choice": row.choice,
        "choice_name": row.choice_name,
        "place": row.place,
        "intop": row.intop,
        "chosen_at": row.chosen_at and row.chosen_at.isoformat(),
        "picture": row.picture,
    }


def format_utc(moment: datetime) -> str:
    """Return a time in UTC, as `2026-11-28T09:30:00.123456Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def write_csv(rows: Iterable[JournalRecognition], file: TextIO) -> int:
    """Write rows as CSV with a header, the guesses as JSON in one column. Returns their number."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for row in rows:
        writer.writerow(map(_to_cell, make_record(row).values()))
        count += 1
    return count


def write_json(rows: Iterable[JournalRecognition], file: TextIO) -> int:
    """Write rows as a JSON array with one row per line. Returns their number."""
    count = 0
    for count, row in enumerate(rows, 1):
        file.write("[\n" if count == 1 else ",\n")
        json.dump(make_record(row), file, ensure_ascii=False)
    file.write("\n]\n" if count else "[]\n")
    return count


def write_parquet(rows: Iterable[JournalRecognition], target: Path) -> int:
    """Write rows as a Parquet file. Returns their number.

    Raises:
        ModuleNotFoundError: DuckDB is not installed.
    """
    duckdb: Any = import_module("duckdb")
    table = target.with_name(f"{target.name}.csv")
    try:
        with table.open("w", encoding="utf-8", newline="") as file:
            count = write_csv(rows, file)
        with duckdb.connect() as database:
            database.execute(
                f"COPY ({_make_query(table)}) TO {_quote(target)} (FORMAT parquet, COMPRESSION zstd)"
            )
    finally:
        table.unlink(missing_ok=True)
    return count


def _make_query(table: Path) -> str:
    columns = ", ".join(f"{_quote(name)}: {_quote(kind)}" for name, kind in COLUMNS.items())
    return (
        f"SELECT * FROM read_csv({_quote(table)}, columns = {{{columns}}}, header = true, delim = ',', quote = '\"', "
        "escape = '\"', nullstr = '', auto_detect = false)"
    )


def _quote(text: str | Path) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _to_cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if isinstance(value, list) else value
