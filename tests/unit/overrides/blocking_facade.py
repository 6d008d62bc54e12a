"""Gives the asynchronous client the synchronous one's interface, so that one test covers both."""

from __future__ import annotations

import asyncio
import functools
import inspect
from typing import Any

from vision_ai import AsyncVisionAI, AsyncWatch, Event


class BlockingFacade:
    """Runs each call of an asynchronous client to its end, all on one event loop."""

    def __init__(self, client: AsyncVisionAI, runner: asyncio.Runner | None = None) -> None:
        self.client = client
        self.runner = runner or asyncio.Runner()

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.client, name)
        if not inspect.iscoroutinefunction(value):
            return value

        @functools.wraps(value)
        def call(*args: Any, **kwargs: Any) -> Any:
            return self.runner.run(value(*args, **kwargs))

        return call

    def with_options(self, **options: Any) -> BlockingFacade:
        return BlockingFacade(self.client.with_options(**options), self.runner)

    def watch(self, **settings: Any) -> BlockingWatch:
        return BlockingWatch(self.client.watch(**settings), self.runner)

    def close(self) -> None:
        self.runner.run(self.client.aclose())

    def __enter__(self) -> BlockingFacade:
        self.runner.run(self.client.__aenter__())
        return self

    def __exit__(self, *error: Any) -> None:
        self.runner.run(self.client.__aexit__(*error))

    def __repr__(self) -> str:
        return repr(self.client)

    def close_loop(self) -> None:
        """Close the event loop. Close the client first."""
        self.runner.close()


class BlockingWatch:
    """Gives an asynchronous watch the synchronous one's interface."""

    def __init__(self, watch: AsyncWatch, runner: asyncio.Runner) -> None:
        self._watch = watch
        self._runner = runner

    def __iter__(self) -> BlockingWatch:
        return self

    def __next__(self) -> Event:
        try:
            return self._runner.run(self._get_next())
        except StopAsyncIteration:
            raise StopIteration from None

    async def _get_next(self) -> Event:
        return await anext(self._watch)

    def close(self) -> None:
        self._runner.run(self._watch.aclose())
