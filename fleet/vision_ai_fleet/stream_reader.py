"""Read a stream of the engine in its order, also across restarts of the engine."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import api

from .connection import NATS_ERRORS, REQUEST_TIMEOUT, Connection, translate_error
from .errors import NotPermittedError
from .messages import encode

HEARTBEAT, SILENCE = 5.0, 16.0
"""Seconds between the engine's signs of life, and without one until the engine has forgotten the consumer."""
BATCH = 500
"""Messages that are read at once."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where to begin: at a position, at a moment, with the last message of each subject, or with what comes."""

    sequence: int | None = None
    moment: float | None = None
    last_per_subject: bool = False

    def to_policy(self) -> dict[str, Any]:
        if self.sequence is not None:
            return {
                "deliver_policy": api.DeliverPolicy.BY_START_SEQUENCE,
                "opt_start_seq": max(1, self.sequence),
            }
        if self.moment is not None:
            moment = datetime.fromtimestamp(self.moment, UTC)
            return {"deliver_policy": api.DeliverPolicy.BY_START_TIME, "opt_start_time": moment}
        if self.last_per_subject:
            return {"deliver_policy": api.DeliverPolicy.LAST_PER_SUBJECT}
        return {"deliver_policy": api.DeliverPolicy.NEW}


async def read_stream(
    connection: Connection, stream: str, subject: str, start: Start, *, follow: bool
) -> AsyncGenerator[Msg]:
    """Yield the messages of a stream whose subject matches. Use it with `contextlib.aclosing`.

    Args:
        follow: Whether to wait for new ones, or to end with the last.

    Raises:
        FleetError: the engine refused, or, without `follow`, stopped sending.
    """
    while True:
        queue = asyncio.Queue[Msg | None]()
        inbox = connection.client.new_inbox()

        def wake(queue: asyncio.Queue[Msg | None] = queue) -> None:
            queue.put_nowait(None)

        subscription, refusals = None, connection.refusals
        connection.on_reconnect.append(wake)
        try:
            subscription = await connection.client.subscribe(inbox, cb=queue.put)
            pending = await _add_consumer(connection, stream, subject, inbox, start)
            while follow or pending > 0:
                async with asyncio.timeout(SILENCE):
                    message = await queue.get()
                if message is None:  # the engine may have restarted, and forgotten the consumer
                    break
                if not message.reply.startswith("$JS.ACK."):
                    continue  # a heartbeat
                pending -= 1
                sequence = message.metadata.sequence
                start = Start(sequence=(sequence.stream if sequence else 0) + 1)
                yield message
            else:
                return
        except NATS_ERRORS as error:
            if connection.refusals > refusals:
                raise NotPermittedError(f"these credentials do not permit reading {subject}") from error
            if not follow:
                raise translate_error(error) from error
            await asyncio.sleep(1.0)
        finally:
            connection.on_reconnect.remove(wake)
            if subscription is not None:
                with suppress(NatsError):
                    await subscription.unsubscribe()


async def read_messages(
    connection: Connection, stream: str, subject: str
) -> AsyncGenerator[tuple[str, dict[str, str]]]:
    """Yield the subjects and headers of a stream's messages without a consumer, which a work queue has for jobs alone.

    Use it with `contextlib.aclosing`.

    Raises:
        FleetError: the engine refused, or does not respond.
    """
    inbox, sequence = connection.client.new_inbox(), 1
    try:
        subscription = await connection.client.subscribe(inbox)
        try:
            while True:
                request = {"seq": sequence, "batch": BATCH, "next_by_subj": subject}
                await connection.client.publish(f"$JS.API.DIRECT.GET.{stream}", encode(request), reply=inbox)
                pending = 0
                while True:
                    message = await subscription.next_msg(timeout=REQUEST_TIMEOUT)
                    headers: dict[str, str] = dict(message.headers or {})
                    status = headers.get("Status")
                    if status == "404":  # no more, or no such stream
                        return
                    if status is not None:
                        pending = int(headers.get("Nats-Num-Pending", 0))
                        break
                    sequence = int(headers["Nats-Sequence"]) + 1
                    yield headers["Nats-Subject"], headers
                if not pending:
                    return
        finally:
            with suppress(NatsError):
                await subscription.unsubscribe()
    except NATS_ERRORS as error:
        raise translate_error(error) from error


async def _add_consumer(connection: Connection, stream: str, subject: str, inbox: str, start: Start) -> int:
    info = await connection.jetstream.add_consumer(
        stream,
        api.ConsumerConfig(
            name=secrets.token_hex(8),
            filter_subject=subject,
            deliver_subject=inbox,
            ack_policy=api.AckPolicy.NONE,
            idle_heartbeat=HEARTBEAT,
            inactive_threshold=30.0,
            mem_storage=True,
            num_replicas=1,
            **start.to_policy(),
        ),
    )
    # What the engine has sent before it answered is no longer pending.
    return (info.num_pending or 0) + (info.delivered.consumer_seq if info.delivered else 0)
