"""The tables of a journal, and their versions (`PRAGMA user_version`)."""

from __future__ import annotations

import sqlite3

MIGRATIONS = (
    # Version 1
    """
    CREATE TABLE devices (
        id INTEGER PRIMARY KEY, serial_number TEXT, engine TEXT, firmware TEXT, api TEXT
    );
    CREATE UNIQUE INDEX devices_unique ON devices (
        ifnull(serial_number, ''), ifnull(engine, ''), ifnull(firmware, ''), ifnull(api, '')
    );
    CREATE TABLE products (id TEXT PRIMARY KEY, name TEXT);
    CREATE TABLE recognitions (
        id INTEGER PRIMARY KEY, time INTEGER NOT NULL, utc_offset INTEGER NOT NULL,
        device INTEGER REFERENCES devices (id), sid TEXT, guesses TEXT NOT NULL,
        latency REAL, readings INTEGER NOT NULL DEFAULT 1,
        choice TEXT, place INTEGER, intop INTEGER, chosen_at INTEGER, picture TEXT
    );
    CREATE INDEX recognitions_by_time ON recognitions (time);
    CREATE INDEX recognitions_by_sid ON recognitions (sid) WHERE sid IS NOT NULL;
    CREATE TABLE events (
        id INTEGER PRIMARY KEY, time INTEGER NOT NULL, utc_offset INTEGER NOT NULL,
        device INTEGER, kind TEXT NOT NULL, code INTEGER, detail TEXT
    );
    CREATE INDEX events_by_time ON events (time);
    """,
)
"""What leads from each version to the next. Never change one that was released: add another."""
VERSION = len(MIGRATIONS)


class NotOurFileError(Exception):
    """The file belongs to a newer version of this SDK, or to another program: it must not be changed."""


def read_version(connection: sqlite3.Connection) -> int:
    """Return the version of a file's tables, 0 for an empty file.

    Raises:
        NotOurFileError: they are newer than this SDK, or another program's.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if version > VERSION and "recognitions" in names:
        raise NotOurFileError(f"it has version {version} of the schema, this SDK knows {VERSION}: update it")
    if version > VERSION or (names and "recognitions" not in names):
        raise NotOurFileError("it is a database of another program")
    return version


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to the current version, in one transaction. Another process may do the same."""
    if read_version(connection) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(read_version(connection), VERSION):
            for statement in MIGRATIONS[number].split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
