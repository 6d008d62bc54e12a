"""Waiting in programs without an event loop."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, ParamSpec, TypeVar

from .locks import ThreadLock

P = ParamSpec("P")
T = TypeVar("T")


def run_sync(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine that never suspends: one over a synchronous transport and runtime."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    raise RuntimeError("a synchronous call tried to wait for an event loop")


class SyncRuntime:
    """For ordinary programs and threads."""

    def __init__(self, concurrency: int = 1) -> None:
        self.lock = ThreadLock(concurrency)
        self.version_lock = ThreadLock(1)

    @asynccontextmanager
    async def shield(self) -> AsyncGenerator[None]:
        yield

    async def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    async def yield_to_others(self) -> None:
        pass  # threads need no help, and time.sleep(0) costs as much as a request

    async def run_blocking(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return function(*args, **kwargs)
