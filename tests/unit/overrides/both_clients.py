"""The asynchronous client behind the face of the synchronous one, so that one test serves both."""

from __future__ import annotations

import asyncio
import functools
import inspect
from typing import Any

from vision_ai import AsyncVisionAI


class Driven:
    """Runs each call of an asynchronous client to its end, all on one loop of its own."""

    def __init__(self, client: AsyncVisionAI, runner: asyncio.Runner | None = None) -> None:
        self.client = client
        self.runner = runner or asyncio.Runner()

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.client, name)
        if not inspect.iscoroutinefunction(value):
            return value

        @functools.wraps(value)
        def driven(*args: Any, **kwargs: Any) -> Any:
            return self.runner.run(value(*args, **kwargs))

        return driven

    def with_options(self, **options: Any) -> Driven:
        return Driven(self.client.with_options(**options), self.runner)

    def close(self) -> None:
        self.runner.run(self.client.aclose())

    def __enter__(self) -> Driven:
        self.runner.run(self.client.__aenter__())
        return self

    def __exit__(self, *error: Any) -> None:
        self.runner.run(self.client.__aexit__(*error))

    def __repr__(self) -> str:
        return repr(self.client)

    def end(self) -> None:
        """The loop is given up; the client must be closed by then."""
        self.runner.close()
