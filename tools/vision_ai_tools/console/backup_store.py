"""The folder with backups: those made here, and uploaded ones."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from anyio import to_thread

from .errors import ConsoleError
from .safe_json import make_safe_text

UNSAFE_CHARACTERS = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
DEVICE_NAME = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
"""Names of devices on Windows, with any extension."""
MAX_NAME_BYTES = 255
"""In UTF-8: the limit of most file systems."""
MAX_EXTENSION_BYTES = 16
MAX_UPLOAD_BYTES = 4 * 1024**3
UPLOAD_STALL = 60.0
"""Seconds without a byte after which an upload ends."""


def get_default_folder() -> Path:
    """The folder for backups in the user's data folder."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "vision-ai" / "backups"


class BackupStore:
    """A folder with backups, created if it does not exist. Raises OSError if it cannot be created or read."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.list_files()

    def list_files(self) -> list[dict[str, Any]]:
        """List the files, newest first: name, size in bytes, time in seconds since 1970."""
        files: list[dict[str, Any]] = []
        with os.scandir(self.folder) as entries:
            for entry in entries:
                with suppress(OSError):  # deleted meanwhile, or a broken link
                    if entry.is_file() and not entry.name.startswith("."):
                        stat = entry.stat()
                        name = make_safe_text(entry.name)
                        files.append({"name": name, "size": stat.st_size, "time": int(stat.st_mtime)})
        return sorted(files, key=lambda each: (-each["time"], each["name"]))

    def find(self, name: str) -> Path:
        """Find a listed file by its name in the list.

        Raises:
            ConsoleError: there is none.
        """
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if make_safe_text(entry.name) == name and entry.is_file() and not name.startswith("."):
                    return self.folder / entry.name
        raise ConsoleError("no_such_backup", name=name)

    async def save(self, name: str, content: AsyncIterator[bytes]) -> str:
        """Save an uploaded file, complete or not at all, and return the name that it gets.

        Raises:
            ConsoleError: the file is empty or too large.
            TimeoutError: the upload stalled.
        """
        size = 0
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".", suffix=".part", delete=False) as file:
            temporary = Path(file.name)
            try:
                async for piece in _end_silence(content):
                    size += len(piece)
                    if size > MAX_UPLOAD_BYTES:
                        raise ConsoleError("too_large", largest=MAX_UPLOAD_BYTES)
                    await to_thread.run_sync(file.write, piece)
                if size == 0:
                    raise ConsoleError("empty_file", name=name)
                file.close()
                target = self._find_free_path(name)
                temporary.rename(target)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        return target.name

    def _find_free_path(self, name: str) -> Path:
        safe_name = UNSAFE_CHARACTERS.sub("_", make_safe_text(name)).strip(" .") or "backup.evo"
        if DEVICE_NAME.match(safe_name):
            safe_name = f"_{safe_name}"
        for number in count(1):
            path = self.folder / _shorten(safe_name, "" if number == 1 else f"-{number}")
            if not path.exists():
                return path
        raise AssertionError("count() does not end")


async def _end_silence(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Raise TimeoutError where nothing arrives for too long."""
    while True:
        try:
            async with asyncio.timeout(UPLOAD_STALL):
                piece = await anext(content)
        except StopAsyncIteration:
            return
        yield piece


def _shorten(name: str, ending: str) -> str:
    """Insert an ending before the extension, and shorten the name to what file systems accept."""
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > MAX_EXTENSION_BYTES:
        stem, dot, extension = name, "", ""
    tail = f"{ending}{dot}{extension}"
    kept = stem.encode()[: MAX_NAME_BYTES - len(tail.encode())]
    return kept.decode(errors="ignore") + tail
