"""Of several controllers one acts, and it notices when it may no longer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Center
from shared_fleet_rollouts import open_chain, run_controller

from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import connect
from vision_ai_fleet.controller import lease as lease_module
from vision_ai_fleet.controller.lease import Lease, LeaseLostError
from vision_ai_fleet.rollout import Phase, RolloutSpec

Run = Callable[[Any], Any]


def test_a_second_controller_waits_until_the_first_gives_the_lease_back(center: Center, run: Run) -> None:
    async def use() -> None:
        async with center.open() as connection, connect(center.operator) as other:
            first, second = Lease(connection), Lease(other)
            await first.acquire()
            waiting = asyncio.create_task(second.acquire())
            with pytest.raises(LeaseLostError):
                second.check()
            first.check()
            await asyncio.sleep(0)
            await first.release()
            assert not first.is_held
            await waiting
            assert second.is_held and not first.is_held

    run(use())


def test_a_holder_whose_lease_was_taken_over_stops(
    center: Center, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_module, "RENEWAL", 0.05)

    async def use() -> None:
        async with center.open() as connection:
            lease = Lease(connection)
            await lease.acquire()
            await Bucket(connection, "leases").put("controller", {"holder": "another"})
            with pytest.raises(LeaseLostError):
                await lease.keep()
            assert not lease.is_held
            await lease.release()  # leaves the other's lease alone
            entry = await Bucket(connection, "leases").get("controller")
            assert entry is not None and entry.value == {"holder": "another"}

    run(use())


def test_a_holder_that_cannot_renew_stops_before_the_engine_gives_the_lease_away(
    center: Center, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_module, "RENEWAL", 0.05)
    monkeypatch.setattr(lease_module, "MARGIN", 14.0)

    async def use() -> None:
        async with center.open() as connection:
            lease = Lease(connection)
            await lease.acquire()
            center.server.kill()
            began = time.monotonic()
            with pytest.raises(LeaseLostError):
                await lease.keep()
            assert time.monotonic() - began < lease_module.TTL - 2

    run(use())


def test_two_controllers_carry_out_a_rollout_once_and_one_goes_on_for_the_other(
    center: Center, run: Run
) -> None:
    async def use() -> None:
        scales = [f"0042/{number:02}" for number in range(8)]
        async with open_chain(center, scales) as chain:
            async with run_controller(center, "a") as first, run_controller(center, "b") as second:
                await chain.fleet.submit(RolloutSpec("one", "reboot", stages=("1", "50%", "100%")))
                await chain.wait_for_end("one")
                assert first.lease.is_held != second.lease.is_held
                gate = chain.modules["0042/00"].gate = asyncio.Event()
                await chain.fleet.submit(RolloutSpec("two", "reboot", stages=("1", "50%", "100%")))
                await chain.wait_for("two", lambda each: each.state.submitted == 1)
            gate.set()
            async with run_controller(center, "c"):
                rollout = await chain.wait_for_end("two")
            assert rollout.state.phase is Phase.COMPLETED
            assert chain.count_effects("reboot") == [2] * 8
            assert not any(module.twice for module in chain.modules.values())

    run(use())
