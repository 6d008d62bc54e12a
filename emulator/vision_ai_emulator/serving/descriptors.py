"""What a server does when connections use up its file descriptors.

Everybody who reaches a port can open connections to it. The limits leave descriptors for the other port, and where
there are none at all (other parts of the process may use them up), a reserve lets the server accept a connection.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from importlib import import_module
from typing import Any

_MAX_DEVICE_CONNECTIONS = 512
_MAX_CONTROL_CONNECTIONS = 64
# The descriptors of the program itself.
_OWN_DESCRIPTORS = 64
# Windows does not limit a process, but select() takes so many sockets there: one more ends the event loop.
_SELECT_LIMIT = 512

EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE})
"""The errors of a process or a system without free descriptors."""


def get_connection_limits() -> tuple[int, int]:
    """Return the largest numbers of connections to the device's port and to the control port."""
    limit = _get_descriptor_limit()
    if limit is None:
        return _MAX_DEVICE_CONNECTIONS, _MAX_CONTROL_CONNECTIONS
    free = max(limit - _OWN_DESCRIPTORS, 0)
    return max(min(_MAX_DEVICE_CONNECTIONS, free // 2), 8), max(min(_MAX_CONTROL_CONNECTIONS, free // 4), 4)


def _get_descriptor_limit() -> int | None:
    try:
        resource: Any = import_module("resource")
    except ModuleNotFoundError:  # Windows
        return _SELECT_LIMIT
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if limit == resource.RLIM_INFINITY else limit


class ReserveDescriptor:
    """A descriptor that can be given up for a connection."""

    def __init__(self) -> None:
        self._descriptor: int | None = None
        self.acquire()

    def acquire(self) -> None:
        """Get a descriptor, if there is a free one."""
        if self._descriptor is None:
            with suppress(OSError):
                self._descriptor = os.open(os.devnull, os.O_RDONLY)

    def release(self) -> bool:
        """Give it up. Returns False if there is none."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return False
        os.close(descriptor)
        return True
