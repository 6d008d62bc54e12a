"""The stream of events: what scales recognized, and what happened to them, as CloudEvents."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from . import names
from .connection import Connection
from .direct_reads import ChangeWatch, StoredMessage, read_batch
from .errors import FleetError
from .messages import decode
from .names import ScaleId

logger = logging.getLogger("vision_ai_fleet")

PAUSE = 1.0
"""Seconds before a center that does not respond is asked again."""


@dataclass(frozen=True, slots=True)
class FleetEvent:
    """An event as it stands in the stream."""

    scale: ScaleId
    kind: str
    sequence: int
    """Its position: `follow_events(start=sequence + 1)` goes on after it."""
    received: float
    """When the center got it, in seconds since 1970-01-01 UTC."""
    data: dict[str, Any]
    """The CloudEvent. Its `source` is the scale that the engine took it from."""


async def follow_events(
    connection: Connection,
    since: float | None = None,
    *,
    store: str | None = None,
    kind: str | None = None,
    follow: bool = True,
    start: int | None = None,
) -> AsyncGenerator[FleetEvent]:
    """Yield events in their order. See `Fleet.events`.

    Args:
        start: From this position on, instead of `since`.
    """
    pattern = f"events.{store or '*'}.*.{kind or '*'}"
    if start is None and since is None:
        since = time.time()  # what comes
    moment = None if start is not None else since
    messages = follow_messages(connection, pattern, (start or 1) - 1, since=moment, follow=follow)
    async with aclosing(messages) as batches:
        async for batch in batches:
            for message in batch:
                yield _read_event(message)


async def follow_messages(
    connection: Connection,
    pattern: str,
    after: int = 0,
    *,
    since: float | None = None,
    follow: bool = True,
) -> AsyncGenerator[list[StoredMessage]]:
    """Yield the messages of the stream that are there, and those that come. Use it with `contextlib.aclosing`.

    Args:
        connection: To the center. While it does not respond, this waits.
        pattern: The subjects.
        after: The position after which to begin.
        since: Only what the center got from this time on.
        follow: False: only those that are there.

    Raises:
        FleetError: without `follow`, the center does not respond.
    """
    async with ChangeWatch(connection, pattern) as changes:
        while True:
            changes.begin()
            try:
                messages, is_complete = await read_batch(
                    connection, names.EVENTS, pattern, after, since=since
                )
            except FleetError as error:
                if not follow:
                    raise
                logger.debug("reading events: %s", error)
                await asyncio.sleep(PAUSE)
                continue
            if messages:
                after, since = messages[-1].sequence, None
                yield messages
            if is_complete:
                if not follow:
                    return
                await changes.wait(found=bool(messages))


def _read_event(message: StoredMessage) -> FleetEvent:
    _, store, scale, kind = message.subject.split(".")
    return FleetEvent(
        ScaleId(store, scale),
        kind,
        message.sequence,
        message.stored,
        # The engine checks the subject; what the text says is the agent's word.
        {**decode(message.data), "source": f"/stores/{store}/scales/{scale}"},
    )
