"""Locking a file that one program at a time may write."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from importlib import import_module
from typing import Any

LOCKED_BYTE = 0x7FFFFFFE
"""Windows locks bytes, which others cannot read then: one that a recording does not reach."""

fcntl: Any = None
with suppress(ImportError):  # Windows has none
    fcntl = import_module("fcntl")


def try_lock(number: int) -> bool | None:
    """Lock an open file until it is closed.

    Returns:
        Whether it is locked: False where another program has locked it, None where the file system or the platform has
        no locks.
    """
    if fcntl is None:
        return _try_lock_on_windows(number)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _try_lock_on_windows(number: int) -> bool | None:
    try:
        msvcrt: Any = import_module("msvcrt")
    except ImportError:
        return None
    position = os.lseek(number, 0, os.SEEK_CUR)
    try:
        os.lseek(number, LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
    except OSError as error:
        # EINVAL comes from a file system without locks. What another program's lock gives depends on the system.
        return None if error.errno == errno.EINVAL else False
    finally:
        os.lseek(number, position, os.SEEK_SET)
    return True
