"""A file as a multipart form, streamed from the disk (A4).

The vendor's own command sends the part without a name, which no form library does, and the generator's client
has a fixed boundary that a backup may contain: so the few lines of this form are written here.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import AsyncIterator, Iterator
from typing import IO

from ._direct import FileRegion
from ._http import AsyncByteStream, SyncByteStream
from ._upload import Sent

CHUNK = 256 * 1024
"""Bytes read and sent at a time."""


class FormBody(SyncByteStream, AsyncByteStream):
    """The request's body: `size` bytes of the file from `start`, as the form's only part."""

    def __init__(
        self,
        file: IO[bytes],
        start: int,
        size: int,
        file_name: str,
        part_name: str | None,
        sent: Sent | None,
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
        self._start = start
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


def _quoted(text: str) -> str:
    """As browsers quote a name in a form."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
