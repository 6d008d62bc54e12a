"""A file that a caller gives, checked before anything is sent."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable
from pathlib import PurePath
from typing import IO, cast

from .._validation import describe
from ..errors import InvalidInputError

FALLBACK_NAME = "backup.evo"

ReportSent = Callable[[int, int], None]
"""Called with the file's bytes sent so far, and in all."""


class Upload:
    """A file that can be sent, more than once if need be.

    Attributes:
        file: The file, opened for reading.
        start: Where in it the upload begins.
        size: Bytes from there to its end.
        name: Its name for the module.

    Raises:
        InvalidInputError: it is not a file that can be sent, or it is empty.
        OSError: it cannot be opened.
    """

    def __init__(self, file: object) -> None:
        self._owned = isinstance(file, str | os.PathLike)
        self.file = _open(cast("str | os.PathLike[str]", file)) if self._owned else _check_stream(file)
        self.start = 0 if self._owned else self.file.tell()
        self.name = _name(file)
        self.size = self.file.seek(0, io.SEEK_END) - self.start
        if self.size <= 0:
            self.close()
            raise InvalidInputError(f"{self.name} is empty: it is not a backup")

    def rewind(self) -> None:
        """Return to where the upload begins: a caller's own file is left there too, for another attempt."""
        self.file.seek(self.start)

    def close(self) -> None:
        """Close the file if it was opened here."""
        if self._owned:
            self.file.close()


def _open(path: str | os.PathLike[str]) -> IO[bytes]:
    try:
        ordinary = stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116  # any path-like
    except ValueError as error:
        raise InvalidInputError(f"file: {path!r} cannot be a path: {error}") from None
    if not ordinary:  # checked before opening: a pipe would wait for its writer
        raise InvalidInputError(f"file: {os.fspath(path)!r} is not an ordinary file")
    return open(path, "rb")  # noqa: PTH123  # closed by Upload.close; any path-like


def _check_stream(file: object) -> IO[bytes]:
    stream = cast("IO[bytes]", file)
    try:
        empty = cast(object, stream.read(0))
        if stream.seekable() and isinstance(empty, bytes):
            return stream
    except (AttributeError, OSError, TypeError, ValueError):
        pass
    raise InvalidInputError(
        f"file must be the path of a backup or a file opened for reading in binary mode, not {describe(file)}"
    )


def _name(file: object) -> str:
    path: object = getattr(file, "name", None) if hasattr(file, "read") else file
    if not isinstance(path, str | os.PathLike):  # a file object without a name, or with a number for one
        return FALLBACK_NAME
    return PurePath(cast("str | os.PathLike[str]", path)).name or FALLBACK_NAME
