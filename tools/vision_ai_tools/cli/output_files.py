"""Paths that a command writes to, checked before anything is sent to the module."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from .failures import usage_failure


def check_output_file(file: str | os.PathLike[str]) -> Path:
    """Return the path; raise where no file can be written there."""
    path = Path(file)
    if not os.fspath(file) or path.is_dir():
        raise usage_failure(
            f"{os.fspath(file)!r} is not a file", "Name the file to write, for example pan.jpg."
        )
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "no such folder", str(path.parent))
    return path
