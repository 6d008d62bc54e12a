"""What a program can see of its calls: a line in the log for each, and a callback.

The logger is `vision_ai`. Nothing is formatted, and no clock is read, while nobody looks.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, TypeVar, cast

from attrs import frozen

from vision_ai_generated.operation import Effect, Operation

from ._deadline import Deadline
from ._progress import is_asynchronous
from .errors import DeviceError, InvalidInputError

T = TypeVar("T")

log = logging.getLogger("vision_ai")


@frozen
class Call:
    """One call of an operation, after it ended."""

    operation: str
    """Its name, as the method's."""
    effect: Effect
    duration: float
    """Seconds, with all its tries and the pauses between them."""
    tries: int
    """How often it was tried, 1 or more."""
    error: BaseException | None = None
    """Why it failed; None for a success. Mostly a `VisionAIError`; Ctrl-C and a full disk end calls too."""

    @property
    def code(self) -> int | None:
        """The module's code: 0 for success, None where no usable answer came."""
        if self.error is None:
            return 0
        return self.error.code if isinstance(self.error, DeviceError) else None


OnCall = Callable[[Call], object]
"""Called after each call, in its thread or task; what it raises is logged, and disturbs nobody."""


def is_watched() -> bool:
    return log.isEnabledFor(logging.DEBUG)


def checked_on_call(on_call: object) -> OnCall | None:
    if on_call is not None and (not callable(on_call) or is_asynchronous(on_call)):
        raise InvalidInputError(
            f"on_call must be an ordinary function of one argument (not async), or None, not {on_call!r}"
        )
    return cast("OnCall | None", on_call)


class Watch:
    """Looks at one call from its beginning to its end."""

    def __init__(self, operation: Operation[Any], on_call: OnCall | None) -> None:
        self._operation = operation
        self._on_call = on_call
        self._started = perf_counter()
        self.tries = 0

    def counted(self, attempt: Callable[[Deadline], Awaitable[T]]) -> Callable[[Deadline], Awaitable[T]]:
        """The attempt, with its number kept."""

        async def once(until: Deadline) -> T:
            self.tries += 1
            return await attempt(until)

        return once

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        duration = perf_counter() - self._started
        call = Call(self._operation.name, self._operation.effect, duration, max(self.tries, 1), error)
        if is_watched():
            log.debug("%s", _line(call))
        if self._on_call is None:
            return
        try:
            self._on_call(call)
        except Exception:
            log.exception("on_call failed after %s", call.operation)


def _line(call: Call) -> str:
    end = f"{call.operation} code={'-' if call.code is None else call.code} {call.duration * 1000:.1f} ms"
    if call.tries > 1:
        end += f" tries={call.tries}"
    if call.error is None:
        return end
    from ._redaction import redacted  # a message may show the beginning of an answer

    return f"{end} {type(call.error).__name__}: {redacted(str(call.error))}"
