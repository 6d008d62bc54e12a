"""The stream of events: what scales recognized, and what happened to them, as CloudEvents."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from . import names
from .connection import Connection
from .direct_reads import ChangeWatch, StoredMessage, read_batch
from .errors import FleetError
from .messages import decode
from .names import ScaleId

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
    position, moment = (start or 1) - 1, None if start is not None else since
    if start is None and since is None:
        moment = time.time()  # what comes
    async with ChangeWatch(connection, pattern) as changes:
        while True:
            changes.begin()
            found = False
            try:
                messages, is_complete = await read_batch(
                    connection, names.EVENTS, pattern, position, since=moment
                )
            except FleetError:
                if not follow:
                    raise
                await asyncio.sleep(PAUSE)
                continue
            for message in messages:
                found, position, moment = True, message.sequence, None
                yield _read_event(message)
            if is_complete:
                if not follow:
                    return
                await changes.wait(found=found)


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
