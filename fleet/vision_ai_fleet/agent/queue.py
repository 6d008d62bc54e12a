"""The queue of a scale's jobs in the engine, pulled one job at a time.

nats-py's own `fetch` does not notice that the engine restarted and forgot the request. Here the engine sends a sign of
life while a request waits; without one, or after a reconnection, the request is made again.
"""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from vision_ai_fleet.connection import NATS_ERRORS, Connection
from vision_ai_fleet.names import ScaleId, get_jobs_stream

from .tasks import give_up_after_reconnect

logger = logging.getLogger("vision_ai_fleet")

REQUEST_TIME = 300.0
"""Seconds for which the engine keeps a request for a job."""
HEARTBEAT = 60.0
"""Seconds between the engine's signs of life meanwhile."""
SILENCE = 130.0
"""Seconds without one, after which the request is made again."""
ERROR_PAUSE = 5.0
ACK_TIMEOUT = 10.0
ACK_ATTEMPTS = 2
SCHEDULER = "Nats-Scheduler"


class Delivery:
    """A job that the engine handed over until it is acknowledged."""

    def __init__(self, connection: Connection, message: Msg) -> None:
        self._connection = connection
        self._message = message
        self.subject = message.subject
        self.data = message.data
        self.is_scheduled = SCHEDULER in (message.headers or {})
        metadata = message.metadata
        self.sequence = metadata.sequence.stream
        self.number = metadata.num_delivered
        """How often it was handed over, with this one."""

    async def keep(self) -> None:
        """Tell the engine that the job is still being worked on."""
        with suppress(*NATS_ERRORS):
            await self._message.in_progress()

    async def finish(self) -> bool:
        """Take the job out of the queue. False: the engine did not confirm it, and hands it over again."""
        for _ in range(ACK_ATTEMPTS):
            try:
                async with give_up_after_reconnect(self._connection):
                    await self._message.ack_sync(ACK_TIMEOUT)
                return True
            except NATS_ERRORS as error:
                logger.debug("the end of a job was not confirmed: %s", error or type(error).__name__)
        return False

    async def postpone(self, delay: float) -> None:
        """Give the job back for some seconds."""
        if self._message.is_acked:
            return
        with suppress(*NATS_ERRORS):
            await self._message.nak(delay=max(0.1, delay))

    async def reject(self) -> None:
        """Take a job out of the queue that nobody can do."""
        with suppress(*NATS_ERRORS):
            await self._message.term()


class JobQueue:
    """The queue of one scale. Use it with `async with`."""

    def __init__(self, connection: Connection, scale: ScaleId) -> None:
        self._connection = connection
        stream = get_jobs_stream(scale.store)
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{scale.scale}"
        self._inbox = connection.client.new_inbox()
        self._messages = asyncio.Queue[Msg | None]()
        self._subscription: Subscription | None = None

    async def __aenter__(self) -> JobQueue:
        self._subscription = await self._connection.client.subscribe(self._inbox, cb=self._messages.put)
        self._connection.on_reconnect.append(self._wake)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._connection.on_reconnect.remove(self._wake)
        if self._subscription is not None:
            with suppress(*NATS_ERRORS):
                await self._subscription.unsubscribe()

    async def take(self) -> Delivery:
        """Wait for the next job."""
        while True:
            try:
                await self._ask()
                while True:
                    async with asyncio.timeout(SILENCE):
                        message = await self._messages.get()
                    status = None if message is None else (message.headers or {}).get("Status")
                    if message is None or status in (
                        "408",
                        "409",
                    ):  # over, or the engine restarted: ask again
                        break
                    if status is None:
                        return Delivery(self._connection, message)
                    if status != "100":
                        logger.debug("the queue of jobs is not ready: %s", status)
                        await asyncio.sleep(ERROR_PAUSE)
                        break
            except NATS_ERRORS as error:
                logger.debug("no answer from the queue of jobs: %s", error or type(error).__name__)
                if not isinstance(error, TimeoutError):
                    await asyncio.sleep(ERROR_PAUSE)

    async def _ask(self) -> None:
        if not self._messages.empty():
            return
        request = {
            "batch": 1,
            "expires": int(REQUEST_TIME * 1e9),
            "idle_heartbeat": int(HEARTBEAT * 1e9),
        }
        await self._connection.client.publish(self._subject, json.dumps(request).encode(), self._inbox)

    def _wake(self) -> None:
        self._messages.put_nowait(None)
