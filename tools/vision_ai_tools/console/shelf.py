"""The folder with backups: those made here and those that people brought."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from anyio import to_thread

from .failures import Refused

UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
LONGEST_NAME = 120
LARGEST = 4 * 1024**3
"""Bytes of a file that is brought."""


def default_folder() -> Path:
    """Where backups are kept unless told otherwise: a place of the person's own that outlives the console."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "vision-ai" / "backups"


class Shelf:
    """A folder, made where it is missing. Raises OSError where it cannot be made or read."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.listed()

    def listed(self) -> list[dict[str, Any]]:
        """The files, the latest first: name, size in bytes, time in seconds since 1970."""
        found: list[dict[str, Any]] = []
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.is_file() and not entry.name.startswith("."):
                    facts = entry.stat()
                    found.append({"name": entry.name, "size": facts.st_size, "time": int(facts.st_mtime)})
        return sorted(found, key=lambda each: (-each["time"], each["name"]))

    def file(self, name: str) -> Path:
        """The path of a listed file, and of no other. Raises Refused."""
        if not any(each["name"] == name for each in self.listed()):
            raise Refused("no_such_backup", name=name)
        return self.folder / name

    async def bring(self, name: str, content: AsyncIterator[bytes]) -> str:
        """Puts an uploaded file on the shelf, whole or not at all; gives the name that it has there."""
        size = 0
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".", suffix=".part", delete=False) as file:
            temporary = Path(file.name)
            try:
                async for piece in content:
                    size += len(piece)
                    if size > LARGEST:
                        raise Refused("too_large", largest=LARGEST)
                    await to_thread.run_sync(file.write, piece)
                if size == 0:
                    raise Refused("empty_file", name=name)
                file.close()
                target = self._free(name)
                temporary.rename(target)
            except BaseException:
                temporary.unlink()
                raise
        return target.name

    def _free(self, name: str) -> Path:
        harmless = UNSAFE.sub("_", name).strip(" .")[-LONGEST_NAME:] or "backup.evo"
        wanted = self.folder / harmless
        target, number = wanted, 2
        while target.exists():
            target = wanted.with_stem(f"{wanted.stem}-{number}")
            number += 1
        return target
