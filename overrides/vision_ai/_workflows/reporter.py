"""Reports the progress of a workflow."""

from __future__ import annotations

from typing import Any

from .._runtime.deadline import Deadline
from ..progress import Phase, Progress, ProgressCallback, report_progress


class Reporter:
    """Calls a program's callback, if it has one."""

    def __init__(self, callback: ProgressCallback | None) -> None:
        self._callback = callback
        self._clock = Deadline(None)

    def report(self, phase: Phase, **facts: Any) -> None:
        """Report one step."""
        if self._callback is not None:
            report_progress(self._callback, Progress(phase, elapsed=self._clock.elapsed, **facts))
