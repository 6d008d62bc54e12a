"""What a long piece of work reports while it runs."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Literal, NamedTuple, ParamSpec, TypeVar

from .errors import InvalidInputError

Phase = Literal["learning", "backing up", "downloading", "uploading", "restoring", "waiting"]


class Progress(NamedTuple):
    """One step of a backup, a restore, teaching or waiting."""

    phase: Phase
    done: int = 0
    """Bytes transferred, or pictures taken, so far; 0 in phases that count nothing."""
    total: int | None = None
    """Of how many; None where that is unknown."""
    status: int | None = None
    """The number of the module's status, in phases that ask for one."""
    message: str = ""
    """The module's own description, in Chinese; empty where it gave none."""
    elapsed: float = 0.0
    """Seconds since the work began."""

    @property
    def fraction(self) -> float | None:
        """Part of this phase that is done, 0 to 1; None where the total is unknown."""
        return min(self.done / self.total, 1.0) if self.total else None


ProgressCallback = Callable[[Progress], object]


P = ParamSpec("P")
T = TypeVar("T")


class CallbackFailed(BaseException):
    """Carries what a program's callback raised past every handler of the SDK.

    A VisionAIError of another client must not make this one repeat a call.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


def report_progress(callback: ProgressCallback, progress: Progress) -> None:
    """Call the callback; wrap what it raises in `CallbackFailed`."""
    try:
        callback(progress)
    except Exception as error:
        raise CallbackFailed(error) from error


def unwrap_callback_errors(work: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Let what a callback raised come out of a whole piece of work unchanged."""

    @functools.wraps(work)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await work(*args, **kwargs)
        except CallbackFailed as failed:
            error = failed.error
        raise error from error.__cause__

    return run


def is_asynchronous(function: object) -> bool:
    """Whether calling it returns a coroutine, which nobody would await."""
    import inspect  # only for programs with a callback

    return any(map(inspect.iscoroutinefunction, (function, getattr(function, "__call__", None))))  # noqa: B004


def check_callback(progress: object) -> None:
    """Refuse what could not be called, before anything is sent."""
    if progress is None:
        return
    if not callable(progress) or is_asynchronous(progress):
        raise InvalidInputError(
            f"progress must be an ordinary function of one argument (not async), not {progress!r}"
        )
