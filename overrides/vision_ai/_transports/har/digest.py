"""What replaces a backup in a recording without secrets.

A backup says whose it is in an unknown format, so nothing in it can be replaced and all of it is left out. A line with
its size and digest takes its place; by it a playback still recognizes the file when it is sent.
"""

from __future__ import annotations

import hashlib
import re
from email.message import Message

from ..left_out import LEFT_OUT

LONGEST_HEAD = 16 * 1024
"""Bytes of a form before its file."""
LONGEST_ERROR = 4096
"""Bytes; a longer download is a file and not an error's envelope."""

_LINE = re.compile(LEFT_OUT.encode() + rb"(\d+) bytes, SHA-256 ([0-9a-f]{64})\n").fullmatch


class Digest:
    """Receives a file; keeps its size, its digest and its first bytes."""

    on_disk = False

    def __init__(self) -> None:
        self.size = 0
        self.first = b""
        self._sha256 = hashlib.sha256()

    def feed(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self._sha256.update(chunk)
        if len(self.first) < LONGEST_ERROR:
            self.first += chunk[: LONGEST_ERROR - len(self.first)]

    @property
    def identity(self) -> str:
        """The digest: the same for a file and for the line that replaces it."""
        line = _LINE(self.first) if self.size == len(self.first) else None
        return line[2].decode() if line else self._sha256.hexdigest()

    def make_line(self) -> bytes:
        """Return the line that replaces the file."""
        if self.size == len(self.first) and _LINE(self.first):
            return self.first
        return b"%b%d bytes, SHA-256 %b\n" % (LEFT_OUT.encode(), self.size, self.identity.encode())

    def close(self) -> None:
        """Do nothing: nothing is kept."""


class FormDigest:
    """Receives a multipart form with one file; its boundary does not count."""

    on_disk = False

    def __init__(self, boundary: str) -> None:
        self._end: bytes = b"\r\n--" + boundary.encode() + b"--\r\n"
        self._tail = b""
        """Bytes that may be the form's end."""
        self._in_head = True
        self.size = 0
        self.head = b""
        self.file = Digest()

    def feed(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self._in_head:
            self.head += chunk
            end = self.head.find(b"\r\n\r\n") + 4
            if end < 4 and len(self.head) <= LONGEST_HEAD:
                return
            end = end if end >= 4 else 0
            self.head, chunk = self.head[:end], self.head[end:]
            self._in_head = False
        chunk = self._tail + chunk
        kept = min(len(self._end), len(chunk))
        self.file.feed(chunk[: len(chunk) - kept])
        self._tail = chunk[len(chunk) - kept :]

    def finish(self) -> None:
        """End the form; bytes that looked like its end may belong to the file."""
        if self._tail != self._end:
            bare = self._end.removesuffix(b"\r\n")
            whole = self._tail.endswith(bare)
            self.file.feed(self._tail.removesuffix(bare) if whole else self._tail)
            self._end = bare if whole else b""
        self._tail = b""

    def make_text(self) -> bytes:
        """Return the form with the line that replaces its file."""
        return self.head + self.file.make_line() + self._end

    def close(self) -> None:
        """Do nothing: nothing is kept."""


def find_boundary(content_type: str) -> str | None:
    """Return the boundary of a multipart form; None for anything else."""
    header = Message()
    header["Content-Type"] = content_type
    if header.get_content_type() != "multipart/form-data":
        return None
    return header.get_boundary()
