"""Which process this is, without a system call each time."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any


def call_after_fork(function: Callable[[], object]) -> None:
    """Call the function in each child process that comes from a fork. Windows has no fork."""
    register: Any = getattr(os, "register_at_fork", None)
    if register is not None:
        register(after_in_child=function)


class _Process:
    """Counts the forks that led to this process."""

    def __init__(self) -> None:
        self.generation = 0
        call_after_fork(self._count_fork)

    def _count_fork(self) -> None:
        self.generation += 1


process = _Process()
