"""What a program chooses of its journal."""

from __future__ import annotations

import os
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, cast

from .._validation import describe, is_number
from ..errors import InvalidInputError


@dataclass(frozen=True)
class Journal:
    """A journal's file, and how long it keeps its rows.

    Args:
        path: The SQLite file. It is made where it is missing; its folder must exist.
        keep_days: Rows that are older are deleted, above 0; None keeps them.
        keep_bytes: The oldest rows are deleted while the file is larger, from 100,000 up; None sets no limit.

    Raises:
        InvalidInputError: one of these is not possible.
    """

    path: str | PathLike[str]
    keep_days: float | None = 400
    keep_bytes: int | None = 200_000_000

    def __post_init__(self) -> None:
        _check_path("journal", self.path)
        _check_limit("keep_days", self.keep_days, 0.0)
        _check_limit("keep_bytes", self.keep_bytes, 100_000)

    @property
    def file(self) -> Path:
        """The absolute path."""
        return Path(os.path.abspath(self.path))  # noqa: PTH100  # resolve() would follow links and may fail


@dataclass(frozen=True)
class JournalPictures:
    """Where a journal keeps a picture of each confirmed recognition, and how many.

    Each confirmation then takes one more request, `get_image`. The oldest pictures are deleted first.

    Args:
        folder: A folder of their own; it is made where it is missing.
        keep_days: Pictures that are older are deleted, above 0; None keeps them.
        keep_bytes: The limit of all pictures together, 1 or more; None sets no limit.
        keep_count: The limit of their number, 1 or more; None sets no limit.

    Raises:
        InvalidInputError: one of these is not possible.
    """

    folder: str | PathLike[str]
    keep_days: float | None = 30
    keep_bytes: int | None = 500_000_000
    keep_count: int | None = 5_000

    def __post_init__(self) -> None:
        _check_path("journal_pictures", self.folder)
        _check_limit("keep_days", self.keep_days, 0.0)
        _check_limit("keep_bytes", self.keep_bytes, 1)
        _check_limit("keep_count", self.keep_count, 1)


def to_journal(journal: object) -> Journal:
    """Return the journal for a path, or for what is one."""
    return journal if isinstance(journal, Journal) else Journal(cast(str, journal))


def to_pictures(pictures: object) -> JournalPictures | None:
    """Return the settings of pictures for a folder, or for what they are."""
    if pictures is None or isinstance(pictures, JournalPictures):
        return pictures
    return JournalPictures(cast(str, pictures))


def _check_path(name: str, path: Any) -> None:
    text: object = os.fspath(cast("str | PathLike[str]", path)) if isinstance(path, str | PathLike) else None
    if not isinstance(text, str) or text in ("", ".") or "\0" in text:
        raise InvalidInputError(f"{name} must be a path, not {describe(cast(object, path))}")


def _check_limit(name: str, value: object, least: float) -> None:
    if value is not None and not (
        is_number(value) and (cast(float, value) > 0 if least == 0 else cast(float, value) >= least)
    ):
        bound = "above 0" if least == 0 else f"from {least:g} up"
        raise InvalidInputError(f"{name} must be a number {bound}, or None, not {describe(value)}")
