"""Check the arguments of a run before anything is sent."""

from __future__ import annotations

import errno
import math
import tempfile
from collections.abc import Collection
from os import PathLike
from pathlib import Path
from typing import Any, get_args

from vision_ai import InvalidInputError

from .observations import EFFECTS, FURTHER, Pan


def check_effects(effects: str, also: Collection[str]) -> None:
    """Raise InvalidInputError for effects that do not exist or do not fit together."""
    if effects not in EFFECTS:
        raise InvalidInputError(f"effects must be one of {', '.join(EFFECTS)}, not {effects!r}")
    unknown = [each for each in also if each not in FURTHER]
    if unknown:
        raise InvalidInputError(f"also must be from {', '.join(FURTHER)}, not {unknown[0]!r}")
    if also and effects != "destructive":
        raise InvalidInputError(f"{', '.join(also)} needs effects=destructive")


def check_pan(pan: str | None) -> None:
    """Raise InvalidInputError for anything but "empty" and None."""
    if pan not in (None, *get_args(Pan)):
        raise InvalidInputError(f"pan must be {' or '.join(get_args(Pan))}, or None, not {pan!r}")


def check_seconds(name: str, value: Any, *, allow_zero: bool = False) -> None:
    """Raise InvalidInputError for anything but a number of seconds above 0, or 0 where that is allowed."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or value < 0 or (value == 0 and not allow_zero):
        limit = "of at least 0" if allow_zero else "above 0"
        raise InvalidInputError(f"{name} must be a number of seconds {limit}, not {value!r}")


def check_writable_folder(folder: str | PathLike[str]) -> Path:
    """Return the folder as a path. Raise OSError if no file can be written there."""
    path = Path(folder)
    if not path.is_dir():
        raise FileNotFoundError(errno.ENOENT, "no such folder", str(path))
    try:
        with tempfile.TemporaryFile(dir=path):
            return path
    except OSError as error:
        raise OSError(error.errno, f"cannot write in this folder: {error.strerror}", str(path)) from None
