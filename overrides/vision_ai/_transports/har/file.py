"""A recording on the disk: valid JSON after every entry, one entry per line.

    {"log": {… "entries": [
    {"startedDateTime": …},
    {"startedDateTime": …}
    ]}}

A new entry overwrites the closing line and adds a closing line behind it. Where a program ends in the middle of that,
the entries before it are still complete on their lines: the reader and the next recording find them.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import Any, ClassVar, cast

from ..._file_lock import try_lock
from ..._redaction import Redaction
from ..._version import __version__
from ...errors import InvalidInputError

CREATOR = "vision-ai-module"
CLOSING = b"\n]}}\n"
SEPARATOR = b",\n"
LONGEST_OPENING = 4096
"""Bytes of the first line."""
ONE_WRITE = 1024 * 1024
"""Bytes collected before they are written."""

WITHOUT_SECRETS = (
    "Serial numbers, the store's number and name and the names of backups are replaced, the contents of "
    "backups left out. Pictures are unchanged."
)
WITH_SECRETS = "With serial numbers, the store's number and name, and backups: do not pass it on."

log = logging.getLogger("vision_ai")


class RecordingFile:
    """One file, shared by all clients of this process that record in it, and closed with the last of them.

    An error of the disk ends the recording, with one warning in the log; it never disturbs a call.
    """

    _open: ClassVar[dict[tuple[int, int], RecordingFile]] = {}
    """By device and inode: a file that was moved away differs from the new one of its name."""
    _opening: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, path: Path, *, secrets: bool) -> None:
        """Use `RecordingFile.open_shared`."""
        self.path: Path = path
        self.folder: Path = path.absolute().parent
        self.secrets: bool = secrets
        self.redaction: Redaction | None = None if secrets else Redaction()
        self._users = 0
        self._writing = threading.Lock()
        self._process = os.getpid()
        self._stopped = False
        # Its content is checked before it is changed.
        self._file = _open(path, 0o600 if secrets else 0o666)
        try:
            if not self._file.seekable():
                raise InvalidInputError(f"record: {str(path)!r} is not a file that can be continued")
            if try_lock(self._file.fileno()) is False:
                raise InvalidInputError(
                    f"record: another program is recording in {str(path)!r}; choose another name"
                )
            self._begin()
        except BaseException:
            self._file.close()
            raise

    @classmethod
    def open_shared(cls, path: str | os.PathLike[str], *, secrets: bool) -> RecordingFile:
        """Return the file at that path; release it once for each call.

        Raises:
            OSError: it cannot be written.
            InvalidInputError: it is not a recording of this SDK, or one of the other kind: with secrets, without
                them.
        """
        if (
            not isinstance(cast(object, path), str | os.PathLike)
            or str(path) in ("", ".")
            or "\0" in str(path)
        ):
            raise InvalidInputError(f"record must be the path of a HAR file, not {path!r}")
        with cls._opening:
            file = cls._open.get(_identity(path))
            if file is None or file._process != os.getpid():
                file = cls(Path(path), secrets=secrets)
                cls._open[_identity(file._file.fileno())] = file
            elif file.secrets != secrets:
                raise InvalidInputError(_describe_other_kind(Path(path), secrets=secrets))
            file._users += 1
            return file

    def release(self) -> None:
        """Give the file up; the last user closes it."""
        with self._opening:
            self._users -= 1
            if self._users > 0:
                return
            for identity, file in list(self._open.items()):
                if file is self:
                    del self._open[identity]
        with self._writing:
            self._stopped = True
            with suppress(OSError):
                self._file.close()

    @property
    def stopped(self) -> bool:
        """Whether nothing more is recorded."""
        return self._stopped or self._process != os.getpid()

    def append(self, entry: Iterable[bytes]) -> None:
        """Add an entry's JSON as one line."""
        if self._process != os.getpid():
            return  # after a fork the file is the parent's
        with self._writing:
            if self._stopped:
                return
            try:
                self._write(entry)
            except OSError as error:
                with suppress(OSError):
                    self._file.truncate(self._end)
                    self._file.seek(self._end)
                    self._file.write(CLOSING)
                self._stop(error)

    def stop(self, error: OSError) -> None:
        """End the recording after an error."""
        with self._writing:
            if not self._stopped:
                self._stop(error)

    def _stop(self, error: OSError) -> None:
        self._stopped = True
        log.warning("recording in %s has ended: %s", self.path, error)

    def _write(self, entry: Iterable[bytes]) -> None:
        self._file.seek(self._end)
        end = self._end
        pending = b"\n" if self._empty else SEPARATOR
        for piece in entry:
            pending += piece
            if len(pending) >= ONE_WRITE:
                _write_all(self._file, pending)
                end += len(pending)
                pending = b""
        _write_all(self._file, pending + CLOSING)
        self._end = end + len(pending)
        self._empty = False

    def _begin(self) -> None:
        if os.fstat(self._file.fileno()).st_size == 0:
            opening = _make_opening(secrets=self.secrets)
            _write_all(self._file, opening + CLOSING)
            self._end, self._empty = len(opening), True
            return
        opening = self._file.read(LONGEST_OPENING).partition(b"\n")[0]
        log_object = parse_opening(opening)
        if log_object is None:
            raise InvalidInputError(
                f"record: {str(self.path)!r} exists and was not written by this SDK; it stays unchanged: "
                "choose another name"
            )
        if bool(log_object.get("_secrets")) != self.secrets:
            raise InvalidInputError(_describe_other_kind(self.path, secrets=self.secrets))
        self._end, self._empty = _find_end(self._file, len(opening))
        self._file.truncate(self._end)
        self._file.seek(self._end)
        _write_all(self._file, CLOSING)


def parse_opening(first_line: bytes) -> dict[str, Any] | None:
    """Return the `log` object of a recording of this SDK from its first line; None for any other file."""
    try:
        log_object = json.loads(first_line + CLOSING)["log"]
        return log_object if is_own_log(log_object) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def is_own_log(log_object: Any) -> bool:
    """Return whether this SDK wrote a HAR file, by its `log` object."""
    try:
        return log_object["creator"]["name"] == CREATOR
    except (KeyError, TypeError):
        return False


def complete_entries(file: Iterable[bytes]) -> Iterator[bytes]:
    """Return the lines of a recording of this SDK that hold an entry, without those that were cut off."""
    lines = iter(file)
    next(lines, None)
    for line in lines:
        if line.endswith(SEPARATOR):
            yield line.removesuffix(SEPARATOR)
        elif not CLOSING.endswith(line) and _is_json(line):
            yield line.rstrip(b"\n")


def _open(path: Path, mode: int) -> FileIO:
    """Open a file for reading and writing, and create it where it is missing; nothing of it is changed."""
    flags = os.O_RDWR | os.O_CREAT
    for name in ("O_CLOEXEC", "O_BINARY"):  # the one is missing on Windows, the other elsewhere
        flags |= getattr(os, name, 0)
    return FileIO(os.open(path, flags, mode), "r+")


def _find_end(file: FileIO, opening: int) -> tuple[int, bool]:
    """Return where the last complete entry ends, and whether there is none."""
    size = os.fstat(file.fileno()).st_size
    file.seek(max(size - len(CLOSING), 0))
    if file.read() == CLOSING:
        return size - len(CLOSING), size - len(CLOSING) == opening
    end = opening
    with open(file.fileno(), "rb", closefd=False) as lines:  # the file is open
        lines.seek(0)
        for entry in complete_entries(lines):
            end += (1 if end == opening else len(SEPARATOR)) + len(entry)
    return end, end == opening


def _make_opening(*, secrets: bool) -> bytes:
    log_object: dict[str, Any] = {
        "version": "1.2",
        "creator": {"name": CREATOR, "version": __version__},
        "comment": WITH_SECRETS if secrets else WITHOUT_SECRETS,
        "_secrets": secrets,
        "entries": [],
    }
    return json.dumps({"log": log_object}).removesuffix("]}}").encode()


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _identity(file: str | os.PathLike[str] | int) -> tuple[int, int]:
    try:
        status = os.stat(file)  # noqa: PTH116  # a path or an open file
    except FileNotFoundError:
        return 0, 0
    return status.st_dev, status.st_ino


def _describe_other_kind(path: Path, *, secrets: bool) -> str:
    kind = "without" if secrets else "with"
    return f"record: {str(path)!r} is a recording {kind} secrets: choose another name"


def _write_all(file: FileIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[cast(int, file.write(rest)) :]
