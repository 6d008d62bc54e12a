"""Opening a file that one program at a time may write."""

from __future__ import annotations

import errno
import os
from importlib import import_module
from io import FileIO
from pathlib import Path
from typing import Any

LOCKED_BYTE = 0x7FFFFFFE
"""Windows locks bytes, which others cannot read then: one that a recording does not reach."""


def open_binary(path: Path, mode: int) -> FileIO:
    """Open a file for reading and writing, and create it where it is missing; nothing of it is changed."""
    flags = os.O_RDWR | os.O_CREAT
    for name in ("O_CLOEXEC", "O_BINARY"):  # the one is missing on Windows, the other elsewhere
        flags |= getattr(os, name, 0)
    return FileIO(os.open(path, flags, mode), "r+")


def try_lock(file: FileIO) -> bool:
    """Lock the file until it is closed. Return False where another program has locked it."""
    try:
        fcntl: Any = import_module("fcntl")
    except ImportError:
        return _try_lock_on_windows(file)
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass  # a file system without locks
    return True


def _try_lock_on_windows(file: FileIO) -> bool:
    try:
        msvcrt: Any = import_module("msvcrt")
    except ImportError:
        return True
    position = file.tell()
    try:
        file.seek(LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError as error:
        return (
            error.errno == errno.EINVAL
        )  # a file system without locks; otherwise another program has locked it
    finally:
        file.seek(position)
    return True
