"""Which process this is, without asking the operating system each time."""

from __future__ import annotations

import os


class _Process:
    """Counts the forks that led here."""

    def __init__(self) -> None:
        self.generation = 0
        os.register_at_fork(after_in_child=self._forked)

    def _forked(self) -> None:
        self.generation += 1


process = _Process()
