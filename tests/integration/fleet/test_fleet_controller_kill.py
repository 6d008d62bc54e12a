"""Controllers and the server are killed at random moments: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import Center
from shared_fleet_rollouts import open_chain

from vision_ai_fleet.rollout import Phase, RolloutSpec

Run = Callable[..., Any]
SCALES = [f"{42 + number % 4:04}/{number:02}" for number in range(24)]
PROGRAM = """
import asyncio, sys
from vision_ai_fleet.client import Fleet
from vision_ai_fleet.controller import Controller, lease
from vision_ai_fleet.credentials import Credentials

lease.RETRY = 0.05

async def main():
    while True:
        try:
            async with Fleet.connect(Credentials.read(sys.argv[1]), name="controller") as fleet:
                await Controller(fleet).run()
        except Exception as error:
            print(error, file=sys.stderr)
            await asyncio.sleep(0.1)

asyncio.run(main())
"""


@asynccontextmanager
async def start_controller(credentials: Path) -> AsyncGenerator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(credentials), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.slow
def test_controllers_killed_at_random_moments_lose_and_repeat_nothing(
    center: Center, run: Run, tmp_path: Path
) -> None:
    """Three rollouts; during each the acting controller is killed, and the next one waits for no lease."""
    seed = int(os.environ.get("VISION_AI_SEED", "0")) or random.randrange(2**31)
    print(f"VISION_AI_SEED={seed}")
    chance = random.Random(seed)
    center.operator.write(tmp_path / "operator.creds")

    async def use() -> None:
        async with open_chain(center, SCALES) as chain:
            for module in chain.modules.values():
                module.job_time = 0.02
            leases = chain.fleet.bucket("leases")
            for number in range(6):
                id = f"night-{number}"
                await chain.fleet.submit(RolloutSpec(id, "reboot", stages=("1", "30%", "100%")))
                for _ in range(2):
                    async with start_controller(tmp_path / "operator.creds") as process:
                        while await leases.get("controller") is None:
                            await asyncio.sleep(0.01)
                        await asyncio.sleep(chance.uniform(0.0, 0.15))
                        os.kill(process.pid, signal.SIGKILL)
                        await process.wait()
                    await leases.delete("controller")  # as the engine does in time: a dead one renews nothing
                async with start_controller(tmp_path / "operator.creds"):
                    rollout = await chain.wait_for_end(id)
                await leases.delete("controller")
                assert rollout.state.phase is Phase.COMPLETED
                assert rollout.state.counts == {"SUCCEEDED": len(SCALES)}
                assert chain.count_effects("reboot") == [number + 1] * len(SCALES)
            assert not any(module.twice for module in chain.modules.values())

    run(use(), 240)


@pytest.mark.slow
def test_a_controller_that_is_killed_is_followed_by_the_one_that_waits(
    center: Center, run: Run, tmp_path: Path
) -> None:
    center.operator.write(tmp_path / "operator.creds")

    async def use() -> None:
        async with open_chain(center, SCALES[:4]) as chain:
            leases = chain.fleet.bucket("leases")
            gate = chain.modules[SCALES[0]].gate = asyncio.Event()
            async with start_controller(tmp_path / "operator.creds") as first:
                await chain.fleet.submit(RolloutSpec("night", "reboot"))
                await chain.wait_for("night", lambda each: each.state.submitted == 1)
                async with start_controller(tmp_path / "operator.creds"):
                    holder = await leases.get("controller")
                    os.kill(first.pid, signal.SIGKILL)
                    gate.set()
                    rollout = await chain.wait_for_end("night")
                    now = await leases.get("controller")
                    assert holder is not None and now is not None
                    assert holder.value["holder"] != now.value["holder"]
            assert rollout.state.counts == {"SUCCEEDED": 4}
            assert chain.count_effects("reboot") == [1] * 4

    run(use(), 240)


@pytest.mark.slow
def test_a_server_killed_in_the_middle_of_rollouts_loses_and_repeats_nothing(
    center: Center, run: Run, tmp_path: Path
) -> None:
    center.operator.write(tmp_path / "operator.creds")

    async def use() -> None:
        async with open_chain(center, SCALES) as chain, start_controller(tmp_path / "operator.creds"):
            for module in chain.modules.values():
                module.job_time = 0.05
            for number in range(2):
                id = f"night-{number}"
                await chain.fleet.submit(RolloutSpec(id, "reboot", stages=("1", "30%", "100%")))
                await chain.wait_for(id, lambda each: each.state.counts.get("SUCCEEDED", 0) >= 2)
                await asyncio.to_thread(center.server.kill)
                await asyncio.to_thread(center.server.start)
                rollout = await chain.wait_for_end(id)
                assert rollout.state.counts == {"SUCCEEDED": len(SCALES)}
                assert chain.count_effects("reboot") == [number + 1] * len(SCALES)

    run(use(), 240)
