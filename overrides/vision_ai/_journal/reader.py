"""Reading a journal, also while programs write to it."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from ..errors import InvalidInputError, VisionAIError
from .retention import delete_old
from .rows import JournalDevice, JournalEvent, JournalGuess, JournalRecognition
from .schema import VERSION, NotOurFileError, read_version

BUSY_TIMEOUT = 30.0
"""Seconds to wait for a program that writes."""
COLUMNS = (
    "r.id, r.time, r.utc_offset, d.serial_number, d.engine, d.firmware, d.api, r.sid, r.guesses, r.latency, "
    "r.readings, r.choice, p.name, r.place, r.intop, r.chosen_at, r.picture"
)
SOURCE = "recognitions r LEFT JOIN devices d ON d.id = r.device LEFT JOIN products p ON p.id = r.choice"


class JournalError(VisionAIError):
    """A file is not a journal that this version of the SDK can read."""


class JournalReader:
    """Reads a journal. Close it, or use it in a `with` statement.

        with JournalReader("recognitions.db") as journal:
            for row in journal.recognitions(unconfirmed=True):
                print(row.time, row.guesses[:1])

    Args:
        path: The file.

    Raises:
        OSError: it is missing or cannot be read.
        JournalError: it is not a journal, damaged, or of a newer version of the SDK.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self._path = Path(path)
        self._connection = _open(self._path, "ro")

    def __enter__(self) -> JournalReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Calling it again does nothing."""
        self._connection.close()

    def recognitions(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        product: str | None = None,
        unconfirmed: bool = False,
        after_row: int | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[JournalRecognition]:
        """Iterate the recognitions, in the order of time.

        Args:
            since: From this time on; an aware datetime.
            until: Before this time; an aware datetime.
            product: Only those in which this product was confirmed or, where nothing was, is the best guess.
            unconfirmed: Only those of which nothing was confirmed.
            after_row: Only those that were written after the one with this `row`, in the order in which they were
                written: to follow a journal. The clock of the till may have been set back in between.
            newest_first: Reverse the order.
            limit: At most so many.

        Raises:
            InvalidInputError: a time has no time zone.
            JournalError: the file is damaged.
        """
        names = self.names()
        conditions, values = _make_conditions("r", since, until, after_row)
        if product is not None:
            conditions.append("ifnull(r.choice, json_extract(r.guesses, '$[0][0]')) = ?")
            values.append(product)
        if unconfirmed:
            conditions.append("r.choice IS NULL")
        order = ("time", "id") if after_row is None else ("id",)
        for row in self._select(COLUMNS, SOURCE, "r", conditions, values, order, newest_first, limit):
            yield _make_recognition(row, names)

    def events(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        after_row: int | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[JournalEvent]:
        """Iterate the events, in the order of time.

        Args:
            since: From this time on; an aware datetime.
            until: Before this time; an aware datetime.
            after_row: Only those that were written after the one with this `row`, in the order in which they were
                written.
            newest_first: Reverse the order.
            limit: At most so many.

        Raises:
            InvalidInputError: a time has no time zone.
            JournalError: the file is damaged.
        """
        conditions, values = _make_conditions("e", since, until, after_row)
        columns = "e.id, e.time, e.utc_offset, d.serial_number, d.engine, d.firmware, d.api, e.kind, e.code, e.detail"
        source = "events e LEFT JOIN devices d ON d.id = e.device"
        order = ("time", "id") if after_row is None else ("id",)
        for row in self._select(columns, source, "e", conditions, values, order, newest_first, limit):
            number, moment, offset, *device, kind, code, detail = row
            yield JournalEvent(number, _to_time(moment, offset), _to_device(device), kind, code, detail)

    def names(self) -> dict[str, str]:
        """Return the known names of products, by their numbers."""
        try:
            return {
                item_id: name
                for item_id, name in self._connection.execute("SELECT id, name FROM products")
                if name is not None
            }
        except sqlite3.Error as error:
            raise _to_journal_error(self._path, error) from error

    def _select(
        self,
        columns: str,
        source: str,
        table: str,
        conditions: list[str],
        values: list[Any],
        order: tuple[str, ...],
        newest_first: bool,
        limit: int | None,
    ) -> Iterator[tuple[Any, ...]]:
        direction = "DESC" if newest_first else "ASC"
        sorted_by = ", ".join(f"{table}.{column} {direction}" for column in order)
        where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
        query = f"SELECT {columns} FROM {source} {where}ORDER BY {sorted_by} LIMIT ?"
        try:
            # Not `yield from`, which closes the cursor, possibly after the connection.
            for row in self._connection.execute(query, (*values, -1 if limit is None else limit)):  # noqa: UP028
                yield row
        except sqlite3.Error as error:
            raise _to_journal_error(self._path, error) from error


def prune_journal(
    path: str | PathLike[str], *, keep_days: float | None = None, keep_bytes: int | None = None
) -> int:
    """Delete the oldest rows of a journal, also while programs write to it, and make the file smaller.

    Args:
        path: The file.
        keep_days: Rows that are older are deleted, from 0 up; None keeps them.
        keep_bytes: The oldest rows are deleted while the file is larger; None sets no limit.

    Returns:
        How many recognitions and events were deleted.

    Raises:
        OSError: it is missing, cannot be read, or cannot be written.
        JournalError: it is not a journal, damaged, or of a newer version of the SDK.
    """
    connection = _open(Path(path), "rw")
    try:
        count = sum(delete_old(connection, keep_days, keep_bytes))
        connection.execute(
            "PRAGMA busy_timeout = 100"
        )  # while somebody reads, the file cannot become smaller
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error as error:
        raise _to_journal_error(Path(path), error) from error
    finally:
        connection.close()
    return count


def _open(path: Path, mode: str) -> sqlite3.Connection:
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    with path.open("rb" if mode == "ro" else "r+b"):
        pass  # raises what SQLite would only call "unable to open"
    try:
        return _connect(path, mode)
    except sqlite3.OperationalError as error:
        if mode != "ro" or Path(f"{path}-wal").exists():
            raise _to_journal_error(path, error) from error
        # Reading takes files beside it, which a folder that cannot be written in does not allow. Nobody writes to it.
        return _connect(path, "ro&immutable=1")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False
    )
    try:
        if read_version(connection) != VERSION:
            raise NotOurFileError("it is empty")
    except NotOurFileError as error:
        connection.close()
        raise JournalError(f"{path} is not a journal that can be read: {error}") from None
    except sqlite3.OperationalError:
        connection.close()
        raise
    except sqlite3.DatabaseError as error:
        connection.close()
        raise _to_journal_error(path, error) from error
    return connection


def _to_journal_error(path: Path, error: sqlite3.Error) -> JournalError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_NOTADB:
        return JournalError(f"{path} is not a journal")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return JournalError(f"{path} is locked by another program")
    return JournalError(f"{path} cannot be used: {error}")


def _make_conditions(
    table: str, since: datetime | None, until: datetime | None, after_row: int | None = None
) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for moment, comparison in ((since, ">="), (until, "<")):
        if moment is not None:
            if moment.tzinfo is None:
                raise InvalidInputError("since and until must be aware datetimes, with a time zone")
            conditions.append(f"{table}.time {comparison} ?")
            values.append(round((moment - EPOCH) / timedelta(microseconds=1)))
    if after_row is not None:
        conditions.append(f"{table}.id > ?")
        values.append(after_row)
    return conditions, values


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _to_time(moment: int, offset: int) -> datetime:
    return (EPOCH + timedelta(microseconds=moment)).astimezone(timezone(timedelta(seconds=offset)))


def _to_device(values: list[Any]) -> JournalDevice | None:
    return None if all(value is None for value in values) else JournalDevice(*values)


def _make_recognition(row: tuple[Any, ...], names: dict[str, str]) -> JournalRecognition:
    number, moment, offset = row[:3]
    sid, guesses, latency, readings, choice, name, place, intop, chosen_at, picture = row[7:]
    pairs = cast("list[list[Any]]", json.loads(guesses))
    return JournalRecognition(
        row=number,
        time=_to_time(moment, offset),
        device=_to_device(list(row[3:7])),
        sid=sid,
        guesses=tuple(JournalGuess(item_id, score, names.get(item_id)) for item_id, score in pairs),
        latency=latency,
        readings=readings,
        choice=choice,
        choice_name=name,
        place=place,
        intop=None if intop is None else bool(intop),
        chosen_at=None if chosen_at is None else _to_time(chosen_at, offset),
        picture=picture,
    )
