"""The thread that writes a journal.

A call only appends to a queue and wakes nobody: the thread looks at it twice a second. Whatever happens to the file,
the thread goes on, and entries wait in the queue, up to a limit.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from .._runtime.forks import call_after_fork
from ..errors import InvalidInputError
from .database import Database
from .entries import Entry, PictureEntry
from .pictures import PictureFolder
from .retention import delete_old
from .schema import NotOurFileError
from .settings import Journal, JournalPictures

log = logging.getLogger("vision_ai")

INTERVAL = 0.5
"""Seconds between two looks at the queue."""
LONGEST_QUEUE = 10_000
"""Entries: more than an hour of a till that cannot write."""
MOST_PICTURES = 20
"""Pictures in the queue."""
BATCH = 200
"""Entries of one transaction: others may write in between."""
CLOSE_TIMEOUT = 2.0
"""Seconds that closing the last client, or the end of the program, waits for the queue to be written."""
LATE = 60.0
"""Seconds for which the thread of a closed journal goes on to wait for a locked file."""
RETRY = 5.0
"""Seconds until the next attempt after an error that does not pass by itself."""
PATIENCE = 5.0
"""Seconds for which a locked file is not worth a warning."""
RETENTION_INTERVAL = 60.0
"""Seconds."""
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
REFUSED_VALUES = (
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    sqlite3.DataError,
    ValueError,
    OverflowError,
)
"""What Python and SQLite raise for an entry with a value that they do not take."""


class JournalWriter:
    """The queue and the thread of one file, shared by all clients of this process that write to it."""

    _open: ClassVar[dict[Path, JournalWriter]] = {}
    _opening: ClassVar[threading.Lock] = threading.Lock()
    _left_to_parent: ClassVar[list[object]] = []
    """What a fork copied. SQLite would damage the file if a child closed or used a parent's connection."""

    def __init__(self, settings: Journal, pictures: JournalPictures | None) -> None:
        """Use `JournalWriter.open_shared`."""
        self.settings = settings
        self.pictures = pictures
        self._path = settings.file
        self._folder = None if pictures is None else PictureFolder(pictures, self._path)
        self._users = 0
        self._warned: set[str] = set()
        self._reset()

    def _reset(self) -> None:
        self._queue: deque[Entry] = deque()
        self._dropped = 0
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._stop = threading.Event()
        self._database: Database | None = None
        self._identity: tuple[int, int] | None = None
        self._batch: list[Entry] = []
        self._locked_since: float | None = None
        self._retention: Iterator[int] | None = None
        self._next_retention = 0.0

    @classmethod
    def open_shared(cls, settings: Journal, pictures: JournalPictures | None) -> JournalWriter:
        """Return the writer of a file; release it once for each call.

        Raises:
            InvalidInputError: this process writes to the file with other settings.
        """
        path = settings.file
        with cls._opening:
            writer = cls._open.get(path)
            if writer is None:
                writer = cls._open[path] = cls(settings, pictures)
            elif not writer._has_settings(settings, pictures):
                raise InvalidInputError(
                    f"journal: another client of this program writes to {str(path)!r} with other limits or pictures; "
                    "give both the same, or choose another name"
                )
            writer._users += 1
            return writer

    def _has_settings(self, settings: Journal, pictures: JournalPictures | None) -> bool:
        mine, others = self.settings, settings
        return (mine.keep_days, mine.keep_bytes, self.pictures) == (
            others.keep_days,
            others.keep_bytes,
            pictures,
        )

    # --- The caller's side.

    def append(self, entry: Entry) -> None:
        """Queue an entry; count it where the queue is full."""
        if len(self._queue) >= LONGEST_QUEUE:
            self._drop()
            return
        self._queue.append(entry)
        if self._thread is None:
            self._start()

    def append_picture(self, entry: PictureEntry) -> None:
        """Queue a picture; leave it out where many wait."""
        if sum(isinstance(each, PictureEntry) for each in self._queue.copy()) < MOST_PICTURES:
            self.append(entry)

    def release(self) -> None:
        """Give the writer up. The last user waits until the queue is written, for a bounded time."""
        with self._opening:
            self._users -= 1
            if self._users > 0:
                return
            if self._open.get(self._path) is self:
                del self._open[self._path]
        self.finish()

    def finish(self) -> None:
        """Let the thread write the queue and end; wait for it, for a bounded time."""
        self._stop.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(CLOSE_TIMEOUT)

    def _start(self) -> None:
        with self._starting:
            if self._thread is not None:
                return
            thread = threading.Thread(target=self._run, name="vision_ai journal", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:  # the program is ending, or has too many threads
                self._warn("thread", "nothing is written: %s", error)
                return
            self._thread = thread

    def _drop(self) -> None:
        self._dropped += 1
        self._warn("full", "it cannot be written fast enough; entries are left out")

    def _warn(self, kind: str, message: str, *arguments: object) -> None:
        """Log a warning, once for each kind."""
        if kind not in self._warned:
            self._warned.add(kind)
            log.warning(f"journal %s: {message}", self._path, *arguments)

    # --- The thread.

    def _run(self) -> None:
        pause, end = INTERVAL, None
        while True:
            stopping = self._stop.wait(pause)
            if stopping and end is None:
                end = time.monotonic() + LATE
            pause = self._work(stopping=stopping)
            if end is not None and (pause == 0.0 or pause == RETRY or time.monotonic() > end):
                break
            if stopping:
                time.sleep(pause)
        self._close_database()

    def _work(self, *, stopping: bool) -> float:
        """Write what is in the queue. Returns the seconds until the next look; 0 where all is written at the end."""
        try:
            # What comes meanwhile waits for the next look: else a fast program would get a transaction for each call.
            left = len(self._queue) + len(self._batch)
            while left > 0:
                left -= self._write_batch(left)
            if not stopping and self._database is not None:
                self._delete_old()
        except sqlite3.Error as error:
            return self._handle(error)
        except NotOurFileError as error:
            self._warn("other", "it stays unchanged, and nothing is kept: %s", error)
        except OSError as error:
            self._warn(f"file {error.errno}", "it cannot be written: %s", error)
        except Exception:  # a till goes on whatever happens here
            if "defect" not in self._warned:
                self._warned.add("defect")
                log.warning("journal %s: an entry is left out", self._path, exc_info=True)
            self._batch.clear()
            return INTERVAL
        else:
            return 0.0 if stopping else INTERVAL
        self._close_database()
        return RETRY

    def _write_batch(self, most: int) -> int:
        """Write entries in one transaction. Returns how many."""
        batch = self._batch  # kept until it is written
        while self._queue and len(batch) < min(most, BATCH):
            batch.append(self._queue.popleft())
        database = self._open_database()
        try:
            database.write(batch, self._save_picture)
        except REFUSED_VALUES:
            self._write_one_by_one(database, batch)
        count = len(batch)
        self._locked_since = None
        batch.clear()
        if self._dropped:
            dropped, self._dropped = self._dropped, 0
            log.warning("journal %s: %s entries were left out", self._path, dropped)
        return count

    def _write_one_by_one(self, database: Database, batch: Sequence[Entry]) -> None:
        """Write what can be written of entries of which one has a value that SQLite does not take."""
        for entry in batch:
            try:
                database.write([entry], self._save_picture)
            except REFUSED_VALUES as error:
                self._warn("value", "an entry is left out: %s", error)

    def _save_picture(self, entry: PictureEntry) -> str | None:
        if self._folder is None:
            return None
        try:
            return self._folder.save(entry)
        except OSError as error:
            self._warn("picture", "a picture is not saved: %s", error)
            return None

    def _open_database(self) -> Database:
        """Return the open file; open it again where it was deleted or replaced."""
        if self._database is not None and self._identity == self._identify():
            return self._database
        self._close_database()
        self._identity = self._identify()
        self._database = Database(self._path)
        self._identity = self._identify()
        return self._database

    def _identify(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self._path)  # noqa: PTH116  # twice a second
        except FileNotFoundError:
            return None
        return status.st_dev, status.st_ino

    def _close_database(self) -> None:
        self._retention = None
        if self._database is not None:
            self._database.close()
            self._database = None

    def _delete_old(self) -> None:
        """Delete old rows in steps, as long as no entry waits."""
        database, now = self._database, time.monotonic()
        if self._retention is None and database is not None and now >= self._next_retention:
            self._next_retention = now + RETENTION_INTERVAL
            self._retention = delete_old(
                database.connection, self.settings.keep_days, self.settings.keep_bytes
            )
        while self._retention is not None and not self._queue:
            if next(self._retention, None) is None:
                self._retention = None

    # --- Trouble.

    def _handle(self, error: sqlite3.Error) -> float:
        """Return the seconds until the next attempt after an error of SQLite."""
        self._retention = None
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in LOCKED:
            now = time.monotonic()
            self._locked_since = self._locked_since or now
            if now - self._locked_since >= PATIENCE:
                self._warn("locked", "another program has locked it; entries wait")
            return INTERVAL
        self._close_database()
        if code in DAMAGED:
            return INTERVAL if self._set_aside(error) else RETRY
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        self._warn(name, "it cannot be written (%s); entries wait", error)
        return RETRY

    def _set_aside(self, error: sqlite3.Error) -> bool:
        """Give a damaged file another name, so that a new one can begin. Returns whether the file is gone."""
        if self._identity is None or self._identity != self._identify():
            return True  # another process did
        target = f"{self._path}.damaged-{time.strftime('%Y%m%d-%H%M%S')}"
        try:
            for suffix in ("-wal", "-shm", ""):  # SQLite repairs them together
                with contextlib.suppress(FileNotFoundError):
                    os.replace(f"{self._path}{suffix}", f"{target}{suffix}")  # noqa: PTH105  # a path and a suffix
        except OSError as failure:
            self._warn("damaged", "it is damaged (%s), and cannot be renamed: %s", error, failure)
            return False
        log.warning(
            "journal %s: it is damaged (%s); renamed to %s, a new one begins", self._path, error, target
        )
        return True

    # --- The process.

    @classmethod
    def _finish_all(cls) -> None:
        """Write what waits when the program ends."""
        for writer in list(cls._open.values()):
            writer._stop.set()
        end = time.monotonic() + CLOSE_TIMEOUT
        for writer in list(cls._open.values()):
            if writer._thread is not None:
                writer._thread.join(max(end - time.monotonic(), 0.0))

    @classmethod
    def _begin_in_child(cls) -> None:
        """Give the child of a fork its own queues, threads and connections."""
        cls._opening = threading.Lock()
        for writer in cls._open.values():
            cls._left_to_parent.append((writer._database, writer._retention, writer._queue, writer._batch))
            writer._reset()


atexit.register(JournalWriter._finish_all)  # pyright: ignore[reportPrivateUsage]
call_after_fork(JournalWriter._begin_in_child)  # pyright: ignore[reportPrivateUsage]
