"""The lease: of all controllers, one acts.

It is an entry that the engine removes by itself unless its holder renews it in time. The holder counts from the moment
at which it *began* to renew, on its own clock, and stops before the engine lets anybody else take it.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from contextlib import suppress

from vision_ai_fleet import names
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import Connection
from vision_ai_fleet.errors import ConflictError, FleetError

logger = logging.getLogger("vision_ai_fleet")

KEY = "controller"
TTL = 15.0
"""Seconds that the engine keeps a lease which is not renewed. See `BUCKET_SETTINGS`."""
MARGIN = 4.0
"""Seconds by which the holder stops earlier."""
RENEWAL = 4.0
"""Seconds between renewals."""
LONGEST_RENEWAL = 2.0
"""Seconds after which a renewal is tried again: what was sent when the center went away is lost."""
RETRY = 2.0
"""Seconds between two attempts to take it."""


class LeaseLostError(Exception):
    """Another controller acts, or may act: this one has to stop."""


class Lease:
    """The right to act. `acquire` it, run `keep` beside what acts, and `check` before each act."""

    def __init__(self, connection: Connection, name: str = "") -> None:
        self.holder = f"{name or 'controller'}-{secrets.token_hex(4)}"
        self._bucket = Bucket(connection, names.LEASES)
        self._revision = 0
        self._deadline = 0.0

    @property
    def is_held(self) -> bool:
        return time.monotonic() < self._deadline

    def check(self) -> None:
        """Refuse to act without the lease.

        Raises:
            LeaseLostError: it was not renewed in time.
        """
        if not self.is_held:
            raise LeaseLostError("the lease was not renewed in time")

    async def acquire(self) -> None:
        """Wait until this controller holds the lease."""
        while True:
            began = time.monotonic()
            try:
                self._revision = await self._take()
            except FleetError as error:
                if not isinstance(error, ConflictError):
                    logger.debug("the lease cannot be taken: %s", error)
                await asyncio.sleep(RETRY)
            else:
                self._deadline = began + TTL - MARGIN
                if self.is_held:
                    return

    async def _take(self) -> int:
        """Take the lease where nobody has it, or where it is still this controller's after a break."""
        entry = await self._bucket.get(KEY)
        if entry is not None and entry.value.get("holder") == self.holder:
            return await self._bucket.update(KEY, self._describe(), entry.revision)
        return await self._bucket.create(KEY, self._describe())

    async def keep(self) -> None:
        """Renew the lease for as long as that goes well.

        Raises:
            LeaseLostError: it was lost.
        """
        while True:
            await asyncio.sleep(RENEWAL if self._deadline - time.monotonic() > RENEWAL else 0.2)
            self.check()
            began = time.monotonic()
            try:
                async with asyncio.timeout(min(LONGEST_RENEWAL, self._deadline - began)):
                    self._revision = await self._bucket.update(KEY, self._describe(), self._revision)
            except ConflictError:
                await self._adopt()
            except (FleetError, TimeoutError) as error:
                logger.debug("the lease was not renewed: %s", error)
            else:
                self._deadline = began + TTL - MARGIN

    async def release(self) -> None:
        """Give the lease back, so that another controller need not wait."""
        held, self._deadline = self.is_held, 0.0
        if held:
            with suppress(FleetError):
                await self._bucket.delete(KEY, self._revision)

    async def _adopt(self) -> None:
        """Go on with a renewal whose acknowledgement was lost; any other entry means that the lease is lost."""
        with suppress(FleetError):
            entry = await self._bucket.get(KEY)
            if entry is not None and entry.value.get("holder") == self.holder:
                self._revision = entry.revision  # the deadline stays: the next renewal moves it
                return
        self._deadline = 0.0
        raise LeaseLostError("another controller took the lease")

    def _describe(self) -> dict[str, object]:
        return {"holder": self.holder, "time": time.time()}
