"""A file that is to be sent: whatever a caller may give for one, looked at before anything is sent."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, cast

from ._http_later import load
from ._settings import shown
from .errors import InvalidInputError

if TYPE_CHECKING:
    from ._form import FormBody

FALLBACK_NAME = "backup.evo"

Sent = Callable[[int, int], None]
"""Called with the file's bytes sent so far, and in all."""


class Upload:
    """A file that can be sent, more than once if need be."""

    def __init__(self, file: object) -> None:
        self._owned = isinstance(file, str | os.PathLike)
        self._file = _opened(cast("str | os.PathLike[str]", file)) if self._owned else _seekable(file)
        self._start = 0 if self._owned else self._file.tell()
        self.name = _name(file)
        self.size = self._file.seek(0, io.SEEK_END) - self._start
        if self.size <= 0:
            self.close()
            raise InvalidInputError(f"{self.name} is empty: it is no backup")
        load()

    def form(self, part_name: str | None, sent: Sent | None) -> FormBody:
        """The form with the file as its only part, from the file's start."""
        from ._form import FormBody

        self._file.seek(self._start)  # where it is left as well: the caller may try again with it
        return FormBody(self._file, self._start, self.size, self.name, part_name, sent)

    def close(self) -> None:
        if self._owned:
            self._file.close()


def _opened(path: str | os.PathLike[str]) -> IO[bytes]:
    try:
        ordinary = stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116  # any path-like
    except ValueError as error:
        raise InvalidInputError(f"file: {path!r} cannot be a path: {error}") from None
    if not ordinary:  # looked at before: opening a pipe waits for its writer
        raise InvalidInputError(f"file: {os.fspath(path)!r} is no ordinary file")
    return open(path, "rb")  # noqa: PTH123  # closed by Upload.close; any path-like


def _seekable(file: object) -> IO[bytes]:
    stream = cast("IO[bytes]", file)
    try:
        empty = cast(object, stream.read(0))
        if stream.seekable() and isinstance(empty, bytes):
            return stream
    except (AttributeError, OSError, TypeError, ValueError):
        pass
    raise InvalidInputError(
        f"file must be the path of a backup or a file opened for reading in binary mode, not {shown(file)}"
    )


def _name(file: object) -> str:
    path: object = getattr(file, "name", None) if hasattr(file, "read") else file
    if not isinstance(path, str | os.PathLike):  # a file object without a name, or with a number for one
        return FALLBACK_NAME
    return PurePath(cast("str | os.PathLike[str]", path)).name or FALLBACK_NAME
