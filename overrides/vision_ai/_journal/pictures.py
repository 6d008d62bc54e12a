"""The pictures beside a journal, and their limits."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from .entries import PictureEntry
from .settings import JournalPictures

DAY = 86_400
"""Seconds."""
CHECKED_EVERY = 20
"""Pictures between two looks at the folder, which other processes may use too."""
IS_PICTURE = re.compile(r"\d{8}-\d{6}-\d{6}-[\w-]{0,40}\.jpg").fullmatch
NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")


class _Picture(NamedTuple):
    time: float
    size: int
    path: Path


class PictureFolder:
    """The folder of one journal's pictures.

    Args:
        settings: The folder and its limits.
        journal: The journal's file. Paths in its rows are relative to its folder, so that both can be moved.
    """

    def __init__(self, settings: JournalPictures, journal: Path) -> None:
        self._settings = settings
        self._folder = Path(os.path.abspath(settings.folder))  # noqa: PTH100  # as Journal.file
        self._journal = journal
        self._until_check = 0

    def save(self, entry: PictureEntry) -> str:
        """Save a picture, delete the oldest beyond the limits, and return its path for the row.

        Raises:
            OSError: the folder cannot be written in.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        seconds, microseconds = divmod(entry.time, 1_000_000)
        moment = time.strftime("%Y%m%d-%H%M%S", time.gmtime(seconds))
        name = f"{moment}-{microseconds:06}-{NOT_IN_A_NAME.sub('', entry.sid)[:40]}.jpg"
        target = self._folder / name
        pending = target.with_suffix(".part")
        try:
            pending.write_bytes(entry.content)
            pending.replace(target)
        except OSError:
            with suppress(OSError):
                pending.unlink()
            raise
        self._until_check -= 1
        if self._until_check < 0:
            self._until_check = CHECKED_EVERY
            self._delete_old()
        return self._make_relative(target)

    def _make_relative(self, target: Path) -> str:
        try:
            return Path(os.path.relpath(target, self._journal.parent)).as_posix()
        except ValueError:  # another drive of Windows
            return str(target)

    def _delete_old(self) -> None:
        settings, now = self._settings, time.time()
        kept_bytes = 0
        for kept_count, picture in enumerate(sorted(self._list_pictures(), reverse=True), 1):
            kept_bytes += picture.size
            if (
                (settings.keep_days is not None and now - picture.time > settings.keep_days * DAY)
                or (settings.keep_bytes is not None and kept_bytes > settings.keep_bytes)
                or (settings.keep_count is not None and kept_count > settings.keep_count)
            ):
                with suppress(OSError):
                    picture.path.unlink()

    def _list_pictures(self) -> list[_Picture]:
        found: list[_Picture] = []
        for path in self._folder.iterdir():
            if IS_PICTURE(path.name):
                with suppress(OSError):  # another process has deleted it
                    status = path.stat()
                    found.append(_Picture(status.st_mtime, status.st_size, path))
        return found
