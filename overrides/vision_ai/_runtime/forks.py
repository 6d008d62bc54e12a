"""Which process this is, without a system call each time."""

from __future__ import annotations

import os


class _Process:
    """Counts the forks that led to this process."""

    def __init__(self) -> None:
        self.generation = 0
        if hasattr(os, "register_at_fork"):  # Windows has no fork
            os.register_at_fork(after_in_child=self._count_fork)

    def _count_fork(self) -> None:
        self.generation += 1


process = _Process()
