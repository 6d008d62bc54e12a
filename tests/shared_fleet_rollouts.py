"""Agents with fake modules, and a controller over them, for tests of rollouts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from shared_fleet_module import FakeModule

from vision_ai_fleet.agent.agent import Agent
from vision_ai_fleet.agent.settings import AgentSettings, Limits
from vision_ai_fleet.client import Fleet
from vision_ai_fleet.controller import Controller
from vision_ai_fleet.credentials import Credentials
from vision_ai_fleet.names import ROLLOUTS, ScaleId
from vision_ai_fleet.rollout import Rollout
from vision_ai_fleet.rollout_store import RolloutStore
from vision_ai_fleet.tasks import end_tasks


@dataclass
class Chain:
    """A fleet with agents in this process.

    Attributes:
        modules: The fake module of each scale, by its name such as `0042/07`.
    """

    fleet: Fleet
    modules: dict[str, FakeModule] = field(default_factory=dict[str, FakeModule])

    async def wait_for(self, id: str, until: Callable[[Rollout], Any]) -> Rollout:
        """Wait until a rollout is where it should be. The limit is that of the test."""
        store = RolloutStore(self.fleet.connection)
        async with aclosing(self.fleet.bucket(ROLLOUTS).watch(f"*.{id}")) as entries:
            async for entry in entries:
                if entry is not None and (rollout := store.parse(entry)) is not None and until(rollout):
                    return rollout
        raise AssertionError("the watch ended")

    async def wait_for_end(self, id: str) -> Rollout:
        """Wait until a rollout has ended and everything is settled."""
        return await self.wait_for(id, lambda each: each.state.phase.is_end and each.state.settled)

    def count_effects(self, kind: str) -> list[int]:
        """Return how often a kind of job had its effect on each module."""
        return [
            sum(count for name, count in module.effects.items() if name.startswith(f"{kind}/"))
            for module in self.modules.values()
        ]


@asynccontextmanager
async def open_chain(
    center: Any, online: Sequence[str], offline: Sequence[str] = ()
) -> AsyncGenerator[Chain]:
    """Enrol scales, and run agents for those that are online."""
    async with center.open(*online, *offline) as connection, AsyncExitStack() as stack:
        chain = Chain(Fleet(connection))
        for name in online:
            chain.modules[name] = module = FakeModule(f"sn-{name.replace('/', '-')}")
            await stack.enter_async_context(open_agent(center.enrol(name), module))
        reported: set[ScaleId] = set()
        while len(reported) < len(online):
            reported = {each.id for each in await chain.fleet.scales() if each.reported and each.is_online}
            await asyncio.sleep(0.01)
        yield chain


@asynccontextmanager
async def open_agent(credentials: Credentials, module: FakeModule) -> AsyncGenerator[Agent]:
    """Run an agent."""
    limits = Limits(quiet_wait=0.1)
    settings = AgentSettings(credentials, heartbeat=5.0, reconnect_spread=0.0, limits=limits)
    async with Agent(settings, module) as agent:
        await agent.ready.wait()
        yield agent


@asynccontextmanager
async def run_controller(center: Any, name: str = "") -> AsyncGenerator[Controller]:
    """Run a controller with a connection of its own."""
    async with Fleet.connect(center.operator, name=f"controller {name}") as fleet:
        controller = Controller(fleet)
        task = asyncio.create_task(controller.run())
        try:
            yield controller
        finally:
            await end_tasks([task])
