"""The columns of Parquet files, in the form of a journal's rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from vision_ai_tools.shared.journal_records import EVENT_COLUMNS, RECOGNITION_COLUMNS
from vision_ai_tools.shared.record_files import quote_file

from .journals import JournalError

Till = tuple[str, str]
"""Store and scale, or folder and name of the files of one till."""

EVENTS_PREFIX = "events-"
RECOGNITIONS_PREFIX = "recognitions-"
OPTIONAL = {"guess_name", "chosen_at", "picture", "intop", "readings", "sid", "score", "code"}
"""Columns that no figure needs."""


class Part(NamedTuple):
    """A share of the tills: one of so many."""

    number: int
    total: int


WHOLE = Part(0, 1)


@dataclass(frozen=True, slots=True)
class ParquetKind:
    """What a file has."""

    is_recognitions: bool
    """Recognitions, or else events."""
    has_scales: bool
    """Whether each row names its store and its scale."""
    columns: frozenset[str]


def check_file(database: Any, file: Path) -> ParquetKind:
    """Return what a file has.

    Raises:
        JournalError: it is missing, empty, or has other columns.
    """
    if not file.exists():
        raise JournalError("missing")
    with file.open("rb") as content:
        if not content.read(1):
            raise JournalError("empty")
    rows = database.execute(f"DESCRIBE SELECT * FROM read_parquet({quote_file(file)})").fetchall()
    columns = frozenset(name for name, *_ in rows)
    for needed, is_recognitions in ((RECOGNITION_COLUMNS, True), (EVENT_COLUMNS, False)):
        if columns >= needed.keys() - OPTIONAL:
            return ParquetKind(is_recognitions, columns >= {"store", "scale"}, columns)
    raise JournalError("foreign")


def find_till(file: Path, kind: ParquetKind, store: str | None, scale: str | None) -> Till:
    """Return the till of a row. Without names in the rows, recognitions and events belong together by their names."""
    if kind.has_scales:
        return store or "", scale or ""
    name = file.name
    for prefix in (EVENTS_PREFIX, RECOGNITIONS_PREFIX):
        name = name.removeprefix(prefix)
    return str(file.parent), name


def make_rows_query(file: Path, kind: ParquetKind, part: Part = WHOLE) -> str:
    """Return the query for a file's rows of a share of the tills. What has another type than a journal's is NULL."""
    # Of the time at the till only its difference to UTC is needed, which is in whole seconds.
    local = "epoch_us(TRY_CAST(left(CAST(time AS VARCHAR), 19) AS TIMESTAMP)) // 1000000"
    scale = "CAST(store AS VARCHAR) AS store, CAST(scale AS VARCHAR) AS scale"
    rows = (
        f"SELECT *, epoch_us(TRY_CAST(time_utc AS TIMESTAMP)) AS us, {local} - us // 1000000 AS utc_offset"
        f" FROM read_parquet({quote_file(file)})"
        f" WHERE {_make_condition(file, kind, part)}"
    )
    texts = ("serial_number", *(_RECOGNITION_TEXTS if kind.is_recognitions else ("kind", "detail")))
    columns = [
        "us AS time",
        "utc_offset",
        "(us // 1000000 + utc_offset) // 86400 AS day",
        scale if kind.has_scales else "NULL AS store, NULL AS scale",
        *(f"CAST({each} AS VARCHAR) AS {each}" for each in texts if each in kind.columns),
    ]
    if kind.is_recognitions:
        columns += [
            *(() if "guess_name" in kind.columns else ("NULL AS guess_name",)),
            "CAST(guesses AS VARCHAR) AS guesses",
            "TRY_CAST(trunc(latency * 1000 + 0.5) AS BIGINT) AS milliseconds",
            "TRY_CAST(place AS BIGINT) AS place",
        ]
    return f"SELECT {', '.join(columns)} FROM ({rows})"


def _make_condition(file: Path, kind: ParquetKind, part: Part) -> str:
    if part == WHOLE:
        return "true"
    if kind.has_scales:
        return f"hash(CAST(store AS VARCHAR), CAST(scale AS VARCHAR)) % {part.total} = {part.number}"
    till = "\n".join(find_till(file, kind, None, None)).encode("utf-8", "surrogateescape")
    return "true" if crc32(till) % part.total == part.number else "false"


_RECOGNITION_TEXTS = ("engine", "firmware", "api", "guess", "guess_name", "choice", "choice_name")
