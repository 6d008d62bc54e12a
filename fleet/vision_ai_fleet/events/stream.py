"""Read the stream EVENTS from a position on."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js import api

from vision_ai_fleet.connection import NATS_ERRORS, Connection, translate_error
from vision_ai_fleet.errors import NotPermittedError
from vision_ai_fleet.messages import encode
from vision_ai_fleet.names import EVENTS

from .cloud_event import CloudEvent, InvalidEventError, parse_event

logger = logging.getLogger("vision_ai_fleet")

EVENTS_AT_ONCE = 1000
PULL_TIME = 30
"""Seconds for which the engine keeps one request for events."""
HEARTBEAT = 5
"""Seconds between its signs of life meanwhile."""
SILENCE = 16.0
"""Seconds without one, after which the engine has forgotten the request."""
PULL_ENDS = ("404", "408")
ATTEMPTS = 5
"""Of reading to the end, before it is given up."""
PAUSE = 1.0
"""Seconds between two attempts."""


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
    attempts = ATTEMPTS
    while True:
        refusals = connection.refusals
        try:
            async with aclosing(_fetch(connection, after, store, follow=False)) as batches:
                async for batch in batches:
                    after, attempts = batch.position, ATTEMPTS
                    yield batch
            return
        except NATS_ERRORS as error:
            _check_refusals(connection, refusals, error)
            attempts -= 1
            if not attempts:
                raise translate_error(error) from error
            await asyncio.sleep(PAUSE)


async def follow_events(
    connection: Connection, after: int = 0, *, store: str = ""
) -> AsyncGenerator[EventBatch]:
    """Yield the events that are there, and each that comes, also after breaks. Use it with `contextlib.aclosing`.

    The arguments are those of `read_events`.

    Raises:
        NotPermittedError: the credentials do not permit it.
    """
    while True:
        refusals = connection.refusals
        try:
            async with aclosing(_fetch(connection, after, store, follow=True)) as batches:
                async for batch in batches:
                    after = batch.position
                    yield batch
        except NATS_ERRORS as error:
            _check_refusals(connection, refusals, error)
            logger.debug("reading events: %s", translate_error(error))
            await asyncio.sleep(PAUSE)


def _check_refusals(connection: Connection, refusals: int, error: BaseException) -> None:
    if connection.refusals > refusals:
        raise NotPermittedError("these credentials do not permit reading these events") from error


async def _fetch(
    connection: Connection, after: int, store: str, *, follow: bool
) -> AsyncGenerator[EventBatch]:
    """Pull events with a consumer of this call alone. It raises one of NATS_ERRORS when the engine has forgotten it."""
    client, inbox, queue = connection.client, connection.client.new_inbox(), asyncio.Queue[Msg | None]()

    def wake() -> None:
        queue.put_nowait(None)

    subscription = await client.subscribe(inbox, cb=queue.put)
    connection.on_reconnect.append(wake)
    try:
        name, pending = await _add_consumer(connection, after, store)
        requested = 0
        while follow or pending > 0:
            if requested <= 0:
                requested = EVENTS_AT_ONCE if follow else min(EVENTS_AT_ONCE, pending)
                await client.publish(
                    f"$JS.API.CONSUMER.MSG.NEXT.{EVENTS}.{name}", _make_pull(requested), inbox
                )
            messages, is_over = await _receive(queue)
            requested = 0 if is_over else requested - len(messages)
            pending -= len(messages)
            if messages:
                yield _make_batch(messages)
            elif is_over and not follow:  # what waited has become too old, and was deleted
                return
    finally:
        connection.on_reconnect.remove(wake)
        with suppress(*NATS_ERRORS):
            await subscription.unsubscribe()


async def _add_consumer(connection: Connection, after: int, store: str) -> tuple[str, int]:
    """Return the name of a new consumer, and how many events wait."""
    info = await connection.jetstream.add_consumer(
        EVENTS,
        api.ConsumerConfig(
            name=secrets.token_hex(8),
            # In the subject of this request, so that the engine can keep a manager to one store.
            filter_subject=f"events.{store}.>" if store else "events.>",
            deliver_policy=api.DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=after + 1,
            ack_policy=api.AckPolicy.NONE,
            inactive_threshold=60.0,
            mem_storage=True,
            num_replicas=1,
        ),
    )
    return info.name, info.num_pending or 0


def _make_pull(batch: int) -> bytes:
    second = 1_000_000_000
    return encode({"batch": batch, "expires": PULL_TIME * second, "idle_heartbeat": HEARTBEAT * second})


async def _receive(queue: asyncio.Queue[Msg | None]) -> tuple[list[Msg], bool]:
    """Wait for messages. Returns them, and whether the engine has ended the pull."""
    messages: list[Msg] = []
    message = await asyncio.wait_for(queue.get(), SILENCE)
    while True:
        if message is None:  # the connection came back: the engine may have restarted
            raise NatsTimeoutError
        status = (message.headers or {}).get("Status")
        if status in PULL_ENDS:
            return messages, True
        if status is None:
            messages.append(message)
        elif status != "100":  # the consumer is gone
            raise NatsTimeoutError
        if queue.empty():
            return messages, False
        message = queue.get_nowait()


def _make_batch(messages: list[Msg]) -> EventBatch:
    events: list[CloudEvent] = []
    received: list[float] = []
    for message in messages:
        try:
            event = parse_event(message.subject, message.data)
        except InvalidEventError as error:
            logger.warning("an event on %s was refused: %s", message.subject, error)
            continue
        events.append(event)
        received.append(message.metadata.timestamp.timestamp())
    sequence = messages[-1].metadata.sequence
    return EventBatch(events, received, sequence.stream if sequence else 0, len(messages) - len(events))
