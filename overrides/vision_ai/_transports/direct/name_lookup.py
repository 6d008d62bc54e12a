"""Looks up a host name within a time limit.

getaddrinfo() takes as long as the system's resolver likes, and cannot be interrupted: it runs in a thread of its own.
Callers of the same name share one thread, so that a resolver that hangs does not collect them.
"""

from __future__ import annotations

import socket
import threading
from typing import Any

from ..._runtime.forks import call_after_fork


class LookupTimeout(Exception):
    """The name was not found in time. The thread goes on, and ends with the resolver's answer."""


class _Lookup:
    """One run of getaddrinfo()."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._done = threading.Event()
        self._infos: list[Any] = []
        self._failure: BaseException | None = None

    def run(self) -> None:
        try:
            self._infos = list(socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM))
        except BaseException as error:  # noqa: BLE001  # it is raised in the threads that wait
            self._failure = error
        finally:
            _running.remove(self._host, self._port, self)
            self._done.set()

    def wait(self, seconds: float | None) -> list[Any]:
        if not self._done.wait(None if seconds is None else min(seconds, threading.TIMEOUT_MAX)):
            raise LookupTimeout
        if self._failure is not None:
            raise self._failure
        return self._infos


class _RunningLookups:
    """The lookups that are under way, one for each name."""

    def __init__(self) -> None:
        self.reset()
        call_after_fork(self.reset)  # threads do not come along

    def reset(self) -> None:
        self._lock = threading.Lock()
        self._lookups: dict[tuple[str, int], _Lookup] = {}

    def join(self, host: str, port: int) -> _Lookup:
        """Return the lookup of a name that is under way, or begin one."""
        with self._lock:
            lookup = self._lookups.get((host, port))
            if lookup is not None:
                return lookup
            lookup = self._lookups[host, port] = _Lookup(host, port)
        # A daemon: a program can end while a resolver hangs.
        thread = threading.Thread(target=lookup.run, name=f"look up {host}", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # no more threads, or the interpreter ends
            lookup.run()
        except BaseException:  # Ctrl-C
            self.remove(host, port, lookup)
            raise
        return lookup

    def remove(self, host: str, port: int, lookup: _Lookup) -> None:
        with self._lock:
            if self._lookups.get((host, port)) is lookup:
                del self._lookups[host, port]


_running = _RunningLookups()


def look_up(host: str, port: int, seconds: float | None) -> list[Any]:
    """Return the results of getaddrinfo() for a name.

    Args:
        host: The name.
        port: The port.
        seconds: How long it may take, None for no limit.

    Raises:
        LookupTimeout: it took longer.
        OSError: the name was not found.
        UnicodeError: it cannot be a name.
    """
    return _running.join(host, port).wait(seconds)
