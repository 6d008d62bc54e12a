"""Waiting in programs with an event loop: asyncio's or trio's. anyio is imported when something waits."""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import ParamSpec, TypeVar

from .locks import TaskLock

P = ParamSpec("P")
T = TypeVar("T")


class AsyncRuntime:
    """For programs with an event loop."""

    def __init__(self, concurrency: int = 1) -> None:
        self.lock = TaskLock(concurrency)
        self.version_lock = TaskLock(1)

    @asynccontextmanager
    async def shield(self) -> AsyncGenerator[None]:
        import anyio

        with anyio.CancelScope(shield=True):
            yield

    async def sleep(self, seconds: float) -> None:
        import anyio

        await anyio.sleep(seconds)

    async def yield_to_others(self) -> None:
        import anyio

        await anyio.sleep(0)

    async def run_blocking(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        from anyio import to_thread

        return await to_thread.run_sync(functools.partial(function, *args, **kwargs))
