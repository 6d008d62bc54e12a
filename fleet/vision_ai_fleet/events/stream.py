"""Read the stream EVENTS from a position on."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from vision_ai_fleet.connection import Connection
from vision_ai_fleet.direct_reads import StoredMessage, read_batch
from vision_ai_fleet.event_stream import follow_messages
from vision_ai_fleet.names import EVENTS

from .cloud_event import CloudEvent, InvalidEventError, parse_event

logger = logging.getLogger("vision_ai_fleet")


@dataclass(frozen=True, slots=True)
class EventBatch:
    """Some events in the order of the stream."""

    events: list[CloudEvent] = field(default_factory=list[CloudEvent])
    received: list[float] = field(default_factory=list[float])
    """When the engine stored each of them: seconds since 1970-01-01 UTC."""
    position: int = 0
    """Sequence of the last message, for going on after it."""
    refused: int = 0
    """Messages that were no events of the scale that sent them."""


async def read_events(
    connection: Connection, after: int = 0, *, store: str = ""
) -> AsyncGenerator[EventBatch]:
    """Yield the events that are there now. Use it with `contextlib.aclosing`.

    Args:
        connection: Of an operator, a viewer, or the manager of `store`.
        after: The position after which to begin; 0: with the oldest event.
        store: Only this store's; "" for all.

    Raises:
        FleetError: the center does not respond, or refuses.
    """
    is_complete = False
    while not is_complete:
        messages, is_complete = await read_batch(connection, EVENTS, _make_pattern(store), after)
        if messages:
            after = messages[-1].sequence
            yield _make_batch(messages)


async def follow_events(
    connection: Connection, after: int = 0, *, store: str = ""
) -> AsyncGenerator[EventBatch]:
    """Yield the events that are there, and each that comes, also after breaks. Use it with `contextlib.aclosing`.

    The arguments are those of `read_events`.
    """
    messages = follow_messages(connection, _make_pattern(store), after)
    async with aclosing(messages) as batches:
        async for batch in batches:
            yield _make_batch(batch)


def _make_pattern(store: str) -> str:
    return f"events.{store or '*'}.*.*"


def _make_batch(messages: list[StoredMessage]) -> EventBatch:
    events: list[CloudEvent] = []
    received: list[float] = []
    refused, reason = 0, ""
    for message in messages:
        try:
            event = parse_event(message.subject, message.data)
        except InvalidEventError as error:
            refused, reason = refused + 1, f"{message.subject}: {error}"
            continue
        events.append(event)
        received.append(message.stored)
    if refused:  # once a batch: whoever sends nonsense sends much of it
        logger.warning("%d of %d events were refused, the last one on %s", refused, len(messages), reason)
    return EventBatch(events, received, messages[-1].sequence, refused)
