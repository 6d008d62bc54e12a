"""The folder with backups: those made here, and uploaded ones."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from anyio import to_thread

from .errors import ConsoleError

UNSAFE_CHARACTERS = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
MAX_NAME_LENGTH = 120
MAX_UPLOAD_BYTES = 4 * 1024**3


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
                if entry.is_file() and not entry.name.startswith("."):
                    stat = entry.stat()
                    files.append({"name": entry.name, "size": stat.st_size, "time": int(stat.st_mtime)})
        return sorted(files, key=lambda each: (-each["time"], each["name"]))

    def find(self, name: str) -> Path:
        """Find a listed file by its name.

        Raises:
            ConsoleError: there is none.
        """
        if not any(each["name"] == name for each in self.list_files()):
            raise ConsoleError("no_such_backup", name=name)
        return self.folder / name

    async def save(self, name: str, content: AsyncIterator[bytes]) -> str:
        """Save an uploaded file, complete or not at all, and return the name that it gets.

        Raises:
            ConsoleError: the file is empty or too large.
        """
        size = 0
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".", suffix=".part", delete=False) as file:
            temporary = Path(file.name)
            try:
                async for piece in content:
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
                temporary.unlink()
                raise
        return target.name

    def _find_free_path(self, name: str) -> Path:
        safe_name = UNSAFE_CHARACTERS.sub("_", name).strip(" .")[-MAX_NAME_LENGTH:] or "backup.evo"
        first = self.folder / safe_name
        path, number = first, 2
        while path.exists():
            path = first.with_stem(f"{first.stem}-{number}")
            number += 1
        return path
