"""The list of identities that a center issued: who, since when, and whether they were revoked. It holds no secrets."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS identities (
    public_key TEXT PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL, store TEXT NOT NULL, scale TEXT NOT NULL,
    issued REAL NOT NULL, expires REAL, revoked REAL
) STRICT;
CREATE INDEX IF NOT EXISTS by_scale ON identities (store, scale);
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """One identity. Times are in seconds since 1970-01-01 UTC."""

    public_key: str
    role: str
    name: str
    store: str
    scale: str
    issued: float
    expires: float | None = None
    revoked: float | None = None
    """From when on it is void."""

    @property
    def is_valid(self) -> bool:
        now = time.time()
        return (self.expires is None or self.expires > now) and (self.revoked is None or self.revoked > now)


class IdentityList:
    """The list, in a file that several programs may use at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as database:
            database.executescript(SCHEMA)
        path.chmod(0o600)

    def add(self, identity: Identity) -> None:
        with self._open() as database:
            database.execute(
                "INSERT INTO identities VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(identity.public_key, identity.role, identity.name, identity.store, identity.scale),
                    *(identity.issued, identity.expires, identity.revoked),
                ),
            )

    def find(
        self,
        *,
        role: str | None = None,
        name: str | None = None,
        store: str | None = None,
        scale: str | None = None,
    ) -> list[Identity]:
        """Return the identities that match, the oldest first."""
        given = {"role": role, "name": name, "store": store, "scale": scale}
        wanted = {column: value for column, value in given.items() if value is not None}
        condition = " AND ".join(f"{column} = ?" for column in wanted) or "1"
        with self._open() as database:
            rows = database.execute(
                f"SELECT * FROM identities WHERE {condition} ORDER BY issued, rowid", tuple(wanted.values())
            )
            return [Identity(*row) for row in rows]

    def revoke(self, public_key: str, at: float) -> None:
        """Note from when on an identity is void; an earlier time stays."""
        with self._open() as database:
            database.execute(
                "UPDATE identities SET revoked = min(?, coalesce(revoked, ?)) WHERE public_key = ?",
                (at, at, public_key),
            )

    def get_revoked(self) -> list[Identity]:
        """Return the identities that are void now and would not be by themselves."""
        now = time.time()
        with self._open() as database:
            rows = database.execute(
                "SELECT * FROM identities WHERE revoked <= ? AND (expires IS NULL OR expires > ?)", (now, now)
            )
            return [Identity(*row) for row in rows]

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=30)) as database, database:
            yield database
