"""Waiting for the signals that end a program: Ctrl-C, and what a service manager sends."""

from __future__ import annotations

import signal
import time
from types import FrameType
from typing import Any

STOP_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
)
# Seconds. A handler cannot wake up the main thread safely: the system may deliver the signal to another thread, or just
# before the main thread begins to wait. sigwait() is missing on Windows.
_CHECK_INTERVAL = 0.1


class StopSignals:
    """A context manager that catches the signals, in the main thread."""

    def __init__(self) -> None:
        self._is_received = False
        self._replaced: dict[int, Any] = {}

    def __enter__(self) -> StopSignals:
        self._replaced = {each: signal.signal(each, self._receive) for each in STOP_SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._replaced.items():
            signal.signal(number, handler)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        self._is_received = True

    def wait(self) -> None:
        """Wait for the first signal. From then on all are ignored, so that the program can end in peace."""
        while not self._is_received:
            time.sleep(_CHECK_INTERVAL)
        for each in STOP_SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        self._replaced.clear()
