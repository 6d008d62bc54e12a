"""Where a file is to be written, looked at before the module is asked for what goes into it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from .failures import usage_failure


def checked(file: str | os.PathLike[str]) -> Path:
    """The path; raises where no file can come to be there."""
    path = Path(file)
    if not os.fspath(file) or path.is_dir():
        raise usage_failure(f"{os.fspath(file)!r} is no file", "Name a file to write, as pan.jpg.")
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "no such folder", str(path.parent))
    return path
