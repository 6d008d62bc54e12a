"""The form of a restore (A4): a multipart form with one file, streamed from the disk.

The vendor's own command sends the part without a name, which no form library does, and the boundary of the
generator's client is fixed and may occur in a backup: so the form is written here.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from typing import IO

from .._transports.file_region import FileRegion
from .._transports.upload import ReportSent, Upload

CHUNK = 256 * 1024
"""Bytes read and sent at a time."""


class RestoreForm:
    """The body of a restore: a file as the form's only part.

    Args:
        upload: The file.
        part_name: The part's name, "" for an empty one, None for no name at all.
        report: Called with the file's bytes sent so far, and in all.
    """

    def __init__(self, upload: Upload, part_name: str | None, report: ReportSent | None) -> None:
        upload.rewind()
        boundary = os.urandom(16).hex()
        name = "" if part_name is None else f' name="{_quote(part_name)}";'
        disposition = f'form-data;{name} filename="{_quote(upload.name)}"'
        self._head = (
            f"--{boundary}\r\nContent-Disposition: {disposition}\r\n"
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode(errors="replace")  # a file's name may not be Unicode
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._upload = upload
        self._report = report
        self._failure: BaseException | None = None
        self._region: FileRegion | None = None
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self.length = len(self._head) + upload.size + len(self._tail)

    @property
    def failure(self) -> BaseException | None:
        """What went wrong with the file itself, or in the callback."""
        return self._failure or (self._region.failure if self._region is not None else None)

    def segments(self) -> Iterator[bytes | FileRegion]:
        """Return the body; a file on the disk as a region that the kernel can send."""
        number = _file_number(self._upload.file)
        if number is None:
            yield from self.chunks()
            return
        upload = self._upload
        region = self._region = FileRegion(number, upload.start, upload.size, self._report_region)
        yield self._head
        yield region
        yield self._tail

    def chunks(self) -> Iterator[bytes]:
        """Return the body's bytes."""
        self._upload.rewind()
        yield self._head
        done, size = 0, self._upload.size
        while done < size:
            chunk = self._read(size - done)
            done += len(chunk)
            yield chunk
            if self._report is not None:
                self._report(done, size)
        yield self._tail

    def _report_region(self, _: int) -> None:
        if self._report is not None and self._region is not None:
            size = self._upload.size
            self._report(size - self._region.left, size)

    def _read(self, most: int) -> bytes:
        try:
            chunk = self._upload.file.read(min(CHUNK, most))
            if not chunk:
                raise OSError("the file became shorter while it was sent")
        except (OSError, ValueError) as error:
            self._failure = error
            raise
        return chunk


def _file_number(file: IO[bytes]) -> int | None:
    """Return the descriptor of an ordinary, unbuffered or read-buffered file; None for any other object."""
    raw = getattr(file, "raw", file)
    if type(raw) is not io.FileIO or type(file) not in (io.BufferedReader, io.FileIO):
        return None
    return raw.fileno() if stat.S_ISREG(os.fstat(raw.fileno()).st_mode) else None


def _quote(text: str) -> str:
    """Quote a name in a form as browsers do."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
