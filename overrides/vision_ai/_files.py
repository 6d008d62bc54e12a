"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from .errors import InvalidAnswerError

UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
"""Characters that some file system gives a meaning."""
LONGEST_NAME = 200
"""Characters; file systems end at 255 bytes, and the temporary name is longer."""


class PendingFile:
    """A file under a temporary name beside its target, until it is put in place."""

    def __init__(self, file: BinaryIO, temporary: Path, target: Path) -> None:
        self._file = file
        self._temporary = temporary
        self._target = target
        self._complete = False

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def finish(self) -> None:
        """Everything is written and on the disk, not only in its cache."""
        if self._complete:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._complete = True

    def discard(self) -> None:
        self._file.close()
        self._temporary.unlink(missing_ok=True)

    def put_in_place(self, *, replace: bool) -> Path:
        """Gives the file its name: the target's, or one with a number where that is taken."""
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
                # USB sticks with FAT know no links.
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
def written_whole(folder: Path, name: str) -> Generator[PendingFile]:
    """A new file for a target of that name; gone again when anything goes wrong, Ctrl-C too."""
    temporary = folder / f".{name[:40]}.{secrets.token_hex(8)}.part"
    pending = PendingFile(temporary.open("xb"), temporary, folder / name)
    try:
        yield pending
        pending.finish()
    except BaseException:
        pending.discard()
        raise


def writable_folder(folder: str | os.PathLike[str]) -> Path:
    """The folder, tried: raises what Python raises for one that is missing, a file, or not writable."""
    path = Path(folder)
    if not path.is_dir():
        kind = errno.ENOTDIR if path.exists() else errno.ENOENT
        raise OSError(kind, f"{os.strerror(kind)} (make the folder first)", str(path))
    try:
        with tempfile.TemporaryFile(dir=path):
            return path
    except OSError as error:
        raise OSError(error.errno, f"cannot write in this folder: {error.strerror}", str(path)) from None


def name_inside(filename: str) -> str:
    """A file name of the module's as the name of a file in a folder of ours: never a way out of it.

    Raises InvalidAnswerError where nothing usable is left of it.
    """
    last = re.split(r"[/\\]", filename)[-1]
    name = UNSAFE.sub("_", last).strip(" .")
    if not name:
        raise InvalidAnswerError(f"the module names its backup {filename!r}: no file can be called that")
    stem, dot, suffix = name.rpartition(".")
    if len(name) > LONGEST_NAME:
        name = f"{stem[: LONGEST_NAME - len(suffix[:20]) - 1]}.{suffix[:20]}" if dot else name[:LONGEST_NAME]
    return name
