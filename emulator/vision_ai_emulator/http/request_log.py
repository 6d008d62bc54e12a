"""The log of requests, and the number of times that the device performed each operation."""

from __future__ import annotations

import threading
from codecs import getincrementaldecoder
from collections import Counter, deque
from datetime import datetime

from attrs import evolve, frozen

from vision_ai_emulator.shared.json_values import Json

_MAX_REQUESTS = 1000
MAX_TEXT = 4096
"""Bytes of a body and characters of a path that the log keeps."""


_make_decoder = getincrementaldecoder("utf-8")


@frozen(kw_only=True)
class LogEntry:
    """One request to the device."""

    number: int
    """Counted from 1 since the emulator was created or reset."""
    time: datetime
    """By the device's clock."""
    method: str
    path: str
    operation: str | None
    """None for an unknown path."""
    body: str | None = None
    """The beginning of the text of a JSON body: at most 4096 bytes."""
    body_size: int | None = None
    """The length of the whole JSON body, in bytes."""
    status: int | None = None
    """The HTTP status; None until there is a response, and if a fault prevents it."""
    code: int | None = None
    """The response's code; None also for a response that is not JSON."""
    faults: tuple[str, ...] = ()
    """The kinds of the faults that the request met."""

    def to_json(self) -> dict[str, Json]:
        """Return the entry as JSON."""
        return {
            "number": self.number,
            "time": self.time.isoformat(timespec="microseconds"),
            "method": self.method,
            "path": self.path,
            "operation": self.operation,
            "body": self.body,
            "body_size": self.body_size,
            "status": self.status,
            "code": self.code,
            "faults": self.faults,
        }


class RequestLog:
    """The latest requests, and how often the device performed each operation."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[LogEntry] = deque(maxlen=_MAX_REQUESTS)
        self._operation_counts: Counter[str] = Counter()
        self._number = 0

    @property
    def entries(self) -> tuple[LogEntry, ...]:
        """The latest requests (at most 1000), oldest first."""
        with self._lock:
            return tuple(self._entries)

    @property
    def number(self) -> int:
        """The number of the latest request."""
        return self._number

    @property
    def operation_counts(self) -> dict[str, int]:
        """How often the device performed each operation: a lost response counts, an error does not."""
        with self._lock:
            return dict(self._operation_counts)

    def add(self, time: datetime, method: str, path: str, operation: str | None) -> int:
        """Add a request that has begun to arrive, and return its number."""
        with self._lock:
            self._number += 1
            self._entries.append(
                LogEntry(
                    number=self._number,
                    time=time,
                    method=method,
                    path=path[:MAX_TEXT],
                    operation=operation,
                )
            )
            return self._number

    def complete(
        self,
        number: int,
        body: bytes,
        body_size: int,
        status: int | None,
        code: int | None,
        faults: tuple[str, ...],
    ) -> None:
        """Add the outcome of a request, if the request is still in the log. `body` is at least its beginning."""
        # The last character may be incomplete: a decoder that expects more leaves it out.
        is_whole = body_size <= MAX_TEXT
        text = _make_decoder("replace").decode(body[:MAX_TEXT], is_whole) if body_size else None
        with self._lock:
            for index in range(len(self._entries) - 1, -1, -1):
                if self._entries[index].number == number:
                    self._entries[index] = evolve(
                        self._entries[index],
                        body=text,
                        body_size=body_size or None,
                        status=status,
                        code=code,
                        faults=faults,
                    )
                    return

    def count_operation(self, operation: str) -> None:
        """Count an operation that the device performed."""
        with self._lock:
            self._operation_counts[operation] += 1

    def clear(self, *, numbers: bool = False) -> None:
        """Clear requests and counts; with `numbers` the next request has the number 1."""
        with self._lock:
            self._entries.clear()
            self._operation_counts.clear()
            if numbers:
                self._number = 0
