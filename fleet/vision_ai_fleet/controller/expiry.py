"""Forget rollouts that ended long ago. The engine forgets their executions by itself."""

from __future__ import annotations

import asyncio
import time

from vision_ai_fleet import names
from vision_ai_fleet.client import Fleet
from vision_ai_fleet.view import FleetView

from .lease import Lease

INTERVAL = 3600.0
KEPT = 90 * 86400.0
"""Seconds that a rollout is listed after its end, as long as its executions are."""


class Expiry:
    """The part of the controller that forgets old rollouts."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    async def run(self, view: FleetView, lease: Lease) -> None:
        """Look at all rollouts again and again.

        Raises:
            LeaseLostError: this controller may no longer act.
        """
        while True:
            await self.clean_up(view, lease)
            await asyncio.sleep(INTERVAL)

    async def clean_up(self, view: FleetView, lease: Lease, now: float | None = None) -> None:
        """Forget the rollouts that ended long ago."""
        limit = (time.time() if now is None else now) - KEPT
        for rollout in list(view.rollouts.values()):
            if rollout.state.phase.is_end and rollout.state.settled and rollout.state.updated < limit:
                lease.check()
                await self._fleet.bucket(names.ROLLOUTS).delete(rollout.spec.key)
                await self._fleet.bucket(names.TARGETS).delete(rollout.spec.key)
