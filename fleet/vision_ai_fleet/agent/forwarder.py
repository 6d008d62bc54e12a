"""Collects the module's events into the outbox, and sends them to the center in their order."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import logging
import random
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from nats.js.errors import APIError

from vision_ai import VisionAIError
from vision_ai_fleet.connection import NATS_ERRORS, Connection
from vision_ai_fleet.names import ScaleId, get_event_subject

from .database import DiskFullError
from .engine_clock import EngineClock
from .metrics import Metrics
from .module_port import ModulePort
from .outbox import Outbox, OutgoingEvent, pack_event
from .tasks import wait_until_set

logger = logging.getLogger("vision_ai_fleet")

BATCH = 100
POLL_INTERVAL = 10.0
"""Seconds after which new events are looked for although nobody said that there are any."""
ERROR_PAUSE = 30.0
PUBLISH_TIMEOUT = 10.0
LONGEST_PAUSE = 60.0
"""Seconds between two attempts where the center takes no events, for example because its disk is full."""
MESSAGE_TOO_LARGE = 10054


class Forwarder:
    """The events of one agent.

    Args:
        scale: This agent's.
        module: Where they come from.
        outbox, clock, metrics: The agent's.
        rate: The most events that are sent in a second.
    """

    def __init__(
        self,
        scale: ScaleId,
        module: ModulePort,
        outbox: Outbox,
        clock: EngineClock,
        metrics: Metrics,
        *,
        rate: float = 200.0,
    ) -> None:
        self._scale = scale
        self._module = module
        self._outbox = outbox
        self._clock = clock
        self._metrics = metrics
        self._rate = rate
        self._found = asyncio.Event()
        self._stored = asyncio.Event()
        self._sent = asyncio.Event()
        self._unstored: list[OutgoingEvent] = []
        """Events for which the disk has no space: they go straight to the center."""
        self._unremoved: list[OutgoingEvent] = []
        """Events that the center has, and that could not be removed from a full disk."""

    @property
    def waiting(self) -> int:
        """How many events the center does not have yet."""
        return self._outbox.count + len(self._unstored)

    @property
    def _last(self) -> int:
        return self._unremoved[-1].number if self._unremoved else 0

    def emit(self, kind: str, detail: str, serial_number: str | None = None) -> None:
        """Add an event of the agent itself."""
        event = {
            "specversion": "1.0",
            "id": f"agent-{uuid.uuid4().hex}",
            "revision": 1,
            "source": f"/stores/{self._scale.store}/scales/{self._scale.scale}",
            "type": f"vision_ai.{kind}.v1",
            "time": datetime.fromtimestamp(self._clock.now, UTC).isoformat(),
            "datacontenttype": "application/json",
            "store": self._scale.store,
            "scale": self._scale.scale,
            "data": {"kind": kind, "code": None, "detail": detail, "serial_number": serial_number},
        }
        packed = pack_event(event)
        try:
            self._outbox.add([packed])
        except DiskFullError:
            self._unstored.append(packed)
        self._stored.set()

    async def collect(self) -> None:
        """Read the module's events, until it is canceled."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self._found.set)

        self._module.watch_events(wake)
        position = self._outbox.position
        while True:
            try:
                batch = await self._module.read_events(position)
            except (VisionAIError, OSError) as error:
                logger.warning("the module's events cannot be read: %s", error)
                await asyncio.sleep(ERROR_PAUSE)
                continue
            if not batch.events:
                await wait_until_set(self._found, random.uniform(0.8, 1.2) * POLL_INTERVAL)
                continue
            await self._store(_pack(batch.events), batch.position)
            position = batch.position

    async def send(self, connection: Connection) -> None:
        """Send what waits, until it is canceled."""
        loop, failures = asyncio.get_running_loop(), 0
        connection.on_reconnect.append(self._stored.set)
        try:
            while True:
                events = self._unstored[:BATCH] or self._outbox.take(BATCH, self._last)
                if not events:
                    self._report_dropped()
                    await wait_until_set(self._stored, 60.0)
                    continue
                begin = loop.time()
                if await self._send(connection, events):
                    failures = 0
                    await asyncio.sleep(max(0.0, begin + len(events) / self._rate - loop.time()))
                else:
                    failures += 1
                    await asyncio.sleep(min(LONGEST_PAUSE, 2.0**failures) * random.uniform(0.5, 1.0))
        finally:
            connection.on_reconnect.remove(self._stored.set)

    async def _store(self, events: list[OutgoingEvent], position: str) -> None:
        try:
            self._outbox.add(events, position)
        except DiskFullError as error:
            logger.error("events go straight to the center: %s", error)
            if events:  # the next ones are read when the center has these
                self._unstored = events
                self._sent.clear()
                self._stored.set()
                await self._sent.wait()
        self._stored.set()

    async def _send(self, connection: Connection, events: Sequence[OutgoingEvent]) -> bool:
        outcomes = await asyncio.gather(
            *(
                connection.jetstream.publish(
                    get_event_subject(self._scale, event.kind),
                    event.data,
                    timeout=PUBLISH_TIMEOUT,
                    headers={"Nats-Msg-Id": event.message},
                )
                for event in events
            ),
            return_exceptions=True,
        )
        done: list[OutgoingEvent] = []
        for event, outcome in zip(events, outcomes, strict=True):
            if isinstance(outcome, BaseException) and not isinstance(outcome, NATS_ERRORS):
                raise outcome
            if not isinstance(outcome, BaseException):
                self._metrics.events_sent += 1
                done.append(event)
            elif isinstance(outcome, APIError) and outcome.err_code == MESSAGE_TOO_LARGE:
                logger.error("an event was too large for the center, and was dropped")
                self._metrics.events_dropped += 1
                done.append(event)
        self._remove(done)
        return len(done) == len(events)

    def _remove(self, done: list[OutgoingEvent]) -> None:
        sent = {event.message for event in done if not event.number}
        self._unstored = [event for event in self._unstored if event.message not in sent]
        if not self._unstored:
            self._sent.set()
        self._unremoved += [event for event in done if event.number]
        if not self._unremoved:
            return
        try:
            self._outbox.remove(self._unremoved)
            self._unremoved = []
        except DiskFullError as error:
            logger.error("events that were sent could not be removed: %s", error)

    def _report_dropped(self) -> None:
        if dropped := self._outbox.take_dropped():
            self._metrics.events_dropped += dropped
            logger.error("%d events were dropped: the outbox was full", dropped)
            self.emit("outbox_overflow", f"{dropped} events were dropped: the outbox was full")


def _pack(events: list[dict[str, Any]]) -> list[OutgoingEvent]:
    packed: list[OutgoingEvent] = []
    for event in events:
        try:
            packed.append(pack_event(event))
        except ValueError as error:
            logger.error("an event was left out: %s", error)
    return packed
