"""When a lost call is repeated."""

from __future__ import annotations

from typing import Any

from vision_ai_generated.operation import Operation

from .._runtime.deadline import Deadline
from ..errors import AnswerLostError, AnswerTimeoutError, UnreachableError, VisionAIError
from ..options import Retries

LOST_CALL_ERRORS = (UnreachableError, AnswerTimeoutError, AnswerLostError)
REPEATABLE_EFFECTS = ("read", "set")


class RetrySchedule:
    """The attempts of one call.

    Args:
        operation: Its effect says whether it may be repeated after a request that may have arrived.
        retries: How often, and after which pauses.
        deadline: The end of the call as a whole.
        stall: The longest time, in seconds, that an attempt may make no progress; None for no such limit.
        share_time: Whether an attempt that others may follow gets only a share of the time: not where it moves a
            file, which may need all of it.
    """

    __slots__ = ("_deadline", "_repeatable", "_retries", "_share_time", "_stall", "attempts")

    def __init__(
        self,
        operation: Operation[Any],
        retries: Retries,
        deadline: Deadline,
        *,
        stall: float | None = None,
        share_time: bool = True,
    ) -> None:
        self._repeatable = operation.effect in REPEATABLE_EFFECTS
        self._retries = retries
        self._deadline = deadline
        self._stall = stall
        self._share_time = share_time and self._repeatable
        self.attempts: int = 0

    def begin_attempt(self) -> Deadline:
        """Return the next attempt's deadline."""
        followers = self._retries.count - self.attempts
        self.attempts += 1
        deadline = self._deadline
        if followers > 0 and self._share_time:
            left = deadline.left
            if left:
                return deadline.within(left / (followers + 1), stall=self._stall)
        return deadline.within(None, stall=self._stall)

    def pause_after(self, error: VisionAIError) -> float:
        """Return the seconds until the next attempt; raise the error where there is none."""
        retry = self.attempts - 1
        if retry >= self._retries.count or not (self._repeatable or isinstance(error, UnreachableError)):
            raise error
        pause = self._retries.pause_before(retry)
        left = self._deadline.left
        if left is not None and left <= pause:
            raise error
        return pause
