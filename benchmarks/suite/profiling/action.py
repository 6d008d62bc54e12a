"""Open a contender's client and repeat one action with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..measurement.loading import create_async, load_contender

Repeat = Callable[[int], None]
"""Runs the action that many times."""


@contextmanager
def open_action(options: dict[str, Any]) -> Iterator[Repeat]:
    contender = load_contender(options["entry"])
    if not options["asynchronous"]:
        client = contender(options["url"], 1)
        try:
            yield _repeat_sync(client, options)
        finally:
            client.close()
        return
    with asyncio.Runner() as runner:
        client = runner.run(create_async(contender, options["url"], 1))
        repeat = _repeat_async(client, options)
        try:
            yield lambda calls: runner.run(repeat(calls))
        finally:
            runner.run(client.close())


def _repeat_sync(client: Any, options: dict[str, Any]) -> Repeat:
    call, arguments, target = _arrange_call(client, options)

    def repeat(calls: int) -> None:
        for _ in range(calls):
            if target is not None:
                target.unlink(missing_ok=True)
            call(*arguments)

    return repeat


def _repeat_async(client: Any, options: dict[str, Any]) -> Callable[[int], Any]:
    call, arguments, target = _arrange_call(client, options)

    async def repeat(calls: int) -> None:
        for _ in range(calls):
            if target is not None:
                target.unlink(missing_ok=True)
            await call(*arguments)

    return repeat


def _arrange_call(
    client: Any, options: dict[str, Any]
) -> tuple[Callable[..., Any], tuple[str, ...], Path | None]:
    """Return the method, its arguments, and the file to remove before each call."""
    action = options["action"]
    arguments = {"download": (options["target"],), "upload": (options["source"],)}.get(action, ())
    return getattr(client, action), arguments, Path(options["target"]) if action == "download" else None
