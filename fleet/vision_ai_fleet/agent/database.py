"""The agent's one file, `agent.db`: what it did, what it has yet to send, and who it is.

It is written through to the disk at each commit, since the center believes it. A damaged file is moved aside: the agent
is then a new installation, so that what the old one had begun is not done again.
"""

from __future__ import annotations

import logging
import sqlite3
import uuid
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from vision_ai_fleet.errors import FleetError

logger = logging.getLogger("vision_ai_fleet")

FILE = "agent.db"
SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jobs (
    key TEXT PRIMARY KEY, phase TEXT NOT NULL, time REAL NOT NULL, entry TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS calls (id TEXT PRIMARY KEY, time REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, message TEXT NOT NULL, data BLOB NOT NULL
);
"""
INSTANCE = "instance"


class DiskFullError(FleetError):
    """The computer of the scale has no space left on its disk, or cannot write to it."""


class Database:
    """The open file.

    Args:
        folder: Where it is; None: in memory.

    Raises:
        FleetError: another agent uses it, or the folder cannot be written.
    """

    def __init__(self, folder: Path | None) -> None:
        self.path = folder / FILE if folder is not None else None
        self.was_damaged = False
        """Whether a damaged file was moved aside."""
        self.is_full = False
        """Whether the last write failed for want of space."""
        self._has_schema = False
        self.connection = self._open()
        self.instance = self._find_instance()

    def read(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self._translate():
            return self.connection.execute(statement, values).fetchall()

    @contextmanager
    def write(self) -> Generator[sqlite3.Connection]:
        """Change several rows at once or not at all. They are on the disk at the end.

        Raises:
            DiskFullError: they could not be written.
        """
        with self._translate():
            if not self._has_schema:  # there was no space for it at the start
                self.connection.executescript(SCHEMA)
                self._has_schema = True
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    if self.connection.in_transaction:
                        self.connection.execute("ROLLBACK")
                raise
        self.is_full = False

    def get_fact(self, name: str) -> str | None:
        """Return a named value."""
        rows = self.read("SELECT value FROM facts WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def set_fact(self, name: str, value: str) -> None:
        """Store a named value.

        Raises:
            DiskFullError: it could not be written.
        """
        with self.write() as connection:
            connection.execute("REPLACE INTO facts VALUES (?, ?)", (name, value))

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def _open(self) -> sqlite3.Connection:
        if self.path is None:
            return _connect(":memory:")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FleetError(
                f"the agent's folder {self.path.parent} cannot be made: {error.strerror}",
                "Name another one: [agent] data = …",
            ) from error
        try:
            return _connect(str(self.path))
        except sqlite3.OperationalError as error:
            raise self._describe(error) from error
        except sqlite3.DatabaseError as error:
            logger.error("%s is damaged (%s): it is moved aside, and a new one is made", self.path, error)
            self._move_aside()
            return _connect(str(self.path))

    def _move_aside(self) -> None:
        assert self.path is not None
        self.was_damaged = True
        self.path.replace(self.path.with_name(f"{FILE}.damaged"))
        for suffix in ("-wal", "-shm"):
            self.path.with_name(f"{FILE}{suffix}").unlink(missing_ok=True)

    def _find_instance(self) -> str:
        instance = uuid.uuid4().hex[:16]
        with suppress(DiskFullError):
            if (known := self.get_fact(INSTANCE)) is not None:
                return known
        with suppress(DiskFullError):  # where it cannot be kept, this start is an installation of its own
            self.set_fact(INSTANCE, instance)
        return instance

    @contextmanager
    def _translate(self) -> Generator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            self.is_full = True
            raise DiskFullError(
                f"the scale's computer could not write to its disk: {error}", "Free space on it."
            ) from error
        except sqlite3.DatabaseError as error:
            if self.path is None:
                raise
            logger.error("%s was damaged (%s): it is moved aside, and a new one is made", self.path, error)
            with suppress(sqlite3.Error):
                self.connection.close()
            self._move_aside()
            self._has_schema = False
            self.connection = _connect(str(self.path))
            self.instance = self._find_instance()
            raise DiskFullError("the agent's file was damaged, and a new one was made") from error

    def _describe(self, error: sqlite3.OperationalError) -> FleetError:
        if "locked" in str(error):
            return FleetError(
                f"another agent uses {self.path}", "End it, or name another folder: [agent] data = …"
            )
        return FleetError(
            f"the agent's file {self.path} cannot be opened: {error}", "Name another folder: [agent] data = …"
        )


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=2.0)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # one agent alone, until it ends
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -1024")
        answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if answer != "ok":
            raise sqlite3.DatabaseError(answer)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if "full" not in str(error):
            connection.close()
            raise
    except BaseException:
        connection.close()
        raise
    return connection
