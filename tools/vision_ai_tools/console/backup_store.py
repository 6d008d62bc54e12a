"""The folder with backups: those made here, and uploaded ones."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from anyio import to_thread

from vision_ai.files import (
    LONGEST_TEXT,
    describe_wrong_content,
    make_local_name,
    open_pending,
    remove_stale_parts,
)

from .backup_origin import find_origin, make_origin_path
from .errors import ConsoleError
from .safe_json import make_safe_text

MAX_UPLOAD_BYTES = 4 * 1024**3
UPLOAD_STALL = 60.0
"""Seconds without a byte after which an upload ends."""


def get_data_folder() -> Path:
    """The console's folder in the user's data folder, for backups and the journal."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "vision-ai"


class BackupStore:
    """A folder with backups, created if it does not exist, without what killed runs left there.

    Raises:
        OSError: it cannot be created or read.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        remove_stale_parts(folder)
        self.folder = folder
        self.list_files()

    def list_files(self) -> list[dict[str, Any]]:
        """List the files, newest first.

        Each has its name, its size in bytes, its time in seconds since 1970, whether it may be a backup, and as far
        as they are known the serial number, engine and firmware of its module.
        """
        files: list[dict[str, Any]] = []
        with os.scandir(self.folder) as entries:
            for entry in entries:
                with suppress(OSError):  # deleted meanwhile, or a broken link
                    if entry.is_file() and not entry.name.startswith("."):
                        files.append(_describe_file(Path(entry.path), entry.stat()))
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

    def find_backup(self, name: str) -> Path:
        """Find a listed file that may be a backup.

        Raises:
            ConsoleError: there is none, or it is plainly something else.
            OSError: it cannot be read.
        """
        file = self.find(name)
        if not _has_backup(file):
            raise ConsoleError("no_backup", name=name)
        return file

    def delete(self, name: str) -> None:
        """Delete a listed file, and the note about its module.

        Raises:
            ConsoleError: there is none.
            OSError: it cannot be deleted.
        """
        file = self.find(name)
        file.unlink()
        make_origin_path(file).unlink(missing_ok=True)

    async def save(self, name: str, content: AsyncIterator[bytes]) -> str:
        """Save an uploaded file, complete or not at all, and return the name that it gets.

        Raises:
            ConsoleError: the file is empty, too large or plainly no backup.
            TimeoutError: the upload stalled.
        """
        text = make_safe_text(name.replace("\\", "/")).replace("\\", "_")
        local_name = make_local_name(text) or "backup.evo"
        start, size = b"", 0
        with open_pending(self.folder, local_name, mode=0o600) as file:
            async for piece in _end_silence(content):
                start += piece[: LONGEST_TEXT - len(start)]
                size += len(piece)
                if size > MAX_UPLOAD_BYTES:
                    raise ConsoleError("too_large", largest=MAX_UPLOAD_BYTES)
                await to_thread.run_sync(file.write, piece)
            if size == 0:
                raise ConsoleError("empty_file", name=name)
            if describe_wrong_content(start, size) is not None:
                raise ConsoleError("no_backup", name=name)
            await to_thread.run_sync(file.finish)
            return (await to_thread.run_sync(partial(file.put_in_place, replace=False))).name


def _describe_file(file: Path, status: os.stat_result) -> dict[str, Any]:
    return {
        "name": make_safe_text(file.name),
        "size": status.st_size,
        "time": int(status.st_mtime),
        "is_backup": _has_listed_backup(file, status.st_size, status.st_mtime_ns),
        **find_origin(file, status.st_size),
    }


def _has_backup(path: Path) -> bool:
    """Whether a file may be a backup."""
    with path.open("rb") as file:
        return describe_wrong_content(file.read(LONGEST_TEXT), path.stat().st_size) is None


@lru_cache(maxsize=1000)
def _has_listed_backup(path: Path, _size: int, _time: int) -> bool:
    """The same for a list: each version of a file, by its size and time, is read once."""
    with suppress(OSError):
        return _has_backup(path)
    return True  # it cannot be read, which the attempt to restore it says


async def _end_silence(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Raise TimeoutError where nothing arrives for too long."""
    while True:
        try:
            async with asyncio.timeout(UPLOAD_STALL):
                piece = await anext(content)
        except StopAsyncIteration:
            return
        yield piece
