"""What a long piece of work tells of itself while it goes on."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Literal, ParamSpec, TypeVar

from attrs import frozen

from .errors import InvalidInputError

Phase = Literal["learning", "backing up", "downloading", "uploading", "restoring", "waiting"]


@frozen
class Progress:
    """One step of a backup, a restore, a lesson or a wait."""

    phase: Phase
    done: int = 0
    """Bytes moved, or pictures taken, so far; 0 in phases that count nothing."""
    total: int | None = None
    """Of how many; None where that is not known."""
    status: int | None = None
    """The number of the module's status, where it was asked for one."""
    message: str = ""
    """The module's own description (Chinese), fit to show; empty where it gave none."""
    elapsed: float = 0.0
    """Seconds since the work began."""

    @property
    def fraction(self) -> float | None:
        """Of this phase, 0 to 1; None where the total is not known."""
        return min(self.done / self.total, 1.0) if self.total else None


ProgressCallback = Callable[[Progress], object]


P = ParamSpec("P")
T = TypeVar("T")


class CallbackFailed(BaseException):
    """Carries what a user's callback raised past everything here that would take it for its own failure: a
    VisionAIError of another client must not make this one try again."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


def told(callback: ProgressCallback, progress: Progress) -> None:
    try:
        callback(progress)
    except Exception as error:
        raise CallbackFailed(error) from error


def callback_errors_as_they_are(work: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """For a whole piece of work: what its callback raised comes out of it unchanged."""

    @functools.wraps(work)
    async def unwrapping(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await work(*args, **kwargs)
        except CallbackFailed as failed:
            error = failed.error
        raise error from error.__cause__

    return unwrapping


def is_asynchronous(function: object) -> bool:
    """Whether calling it would only make a coroutine, which nobody here awaits."""
    return any(map(inspect.iscoroutinefunction, (function, getattr(function, "__call__", None))))  # noqa: B004


def checked_callback(progress: object) -> None:
    """Refuses what could not be called, before anything is sent."""
    if progress is None:
        return
    if not callable(progress) or is_asynchronous(progress):
        raise InvalidInputError(
            f"progress must be an ordinary function of one argument (not async), not {progress!r}"
        )
