"""An agent and its center: presence, inventory, desired state, jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared_fleet_agent import make_settings, send_job, wait_for_execution
from shared_fleet_module import FakeModule

from vision_ai_fleet.agent.agent import Agent
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.jobs import State

if TYPE_CHECKING:
    from conftest import Center

Run = Callable[[Any], Any]


def test_an_agent_shows_its_scale_and_does_jobs(center: Center, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        module = FakeModule()
        async with (
            center.open("0042/07") as connection,
            Agent(make_settings(center.enrol("0042/07"), tmp_path / "agent"), module) as agent,
        ):
            await agent.ready.wait()
            presence = await Bucket(connection, "presence").get("0042.07")
            assert presence is not None and presence.value["state"] == "idle"
            await send_job(connection, "0042/07", "set_learn_mode", arguments={"mode": 0})
            execution = await wait_for_execution(connection, "0042/07")
            assert execution.state == State.SUCCEEDED and module.learn_mode == 0
            assert execution.instance == agent.instance

            async def has_inventory() -> bool:
                entry = await Bucket(connection, "inventory").get("0042.07")
                return entry is not None and entry.value["reported"]["learn_mode"] == 0

            while not await has_inventory():
                await asyncio.sleep(0.01)
        async with center.open() as connection:
            assert await Bucket(connection, "presence").get("0042.07") is None

    run(use())
