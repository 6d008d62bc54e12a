"""The stream EVENTS as Parquet files by local day: `vision-ai fleet events export`."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Generator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from vision_ai_fleet.connection import Connection, translate_error
from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.names import EVENTS

from .day_files import DayFile, Spool
from .stream import read_events

STATE_FILE = ".export-state"
"""Beside the files: up to where they are exported. It is locked while an export runs."""
SPOOL_FOLDER = ".export-spool"
EVENTS_PER_ROUND = 1_000_000
"""After so many, the files are written, and the position is safe."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What an export did."""

    events: int
    """Events that were read, each revision counted."""
    refused: int
    """Those among the messages that were left out: forged, malformed, or of a clock that is far off."""
    files: tuple[str, ...]
    """The files that were written, by name."""
    position: int


async def export_events(
    connection: Connection,
    folder: Path,
    *,
    store: str = "",
    report_progress: Callable[[int], None] | None = None,
) -> ExportResult:
    """Bring the files of a folder up to date, from where the last export ended.

    Each local day has a file `recognitions-2026-11-28.parquet` and a file `events-2026-11-28.parquet`. A day's file is
    written again when events of that day come late or get a higher revision. An export that is killed leaves complete
    files, and the next one makes up for it.

    Args:
        connection: Of an operator, a viewer or a manager.
        folder: Of one chain; it is made where it is missing.
        store: Only this store's events; "" for all. A folder belongs to one choice.
        report_progress: Called with the number of events so far.

    Raises:
        FleetError: another export runs in that folder, it belongs to another choice, the center does not respond, or
            DuckDB is not installed.
        OSError: the folder cannot be written.
    """
    if find_spec("duckdb") is None:
        raise FleetError("DuckDB is not installed", "Install it: pip install 'vision-ai-module[fleet]'")
    folder.mkdir(parents=True, exist_ok=True)
    with _open_state(folder) as state:
        position = state.begin(store, await read_stream_name(connection))
        spool = Spool(folder / SPOOL_FOLDER)
        try:
            written: set[DayFile] = set()
            count = waiting = refused = 0
            async with aclosing(read_events(connection, position, store=store)) as batches:
                async for batch in batches:
                    await asyncio.to_thread(spool.add, batch.events, batch.received)
                    position, refused = batch.position, refused + batch.refused
                    count, waiting = count + len(batch.events), waiting + len(batch.events)
                    if report_progress is not None:
                        report_progress(count)
                    if waiting >= EVENTS_PER_ROUND:
                        waiting = 0
                        written |= spool.files
                        await asyncio.to_thread(spool.merge, folder)
                        state.save(position)
            written |= spool.files
            await asyncio.to_thread(spool.merge, folder)
            state.save(position)
        finally:
            spool.close()
    return ExportResult(
        count, refused + spool.refused, tuple(sorted(each.name for each in written)), position
    )


async def read_stream_name(connection: Connection) -> str:
    """Return what tells this stream from one that was made anew, whose positions begin at 1 again."""
    if connection.credentials.role != "operator":  # others may not ask
        return ""
    try:
        info = await connection.jetstream.stream_info(EVENTS)
    except Exception as error:  # nats-py raises many; each is translated
        raise translate_error(error) from error
    return str(info.created or "")


class _State:
    """The position of a folder, in a file that stays locked from `begin` on."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def begin(self, store: str, stream: str) -> int:
        """Return the position from which to go on."""
        execute = self._connection.execute
        execute("CREATE TABLE IF NOT EXISTS state (position INTEGER, store TEXT, stream TEXT)")
        row = execute("SELECT position, store, stream FROM state").fetchone()
        if row is not None and row[1] != store:
            raise FleetError(
                f"the folder has the events of {row[1] or 'all stores'}, not of {store or 'all stores'}",
                "Name another folder.",
            )
        if row is not None and stream in ("", row[2]):
            return int(row[0])
        execute("DELETE FROM state")  # the files stay: what is in the new stream is added
        execute("INSERT INTO state VALUES (0, ?, ?)", (store, stream))
        return 0

    def save(self, position: int) -> None:
        """Make a position durable."""
        self._connection.execute("UPDATE state SET position = ?", (position,))
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN EXCLUSIVE")


@contextmanager
def _open_state(folder: Path) -> Generator[_State]:
    connection = sqlite3.connect(
        folder / STATE_FILE, isolation_level=None, timeout=0.5, check_same_thread=False
    )
    try:
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise FleetError(f"{folder / STATE_FILE} cannot be used: {error}") from error
            raise FleetError(
                f"another export runs in {folder}", "Wait until it ends, or name another folder."
            ) from error
        yield _State(connection)
    except sqlite3.DatabaseError as error:
        raise FleetError(
            f"{folder / STATE_FILE} cannot be used: {error}",
            "Delete this file and export again: nothing is exported twice.",
        ) from error
    finally:
        connection.close()
