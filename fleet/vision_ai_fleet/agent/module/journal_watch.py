"""Notices that a journal was written to, at the price of two system calls every two seconds."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

INTERVAL = 2.0
"""Seconds between two looks."""
LONGEST_SILENCE = 60.0 if os.name == "posix" else 5.0
"""Seconds after which the journal is read in any case. Windows is late with the times of an open file."""


class JournalWatch:
    """Looks at a journal's files in a thread.

    Args:
        path: The journal, which may be missing.
        wake: Called in that thread when there may be something new to read.
        interval: Seconds between two looks.
    """

    def __init__(self, path: Path, wake: Callable[[], None], interval: float = INTERVAL) -> None:
        self._paths = (str(path), f"{path}-wal")
        self._wake = wake
        self._interval = interval
        self._stopped = threading.Event()
        self._written_at = float("-inf")
        self._due = float("-inf")
        self._thread = threading.Thread(target=self._run, name="vision-ai journal watch", daemon=True)
        self._thread.start()

    @property
    def till_called_at(self) -> float:
        """When the journal was last seen to change, on the monotonic clock."""
        return self._written_at

    def wake_at(self, moment: float) -> None:
        """Wake at a moment on the monotonic clock, in addition."""
        self._due = moment

    def close(self) -> None:
        """End the thread."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        state = self._read_state()
        woken_at = time.monotonic()
        while not self._stopped.wait(self._interval):
            now, before = time.monotonic(), state
            state = self._read_state()
            if state != before:
                self._written_at = now
            elif now < self._due and now - woken_at < LONGEST_SILENCE:
                continue
            woken_at, self._due = now, float("inf")
            self._wake()

    def _read_state(self) -> tuple[tuple[int, int, int] | None, ...]:
        return tuple(map(_read_file_state, self._paths))


def _read_file_state(path: str) -> tuple[int, int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116  # every two seconds
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
