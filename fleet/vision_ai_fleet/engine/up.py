"""Run a center and what belongs to it in one program, and end all of it in order."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from .center import Center, start_center
from .home import CenterSettings

logger = logging.getLogger("vision_ai_fleet")

PART_TIMEOUT = 10.0
"""Seconds that a part may take to end."""
Part = Callable[[Center], Awaitable[None]]
"""A coroutine function that runs until it is canceled: a controller, a page."""


async def run_center(
    folder: Path,
    parts: Sequence[Part] = (),
    *,
    settings: CenterSettings | None = None,
    on_ready: Callable[[Center], None] | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Run a center until SIGTERM, Ctrl-C, `stop`, or until one of its parts fails.

    Args:
        folder: The center's home; made where it is missing.
        parts: What runs beside the engine. They are ended in reverse order, then the engine.
        settings: Other settings than the stored ones.
        on_ready: Called when the engine runs and the parts were started.
        stop: Set it to end the center.

    Raises:
        FleetError: the engine did not start.
        Exception: what a part failed with.
    """
    stop = stop or asyncio.Event()
    restore_signals = _catch_signals(stop)
    try:
        center = await start_center(folder, settings)
        tasks: list[asyncio.Task[None]] = []
        try:
            tasks += [asyncio.create_task(_run_part(part, center)) for part in parts]
            if on_ready is not None:
                on_ready(center)
            waiter = asyncio.create_task(_wait(stop))
            try:
                done, _ = await asyncio.wait({waiter, *tasks}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                waiter.cancel()
            for task in done - {waiter}:
                task.result()
        finally:
            await _end(tasks)
            await center.stop()
    finally:
        restore_signals()


async def _run_part(part: Part, center: Center) -> None:
    await part(center)


async def _wait(stop: asyncio.Event) -> None:
    await stop.wait()


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in reversed(tasks):
        task.cancel()
        _, pending = await asyncio.wait({task}, timeout=PART_TIMEOUT)
        if pending:
            logger.warning("a part of the center did not end in time")
        elif not task.cancelled() and task.exception() is not None:
            logger.debug("a part of the center failed", exc_info=task.exception())


def _catch_signals(stop: asyncio.Event) -> Callable[[], None]:
    loop = asyncio.get_running_loop()

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)

    previous: dict[int, Any] = {}
    with suppress(ValueError):  # not the main thread: whoever runs it ends it
        for number in (signal.SIGINT, signal.SIGTERM):
            previous[number] = signal.signal(number, handle)

    def restore() -> None:
        for number, handler in previous.items():
            signal.signal(number, handler)

    return restore
