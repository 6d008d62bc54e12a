"""What the device was asked, and what it did."""

from __future__ import annotations

import threading
from collections import Counter, deque
from datetime import datetime

from attrs import evolve, frozen

from vision_ai_emulator.shared.jsoncpp import Json

_KEPT = 1000


@frozen(kw_only=True)
class LoggedRequest:
    """One request to the device."""

    number: int
    """Counted from 1 since the emulator was made or reset."""
    time: datetime
    """By the device's clock."""
    method: str
    path: str
    operation: str | None
    """None for a path that is none."""
    body: str | None = None
    """The text of a JSON body."""
    status: int | None = None
    """The HTTP status; None while there is no answer, or where none was given."""
    code: int | None = None
    """The answer's code; None too where the answer is no JSON."""
    faults: tuple[str, ...] = ()
    """The kinds of the faults that it met."""

    def to_json(self) -> dict[str, Json]:
        """Everything about it."""
        return {
            "number": self.number,
            "time": self.time.isoformat(timespec="microseconds"),
            "method": self.method,
            "path": self.path,
            "operation": self.operation,
            "body": self.body,
            "status": self.status,
            "code": self.code,
            "faults": self.faults,
        }


class Log:
    """The latest requests, and how often each operation was really done."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: deque[LoggedRequest] = deque(maxlen=_KEPT)
        self._acted: Counter[str] = Counter()
        self._number = 0

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """The latest requests (at most 1000), oldest first."""
        with self._lock:
            return tuple(self._requests)

    @property
    def number(self) -> int:
        """The number of the latest request."""
        return self._number

    @property
    def acted(self) -> dict[str, int]:
        """How often the device did what an operation asks: a lost answer counts, a refusal does not."""
        with self._lock:
            return dict(self._acted)

    def add(self, time: datetime, method: str, path: str, operation: str | None) -> int:
        """Log a request that begins to come in; gives its number."""
        with self._lock:
            self._number += 1
            self._requests.append(
                LoggedRequest(number=self._number, time=time, method=method, path=path, operation=operation)
            )
            return self._number

    def complete(
        self, number: int, body: str | None, status: int | None, code: int | None, faults: tuple[str, ...]
    ) -> None:
        """Say what became of a request, if it is still in the log."""
        with self._lock:
            for index in range(len(self._requests) - 1, -1, -1):
                if self._requests[index].number == number:
                    self._requests[index] = evolve(
                        self._requests[index], body=body, status=status, code=code, faults=faults
                    )
                    return

    def act(self, operation: str) -> None:
        """Count an operation that was done."""
        with self._lock:
            self._acted[operation] += 1

    def clear(self, *, numbers: bool = False) -> None:
        """Forget all; with `numbers` the next request is number 1 again."""
        with self._lock:
            self._requests.clear()
            self._acted.clear()
            if numbers:
                self._number = 0
