"""The agent's signs of life."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.names import PRESENCE

from .session import Session
from .tasks import wait_until_set

logger = logging.getLogger("vision_ai_fleet")

CLOCK_INTERVAL = 600.0
"""Seconds after which the engine's clock is read again."""
RETRY_PAUSE = (1.0, 5.0)
LEAVE_TIMEOUT = 2.0


class PresenceReporter:
    """Tells the center that this agent runs, and reads the center's clock from what it stored.

    Args:
        session: The agent's.
        describe: Returns the presence.
    """

    def __init__(self, session: Session, describe: Callable[[], dict[str, Any]]) -> None:
        self._session = session
        self._describe = describe
        self._bucket = Bucket(session.connection, PRESENCE)
        self._again = asyncio.Event()
        self._read_clock_at = 0.0

    async def run(self) -> None:
        """Report, until it is canceled."""
        self._session.connection.on_reconnect.append(self._resume)
        try:
            while True:
                pause = self._session.settings.heartbeat * random.uniform(0.9, 1.1)
                try:
                    await self.report()
                except FleetError as error:
                    logger.debug("the presence could not be sent: %s", error)
                    pause = random.uniform(*RETRY_PAUSE)
                if await wait_until_set(self._again, pause):
                    await asyncio.sleep(random.uniform(0, self._session.settings.reconnect_spread))
        finally:
            self._session.connection.on_reconnect.remove(self._resume)

    async def report(self) -> None:
        """Send one sign of life.

        Raises:
            FleetError: the center did not take it.
        """
        begin = time.monotonic()
        await self._bucket.put(self._session.scale.key, self._describe())
        end = time.monotonic()
        if end >= self._read_clock_at:
            await self._session.clock.measure(self._session.connection, self._session.scale, (begin, end))
            self._read_clock_at = end + CLOCK_INTERVAL

    async def leave(self) -> None:
        """Take the presence back, so that the scale counts as offline at once."""
        if self._session.connection.is_connected:
            with suppress(FleetError, TimeoutError):
                async with asyncio.timeout(LEAVE_TIMEOUT):
                    await self._bucket.delete(self._session.scale.key)

    def _resume(self) -> None:
        self._read_clock_at = 0.0
        self._again.set()
