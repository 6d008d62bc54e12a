"""The engine's clock: that of a scale's computer may be hours off."""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import logging
import time

from vision_ai_fleet.connection import NATS_ERRORS, Connection, translate_error
from vision_ai_fleet.names import PRESENCE, ScaleId, get_bucket_subject

logger = logging.getLogger("vision_ai_fleet")

NOTEWORTHY = 60.0
"""Seconds by which a computer's clock may be off before it is logged."""


class EngineClock:
    """The time at the engine. Until it was measured, it is this computer's.

    Between two measurements it runs on the monotonic clock, so that somebody who sets this computer's clock changes
    nothing.
    """

    def __init__(self) -> None:
        self.measured = asyncio.Event()
        self._base = time.time()
        self._base_monotonic = time.monotonic()

    @property
    def now(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        return self._base + time.monotonic() - self._base_monotonic

    @property
    def offset(self) -> float:
        """Seconds by which the engine's clock is ahead of this computer's."""
        return self.now - time.time()

    def set(self, now: float, monotonic: float) -> None:
        """Take over the engine's time at a moment of the monotonic clock."""
        self._base, self._base_monotonic = now, monotonic
        if not self.measured.is_set() and abs(self.offset) > NOTEWORTHY:
            logger.warning(
                "the clock of this computer is %.0f seconds off; the center's is used", self.offset
            )
        self.measured.set()

    async def measure(self, connection: Connection, scale: ScaleId, put_at: tuple[float, float]) -> None:
        """Read the time at which the engine received this scale's presence.

        Args:
            connection: To the engine.
            scale: This agent's.
            put_at: The monotonic time before and after the presence was stored.

        Raises:
            FleetError: the engine did not return it.
        """
        try:
            message = await connection.jetstream.get_msg(
                f"KV_{PRESENCE}", subject=get_bucket_subject(PRESENCE, scale.key), direct=True
            )
        except NATS_ERRORS as error:
            raise translate_error(error) from error
        if message.time is not None:
            self.set(message.time.timestamp(), sum(put_at) / 2)
