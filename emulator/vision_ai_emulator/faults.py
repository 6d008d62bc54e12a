"""What goes wrong on purpose."""

from __future__ import annotations

import threading

from attrs import define, field


@define
class _Planned:
    code: int
    operation: str | None
    times: int


@define
class Faults:
    """Error codes that the next calls answer instead of doing anything, in the order they were asked for."""

    _planned: list[_Planned] = field(factory=list[_Planned], init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)

    def fail_next(self, code: int, operation: str | None = None, times: int = 1) -> None:
        """Let the next `times` calls of `operation` (None: of any) answer `code`, a negative number."""
        if code >= 0 or times < 1:
            raise ValueError(f"a fault needs a negative code and at least one time, not {code} and {times}")
        with self._lock:
            self._planned.append(_Planned(code, operation, times))

    def take(self, operation: str) -> int | None:
        """The code that this call of `operation` has to answer, None for none."""
        with self._lock:
            for planned in self._planned:
                if planned.operation in (None, operation):
                    planned.times -= 1
                    if planned.times == 0:
                        self._planned.remove(planned)
                    return planned.code
        return None

    def clear(self) -> None:
        """Forget all that was planned."""
        with self._lock:
            self._planned.clear()
