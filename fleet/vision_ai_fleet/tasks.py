"""End background tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

PATIENCE = 1.0
"""Seconds after which a task is canceled again."""


async def end_tasks(tasks: Iterable[asyncio.Task[Any]], patience: float = PATIENCE) -> None:
    """Cancel tasks and wait until they have ended.

    In Python 3.11, `asyncio.wait_for`, which nats-py uses, loses a cancellation that comes at the same moment as the
    result. So they are canceled until they listen.

    Args:
        tasks: Also those that have ended.
        patience: Seconds after which a task is canceled again.
    """
    tasks = set(tasks)
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=patience)
    for task in tasks:
        if not task.cancelled():
            task.exception()  # somebody else deals with it, or nobody needs it any more
