"""How long the parts of one call may wait: httpx's timeouts, and a moment that ends them all.

Moments are on the monotonic clock; None is never.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from time import monotonic
from typing import Any


class Waits:
    """From a request's extensions: `timeout`, as httpx has it, `deadline`, a moment, and `strict_end`."""

    __slots__ = ("_connect", "_read", "_write", "deadline", "strict_end")

    def __init__(self, extensions: Mapping[str, Any]) -> None:
        seconds: Mapping[str, float | None] = extensions.get("timeout") or {}
        self._connect = seconds.get("connect")
        self._read = seconds.get("read")
        self._write = seconds.get("write")
        self.strict_end: bool = extensions.get("strict_end", False)
        """Whether bytes beyond the answer's announced end make it a broken one: for files, of which only the
        length tells whether they are whole."""
        deadline = extensions.get("deadline")
        self.deadline: float | None = None if deadline == inf else deadline

    @classmethod
    def until(cls, deadline: float | None, *, strict_end: bool) -> Waits:
        """Everything until one moment."""
        waits = cls.__new__(cls)
        waits._connect = waits._read = waits._write = None
        waits.deadline = deadline
        waits.strict_end = strict_end
        return waits

    def connect_within(self, share: float) -> None:
        """A connection gets that share of the time left."""
        left = left_until(self.deadline)
        self._connect = None if left is None else left * share

    def connect_until(self) -> float | None:
        """The moment at which a connection has to be there, if it is begun now."""
        return self._moment(self._connect)

    def read_until(self) -> float | None:
        """The moment at which the next bytes have to be there."""
        return self._moment(self._read)

    def write_until(self) -> float | None:
        """The moment at which the next bytes have to be taken."""
        return self._moment(self._write)

    @property
    def over(self) -> bool:
        """Whether the deadline has passed, whatever could be done without waiting."""
        return self.deadline is not None and monotonic() >= self.deadline

    def _moment(self, seconds: float | None) -> float | None:
        if seconds is None or seconds == inf:
            return self.deadline
        moment = monotonic() + seconds
        return moment if self.deadline is None or moment < self.deadline else self.deadline


def left_until(moment: float | None) -> float | None:
    """Seconds left; 0 or less when the moment has passed."""
    return None if moment is None else moment - monotonic()
