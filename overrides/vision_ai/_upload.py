"""A file as a multipart form, streamed from the disk (A4).

The vendor's own command sends the part without a name, which no form library does, and the generator's client
has a fixed boundary that a backup may contain: so the few lines of this form are written here.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import PurePath
from typing import IO, cast

from ._direct.regions import FileRegion
from ._http import AsyncByteStream, SyncByteStream
from ._settings import shown
from .errors import InvalidInputError

CHUNK = 256 * 1024
"""Bytes read and sent at a time."""
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

    def form(self, part_name: str | None, sent: Sent | None) -> FormBody:
        """The form with the file as its only part, from the file's start."""
        self._file.seek(self._start)
        return FormBody(self._file, self.name, self.size, part_name, sent)

    def close(self) -> None:
        if self._owned:
            self._file.close()


class FormBody(SyncByteStream, AsyncByteStream):
    """The request's body."""

    def __init__(
        self, file: IO[bytes], file_name: str, size: int, part_name: str | None, sent: Sent | None
    ) -> None:
        boundary = os.urandom(16).hex()
        name = "" if part_name is None else f' name="{_quoted(part_name)}";'
        disposition = f'form-data;{name} filename="{_quoted(file_name)}"'
        self._head = (
            f"--{boundary}\r\nContent-Disposition: {disposition}\r\n"
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode(errors="replace")  # a file's name may be no Unicode
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._file = file
        self._start = file.tell()
        self._size = size
        self._sent = sent
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self.length = len(self._head) + size + len(self._tail)
        self._failure: BaseException | None = None
        self._region: FileRegion | None = None

    def segments(self) -> Iterator[bytes | FileRegion]:
        """For the direct transport: a file on the disk is sent by the kernel."""
        number = _on_disk(self._file)
        if number is None:
            yield from self
            return
        region = self._region = FileRegion(number, self._start, self._size, self._tell)
        yield self._head
        yield region
        yield self._tail

    def _tell(self, _: int) -> None:
        if self._sent is not None and self._region is not None:
            self._sent(self._size - self._region.left, self._size)

    @property
    def failure(self) -> BaseException | None:
        """What went wrong with the file itself, or with who was told of it."""
        return self._failure or (self._region.failure if self._region is not None else None)

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._start)  # an http_client sends it again after a redirect or a 401
        yield self._head
        done = 0
        while done < self._size:
            chunk = self._read(self._size - done)
            done += len(chunk)
            yield chunk
            if self._sent is not None:
                self._sent(done, self._size)
        yield self._tail

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk

    def _read(self, most: int) -> bytes:
        try:
            chunk = self._file.read(min(CHUNK, most))
            if not chunk:
                raise OSError("the file became shorter while it was sent")
        except (OSError, ValueError) as error:
            self._failure = error
            raise
        return chunk


def _on_disk(file: IO[bytes]) -> int | None:
    """The number of an ordinary file that the kernel has as it is read; None for any other kind of file."""
    raw = getattr(file, "raw", file)  # what is buffered for reading has a raw file beneath
    if type(raw) is not io.FileIO or type(file) not in (io.BufferedReader, io.FileIO):
        return None
    return raw.fileno() if stat.S_ISREG(os.fstat(raw.fileno()).st_mode) else None


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


def _quoted(text: str) -> str:
    """As browsers quote a name in a form."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
