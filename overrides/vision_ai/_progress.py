"""What a long piece of work tells of itself while it goes on."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Literal

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


def checked_callback(progress: object) -> None:
    """Refuses what could not be called, before anything is sent."""
    if progress is None:
        return
    if not callable(progress) or inspect.iscoroutinefunction(progress):
        raise InvalidInputError(
            f"progress must be an ordinary function of one argument (not async), not {progress!r}"
        )
