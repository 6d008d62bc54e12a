"""Read the stream EVENTS from a position on."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from nats.aio.client import Client
from nats.aio.msg import Msg

from vision_ai_fleet.connection import NATS_ERRORS, Connection, translate_error
from vision_ai_fleet.errors import FleetError, NotPermittedError
from vision_ai_fleet.messages import encode
from vision_ai_fleet.names import EVENTS, get_changes_subject

from .cloud_event import CloudEvent, InvalidEventError, parse_event

logger = logging.getLogger("vision_ai_fleet")

EVENTS_AT_ONCE = 1000
ATTEMPTS = 5
"""Of reading to the end, before it is given up."""
PAUSE = 1.0
"""Seconds between two attempts."""
SILENCE = 10.0
"""Seconds without a reply, after which a request is lost."""
POLL = 10.0
"""Seconds after which events are looked for without an announcement."""
COLLECTION = 0.2
"""Seconds between an announcement and reading."""
END_OF_BATCH, NO_MORE = "204", "404"


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
        connection: Of an operator, a viewer or a manager.
        after: The position after which to begin; 0: with the oldest event.
        store: Only this store's; "" for all.

    Raises:
        FleetError: the center does not respond, or refuses.
    """
    attempts = ATTEMPTS
    while True:
        refusals = connection.refusals
        try:
            async with _open_inbox(connection) as inbox:
                while True:
                    batch, is_last = await _read_batch(inbox, after, store)
                    attempts = ATTEMPTS
                    if batch is not None:
                        after = batch.position
                        yield batch
                    if is_last:
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
    arrived = asyncio.Event()

    async def notice(_: Msg) -> None:
        arrived.set()

    subject = get_changes_subject(connection.credentials.role, _get_filter(store))
    subscription = await connection.client.subscribe(subject, cb=notice)
    connection.on_reconnect.append(arrived.set)
    try:
        while True:
            try:
                async with aclosing(read_events(connection, after, store=store)) as batches:
                    async for batch in batches:
                        after = batch.position
                        yield batch
            except NotPermittedError:
                raise
            except FleetError as error:
                logger.debug("reading events: %s", error)
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await arrived.wait()
            await asyncio.sleep(
                COLLECTION
            )  # the event is announced before it is stored, and others follow it
            arrived.clear()
    finally:
        connection.on_reconnect.remove(arrived.set)
        with suppress(*NATS_ERRORS):
            await subscription.unsubscribe()


def _check_refusals(connection: Connection, refusals: int, error: BaseException) -> None:
    if connection.refusals > refusals:
        raise NotPermittedError("these credentials do not permit reading events") from error


def _get_filter(store: str) -> str:
    return f"events.{store or '*'}.*.*"


@dataclass(frozen=True, slots=True)
class _Inbox:
    """Where the engine's replies to requests for many messages come."""

    client: Client
    subject: str
    queue: asyncio.Queue[Msg]


@asynccontextmanager
async def _open_inbox(connection: Connection) -> AsyncGenerator[_Inbox]:
    inbox = _Inbox(connection.client, connection.client.new_inbox(), asyncio.Queue())
    subscription = await inbox.client.subscribe(inbox.subject, cb=inbox.queue.put)
    try:
        yield inbox
    finally:
        with suppress(*NATS_ERRORS):
            await subscription.unsubscribe()


async def _read_batch(inbox: _Inbox, after: int, store: str) -> tuple[EventBatch | None, bool]:
    """Return the next events, and whether there are no more. No consumer is needed, which only operators may make."""
    request = {"seq": after + 1, "batch": EVENTS_AT_ONCE, "next_by_subj": _get_filter(store)}
    await inbox.client.publish(f"$JS.API.DIRECT.GET.{EVENTS}", encode(request), reply=inbox.subject)
    messages: list[tuple[Mapping[str, str], bytes]] = []
    while True:
        async with asyncio.timeout(SILENCE):
            message = await inbox.queue.get()
        headers: Mapping[str, str] = message.headers or {}
        status = headers.get("Status")
        if status is None:
            messages.append((headers, message.data))
        elif status in (END_OF_BATCH, NO_MORE):
            is_last = status == NO_MORE or headers.get("Nats-Num-Pending", "0") == "0"
            return (_make_batch(messages) if messages else None), is_last
        else:
            raise FleetError(f"the engine refused to read events: {headers.get('Description', status)}")


def _make_batch(messages: list[tuple[Mapping[str, str], bytes]]) -> EventBatch:
    events: list[CloudEvent] = []
    received: list[float] = []
    refused = ""
    for headers, data in messages:
        subject = headers["Nats-Subject"]
        try:
            event = parse_event(subject, data)
        except InvalidEventError as error:
            refused = f"{subject}: {error}"
            continue
        events.append(event)
        received.append(datetime.fromisoformat(headers["Nats-Time-Stamp"]).timestamp())
    count = len(messages) - len(events)
    if count:
        logger.info("%d of %d events were refused, the last one on %s", count, len(messages), refused)
    return EventBatch(events, received, int(messages[-1][0]["Nats-Sequence"]), count)
