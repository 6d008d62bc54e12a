"""Find journals and Parquet files, open journals read-only, and say why a file cannot be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from glob import glob, has_magic
from os import fspath
from pathlib import Path
from typing import Literal

SCHEMA_VERSION = 1
"""The newest version of a journal's tables that this program knows (`PRAGMA user_version`)."""
PARQUET_SUFFIX = ".parquet"
SUFFIXES = (".db", ".sqlite", ".sqlite3", PARQUET_SUFFIX)
"""Names of files that are taken from a folder."""
HEADER = b"SQLite format 3\0"
PARQUET_HEADER = b"PAR1"
LOCK_TIMEOUT = 2.0
"""Seconds to wait for a writer that locks the whole file."""

Problem = Literal["missing", "empty", "foreign", "newer", "locked", "damaged", "unreadable"]
TABLES = {"devices", "products", "recognitions", "events"}


class JournalError(Exception):
    """A file cannot be read as a journal."""

    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(detail or problem)
        self.problem: Problem = problem
        self.detail = detail


def find_journals(places: Iterable[str | Path]) -> list[Path]:
    """Return the files that are meant by files, folders and patterns such as `tills/*.db`, each once.

    A folder means the journals and Parquet files in it and below it. What does not exist is returned as it is: reading
    it says so.
    """
    found: dict[Path, None] = {}
    for place in places:
        path = Path(place)
        if path.is_dir():
            files = sorted(
                each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES and each.is_file()
            )
        elif not path.exists() and has_magic(fspath(place)):
            files = sorted(map(Path, glob(fspath(place), recursive=True))) or [path]  # noqa: PTH207  # also "/tills/*.db"
        else:
            files = [path]
        for file in files:
            found.setdefault(file.resolve(), None)
    return list(found)


def is_parquet(path: Path) -> bool:
    """Return whether a file is, or should be, a Parquet file."""
    if path.suffix.lower() == PARQUET_SUFFIX:
        return True
    try:
        with path.open("rb") as file:
            return file.read(len(PARQUET_HEADER)) == PARQUET_HEADER
    except OSError:
        return False


@contextmanager
def open_journal(path: Path) -> Generator[sqlite3.Connection]:
    """Open a journal for reading, in one transaction: a till may write to it meanwhile.

    Raises:
        JournalError: It cannot be read as a journal, also when this is noticed while it is read.
    """
    try:
        _check_header(path)
        connection = sqlite3.connect(_make_uri(path), uri=True, timeout=LOCK_TIMEOUT, isolation_level=None)
    except OSError as error:
        raise JournalError("unreadable", error.strerror or "") from error
    except sqlite3.Error as error:
        raise _make_error(error) from error
    try:
        connection.execute("PRAGMA query_only=1")
        connection.execute("BEGIN")
        _check_schema(connection)
        yield connection
    except sqlite3.Error as error:
        raise _make_error(error) from error
    finally:
        connection.close()


def _make_uri(path: Path) -> str:
    # Without a log beside it nobody writes to the file. SQLite would create that log only to read an empty one, and
    # cannot in a folder that may not be written to.
    log = path.with_name(path.name + "-wal")
    return f"{path.absolute().as_uri()}?{'mode=ro' if log.exists() else 'mode=ro&immutable=1'}"


def _check_header(path: Path) -> None:
    if not path.exists():
        raise JournalError("missing")
    with path.open("rb") as file:
        header = file.read(len(HEADER))
    if not header and not path.with_name(path.name + "-wal").exists():
        raise JournalError("empty")
    if header and header != HEADER:
        raise JournalError("foreign")


def _check_schema(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        raise JournalError("empty")
    if not tables >= TABLES or version < 1:
        raise JournalError("foreign")
    if version > SCHEMA_VERSION:
        raise JournalError("newer", str(version))


def _make_error(error: sqlite3.Error) -> JournalError:
    # The name is missing where the error comes from the module and not from SQLite.
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return JournalError("locked")
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH", "SQLITE_IOERR")):
        return JournalError("unreadable", str(error))
    if name.startswith("SQLITE_NOTADB"):
        return JournalError("foreign")
    if name == "SQLITE_ERROR":  # a column that a journal has is missing
        return JournalError("foreign", str(error))
    return JournalError("damaged", str(error))
