"""`Controller`: holds the lease and runs the parts that act."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vision_ai_fleet.client import Fleet
from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.tasks import end_tasks
from vision_ai_fleet.view import FleetView

from .expiry import Expiry
from .lease import Lease, LeaseLostError
from .retention import Retention
from .rollout_manager import RolloutManager
from .schedules import Scheduler

logger = logging.getLogger("vision_ai_fleet")

PAUSE = 2.0
"""Seconds after a part failed before it is started again."""


class Part(Protocol):
    """Something that the controller does while it holds the lease, such as alerts."""

    async def run(self, view: FleetView, lease: Lease) -> None:
        """Act until canceled. Call `lease.check()` before each act that another controller must not repeat."""
        ...


@dataclass(frozen=True)
class ControllerSettings:
    """How a controller works.

    Args:
        name: Who it is, in the lease.
    """

    name: str = ""


class Controller:
    """Carries out what is ordered. Any number may run, on any computers; one at a time acts.

    Args:
        fleet: Connected as an operator.
        settings: How it works.
        parts: What it does besides, such as alerts.
    """

    def __init__(
        self,
        fleet: Fleet,
        settings: ControllerSettings | None = None,
        parts: Sequence[Part] = (),
    ) -> None:
        self._fleet = fleet
        self._parts: tuple[Part, ...] = (
            *(RolloutManager(fleet), Scheduler(fleet), Retention(fleet), Expiry(fleet)),
            *parts,
        )
        self.lease = Lease(fleet.connection, (settings or ControllerSettings()).name)

    async def run(self) -> None:
        """Wait for the lease, act while it is held, and wait again. It ends only when it is canceled."""
        try:
            while True:
                await self.lease.acquire()
                logger.info("controller %s acts", self.lease.holder)
                try:
                    await self._act()
                except LeaseLostError as error:
                    logger.warning("controller %s stops: %s", self.lease.holder, error)
        finally:
            await self.lease.release()

    async def _act(self) -> None:
        """Run all parts, until the lease is lost."""
        keeper = asyncio.create_task(self.lease.keep())
        actor = asyncio.create_task(self._run_parts())
        tasks = (keeper, actor)
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end_tasks(tasks)
        for task in done:
            task.result()

    async def _run_parts(self) -> None:
        async with self._fleet.view() as view:
            tasks = [asyncio.create_task(self._run_part(part, view)) for part in self._parts]
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                await end_tasks(tasks)

    async def _run_part(self, part: Part, view: FleetView) -> None:
        while True:
            try:
                await part.run(view, self.lease)
            except LeaseLostError:
                raise
            except FleetError as error:
                logger.warning("%s: %s", type(part).__name__, error)
            except Exception:
                logger.exception("%s failed", type(part).__name__)
            await asyncio.sleep(PAUSE)
