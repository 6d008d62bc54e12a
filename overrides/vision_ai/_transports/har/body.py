"""The bodies of requests and responses while they pass: small ones in memory, large ones on the disk."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

IN_MEMORY = 1024 * 1024
"""Bytes."""


class BodySink(Protocol):
    """Receives a body."""

    size: int

    @property
    def on_disk(self) -> bool:
        """Whether feeding it waits for the disk."""
        ...

    def feed(self, chunk: bytes) -> None: ...

    def close(self) -> None: ...


class StoredBody:
    """Keeps a body: in memory, or in a nameless file beside the recording where it is large."""

    def __init__(self, folder: Path) -> None:
        self.size = 0
        self._folder = folder
        self._store: IO[bytes] = io.BytesIO()

    @property
    def on_disk(self) -> bool:
        return self.size > IN_MEMORY

    def feed(self, chunk: bytes) -> None:
        """Add the next bytes."""
        was_on_disk = self.on_disk
        self.size += len(chunk)
        if self.on_disk and not was_on_disk:
            before = self.read()
            self._store = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115  # closed by close
            self._store.write(before)
        self._store.write(chunk)

    def read(self) -> bytes:
        """Return the whole body."""
        self._store.seek(0)
        return self._store.read()

    def pieces(self, size: int) -> Iterator[bytes]:
        """Return the body in pieces of that size."""
        self._store.seek(0)
        while piece := self._store.read(size):
            yield piece

    def close(self) -> None:
        """Drop the body."""
        with suppress(OSError):  # closing writes what is left, and the disk may be full
            self._store.close()
