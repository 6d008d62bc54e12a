"""Files that exist complete or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from .errors import InvalidAnswerError, InvalidInputError

UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
"""Characters that some file system gives a meaning."""
RESERVED = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|(?:COM|LPT)[0-9¹²³]) *(?:\.|$)", re.IGNORECASE
)
"""Names of devices on Windows, whatever their ending is: a stick is carried from one system to another."""
LONGEST_NAME = 200
"""Bytes; file systems end at 255, and a number may be added."""
LONGEST_SUFFIX = 20
"""Bytes of a name's last part that is kept when it has to be shortened."""
LONGEST_PATH = 8192
"""Characters of a name as the module has it; no file system has longer paths, and a URL must hold it."""


class PendingFile:
    """A file under a temporary name beside its target, until it is put in place."""

    def __init__(self, file: BinaryIO, temporary: Path, target: Path) -> None:
        self._file = file
        self._temporary = temporary
        self._target = target
        self._complete = False

    def write(self, data: bytes | memoryview) -> None:
        self._file.write(data)

    def sync(self) -> None:
        """Put what was written on the disk, not only in its cache."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def finish(self) -> None:
        """Put everything on the disk, and close the file."""
        if self._complete:
            return
        self.sync()
        self._file.close()
        self._complete = True

    def discard(self) -> None:
        with contextlib.suppress(OSError):  # closing writes what is left, and the disk may be full
            self._file.close()
        self._temporary.unlink(missing_ok=True)

    def put_in_place(self, *, replace: bool) -> Path:
        """Give the file its name: the target's, or one with a number where that is taken."""
        try:
            if replace:
                self._temporary.replace(self._target)
                return self._target
            return self._put_beside_others()
        except BaseException:
            self._temporary.unlink(missing_ok=True)
            raise

    def _put_beside_others(self) -> Path:
        for candidate in _candidates(self._target):
            try:
                os.link(self._temporary, candidate)  # fails where the name is taken, in one step
            except FileExistsError:
                continue
            except OSError:
                # FAT, as on USB sticks, has no links.
                if candidate.exists():
                    continue
                self._temporary.replace(candidate)
                return candidate
            self._temporary.unlink()
            return candidate
        raise AssertionError("unreachable: the candidates do not end")


def _candidates(target: Path) -> Iterator[Path]:
    yield target
    number = 2
    while True:
        yield target.with_name(f"{target.stem}-{number}{target.suffix}")
        number += 1


@contextlib.contextmanager
def open_pending(folder: Path, name: str) -> Generator[PendingFile]:
    """Open a new file for a target of that name; it is removed when anything goes wrong, Ctrl-C too."""
    temporary = folder / f".{name[:40]}.{os.urandom(8).hex()}.part"
    pending = PendingFile(temporary.open("xb"), temporary, folder / name)
    try:
        yield pending
        pending.finish()
    except BaseException:
        pending.discard()
        raise


def check_folder(folder: str | os.PathLike[str]) -> Path:
    """Return a folder that can be written in; raise what Python raises for any other path."""
    import tempfile  # not needed by programs that make no backups

    if not isinstance(cast(object, folder), str | os.PathLike):
        raise InvalidInputError(f"folder must be a path, not {folder!r}")
    path = Path(folder)
    if not path.is_dir():
        kind = errno.ENOTDIR if path.exists() else errno.ENOENT
        raise OSError(kind, f"{os.strerror(kind)} (make the folder first)", str(path))
    try:
        with tempfile.TemporaryFile(dir=path):
            return path
    except OSError as error:
        raise OSError(error.errno, f"cannot write in this folder: {error.strerror}", str(path)) from None


def to_local_name(filename: str) -> str:
    """Return the module's name for a file as a name within a local folder, never outside it.

    Raises:
        InvalidAnswerError: nothing usable is left of the name.
    """
    last = re.split(r"[/\\]", filename)[-1]
    name = UNSAFE.sub("_", last).strip(" .")
    if not name or not _is_unicode(name) or len(filename) > LONGEST_PATH:
        raise InvalidAnswerError(f"the module names its backup {filename[:60]!r}: no file can have that name")
    if RESERVED.match(name):
        name = f"_{name}"
    if len(name.encode()) <= LONGEST_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    ending = _shorten(dot + suffix, LONGEST_SUFFIX) if dot else ""
    shortened = _shorten(stem if dot else name, LONGEST_NAME - len(ending.encode())) + ending
    return shortened.rstrip(" .")  # Windows removes these


def _shorten(text: str, most: int) -> str:
    """Return as many characters as fit in that many bytes of UTF-8."""
    return text.encode()[:most].decode(errors="ignore")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
