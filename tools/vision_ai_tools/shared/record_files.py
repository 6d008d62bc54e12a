"""Records of a journal as CSV, JSON or Parquet files."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

Record = Mapping[str, Any]
Columns = Mapping[str, str]
"""The fields of a record, and their types in Parquet."""


_PATTERN = re.compile(r"[*?\[]")


class Format(StrEnum):
    """How records are written."""

    csv = "csv"
    json = "json"
    parquet = "parquet"


def write_csv(records: Iterable[Record], columns: Columns, file: TextIO, *, header: bool = True) -> int:
    """Write records as CSV, lists as JSON in one column. Returns their number."""
    writer = csv.writer(file, lineterminator="\n")
    if header:
        writer.writerow(columns)
    count = 0
    for record in records:
        writer.writerow([_to_cell(record[name]) for name in columns])
        count += 1
    return count


def write_json(records: Iterable[Record], file: TextIO) -> int:
    """Write records as a JSON array with one record per line. Returns their number."""
    count = 0
    for count, record in enumerate(records, 1):
        file.write("[\n" if count == 1 else ",\n")
        json.dump(record, file, ensure_ascii=False)
    file.write("\n]\n" if count else "[]\n")
    return count


def write_parquet(records: Iterable[Record], columns: Columns, target: Path) -> int:
    """Write records as a Parquet file. Returns their number.

    Raises:
        ModuleNotFoundError: DuckDB is not installed.
    """
    duckdb: Any = import_module("duckdb")
    table = target.with_name(f"{target.name}.csv")
    try:
        with table.open("w", encoding="utf-8", newline="") as file:
            count = write_csv(records, columns, file)
        with duckdb.connect() as database:
            database.execute(
                f"COPY ({make_table_query(table, columns)}) TO {quote(target)} (FORMAT parquet, COMPRESSION zstd)"
            )
    finally:
        table.unlink(missing_ok=True)
    return count


def make_table_query(table: Path, columns: Columns) -> str:
    """Return DuckDB's query for the rows that `write_csv` wrote."""
    types = ", ".join(f"{quote(name)}: {quote(kind)}" for name, kind in columns.items())
    return (
        f"SELECT * FROM read_csv({quote_file(table)}, columns = {{{types}}}, header = true, delim = ',', quote = '\"', "
        "escape = '\"', nullstr = '', auto_detect = false)"
    )


def quote(text: str | Path) -> str:
    """Return a text as SQL has it."""
    return "'" + str(text).replace("'", "''") + "'"


def quote_file(path: Path) -> str:
    """Return a file to read as SQL has it. DuckDB takes its name for a pattern, so brackets and stars are escaped."""
    return quote(_PATTERN.sub(r"[\g<0>]", str(path)))


def _to_cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if isinstance(value, list) else value
