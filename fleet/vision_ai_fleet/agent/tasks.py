"""Waiting and canceling, so that nothing goes on unseen.

Up to Python 3.11, `asyncio.wait_for` swallows a cancellation that comes together with what it waits for; nats-py uses
it. So the agent waits with `asyncio.timeout`, and ends tasks with `end_tasks`.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from vision_ai_fleet.connection import Connection
from vision_ai_fleet.errors import CenterUnreachableError

RECONNECT_GRACE = 0.5
"""Seconds after a reconnection in which the response to an earlier request may still come."""


async def wait_until_set(event: asyncio.Event, timeout: float) -> bool:
    """Wait for an event and clear it. False: it was not set in time (seconds)."""
    try:
        async with asyncio.timeout(timeout):
            await event.wait()
    except TimeoutError:
        return False
    event.clear()
    return True


async def complete(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Run to its end what must not be canceled, such as cleaning up. It must be short."""
    task = asyncio.create_task(coroutine)
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    await task


@asynccontextmanager
async def give_up_after_reconnect(connection: Connection) -> AsyncGenerator[None]:
    """Raise TimeoutError soon after a reconnection: what was sent before it is probably lost."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:

        def give_up() -> None:
            if not limit.expired():
                limit.reschedule(loop.time() + RECONNECT_GRACE)

        connection.on_reconnect.append(give_up)
        try:
            yield
        finally:
            connection.on_reconnect.remove(give_up)


async def repeat_request(connection: Connection, request: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Repeat a request for as long as the center is away."""
    while True:
        try:
            async with give_up_after_reconnect(connection):
                return await request()
        except (CenterUnreachableError, TimeoutError):
            await asyncio.sleep(random.uniform(0.1, 0.5))
