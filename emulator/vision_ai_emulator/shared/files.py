"""Writing a file: complete or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from pathlib import Path


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a text file. An error leaves an existing file unchanged.

    A regular file is replaced in one step and keeps its mode and owner; a symbolic link is followed. What is no
    regular file, such as a pipe, is written to as it is.
    """
    data = text.encode()
    try:
        status = os.stat(path)  # noqa: PTH116  # any path-like
    except FileNotFoundError:
        _replace(Path(os.path.realpath(path)), data, None)
        return
    if stat.S_ISREG(status.st_mode):
        _replace(Path(os.path.realpath(path)), data, status)
        return
    with os.fdopen(os.open(path, os.O_WRONLY), "wb") as file:
        file.write(data)


def _replace(target: Path, data: bytes, before: os.stat_result | None) -> None:
    # A name that nobody can guess, and never a file or link that is there already.
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(8)}.unfinished")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    number = os.open(temporary, flags, 0o666 if before is None else 0o600)
    try:
        with os.fdopen(number, "wb") as file:
            if before is not None:
                _copy_permissions(number, before)
            file.write(data)
            file.flush()
            os.fsync(number)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _copy_permissions(number: int, status: os.stat_result) -> None:
    if sys.platform != "win32" and hasattr(os, "fchown"):
        with contextlib.suppress(PermissionError):  # the owner is another user
            os.fchown(number, status.st_uid, status.st_gid)
    if sys.platform != "win32" and hasattr(os, "fchmod"):
        os.fchmod(number, stat.S_IMODE(status.st_mode) & 0o777)
