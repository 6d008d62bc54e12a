"""The bodies of requests and answers while they pass: in memory while they are small, on the disk beyond."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

IN_MEMORY = 1024 * 1024
"""Bytes."""


class Passing(Protocol):
    """What is fed with a body."""

    size: int

    @property
    def on_disk(self) -> bool:
        """Whether feeding it waits for the disk."""
        ...

    def feed(self, chunk: bytes) -> None: ...

    def close(self) -> None: ...


class Body:
    """A body that is kept, in a file without a name beside the recording where it is large."""

    def __init__(self, folder: Path) -> None:
        self.size = 0
        self._folder = folder
        self._kept: IO[bytes] = io.BytesIO()

    @property
    def on_disk(self) -> bool:
        return self.size > IN_MEMORY

    def feed(self, chunk: bytes) -> None:
        was_on_disk = self.on_disk
        self.size += len(chunk)
        if self.on_disk and not was_on_disk:
            before = self.read()
            self._kept = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115  # closed by close
            self._kept.write(before)
        self._kept.write(chunk)

    def read(self) -> bytes:
        self._kept.seek(0)
        return self._kept.read()

    def pieces(self, size: int) -> Iterator[bytes]:
        self._kept.seek(0)
        while piece := self._kept.read(size):
            yield piece

    def close(self) -> None:
        with suppress(OSError):  # closing writes what is left, and the disk may be full
            self._kept.close()
