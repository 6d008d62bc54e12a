"""Rollouts over a real server, with real agents and fake modules."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Center
from shared_fleet_rollouts import open_chain, run_controller

from vision_ai import DeviceError, InvalidInputError
from vision_ai_fleet.controller.dispatch import Dispatcher
from vision_ai_fleet.controller.lease import Lease
from vision_ai_fleet.errors import ConflictError, NotFoundError
from vision_ai_fleet.jobs import Job, State
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.rollout import Phase, RolloutSpec
from vision_ai_fleet.schedule import Schedule

Run = Callable[[Any], Any]
SCALES = ["0042/01", "0042/02", "0043/01", "0043/02", "0044/01"]


class UnawareLease(Lease):
    """A lease whose holder does not know yet that it is lost."""

    def check(self) -> None:
        pass


def test_a_rollout_goes_through_its_stages_to_every_scale(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, SCALES) as chain, run_controller(center):
            order = await chain.fleet.submit(RolloutSpec("night", "reboot", stages=("1", "50%", "100%")))
            assert order.state.total == 5
            rollout = await chain.wait_for_end("night")
            assert rollout.state.phase is Phase.COMPLETED
            assert rollout.state.counts == {"SUCCEEDED": 5} and rollout.state.stage == 2
            assert rollout.state.duplicates == 0
            assert chain.count_effects("reboot") == [1] * 5
            executions = await chain.fleet.executions("night")
            assert {each.state for each in executions.values()} == {State.SUCCEEDED}
            with pytest.raises(ConflictError):
                await chain.fleet.submit(RolloutSpec("night", "reboot"))
            with pytest.raises(ConflictError, match="a rollout night"):
                await chain.fleet.add_schedule(Schedule("night", "backup", "02:30"))
            with pytest.raises(InvalidInputError, match="has ended"):
                await chain.fleet.pause("night")
            with pytest.raises(NotFoundError):
                await chain.fleet.cancel("another")

    run(use())


def test_a_canary_that_fails_ends_the_rollout_for_the_others(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, SCALES) as chain, run_controller(center):
            for module in chain.modules.values():
                module.failures.append(DeviceError(-6210))
            await chain.fleet.submit(RolloutSpec("night", "reboot", max_failures="100%"))
            rollout = await chain.wait_for_end("night")
            assert rollout.state.phase is Phase.ABORTED and rollout.state.submitted == 1
            executions = await chain.fleet.executions("night")
            assert [execution.state for scale, execution in sorted(executions.items())] == [
                State.FAILED,
                *[State.CANCELED] * 4,  # should a controller that lost the lease give it to them after all
            ]
            assert "0042/01" in rollout.state.reason and "-6210" in rollout.state.reason
            assert chain.count_effects("reboot") == [0] * 5

    run(use())


def test_a_data_set_that_is_tied_to_its_device_stops_with_an_explanation(
    center: Center, run: Run, tmp_path: Path
) -> None:
    async def use() -> None:
        (tmp_path / "set.evo").write_bytes(b"data set")
        async with open_chain(center, SCALES) as chain, run_controller(center):
            await chain.fleet.submit(RolloutSpec("save", "backup", targets=("0042/01",)))
            await chain.wait_for_end("save")
            (backup,) = await chain.fleet.backups("0042", "01")
            manifest = await chain.fleet.put_file(tmp_path / "set.evo", source=backup)
            for module in chain.modules.values():
                module.failures.append(DeviceError(-6142))
            order = await chain.fleet.submit(RolloutSpec("give", "restore", {"file": manifest.to_dict()}))
            assert order.spec.canary_excludes == ("0042/01",)
            assert (await chain.fleet.targets("give"))[0] != ScaleId("0042", "01")
            rollout = await chain.wait_for_end("give")
            assert rollout.state.phase is Phase.ABORTED and rollout.state.submitted == 1
            assert "ties a data set to the device" in rollout.state.reason
            assert "teaching-list" in rollout.state.reason

    run(use())


def test_too_many_failures_take_back_what_nobody_has_begun(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, SCALES, ["0045/01", "0045/02"]) as chain, run_controller(center):
            for name in SCALES[1:]:
                chain.modules[name].failures.append(DeviceError(-6210))
            spec = RolloutSpec("night", "reboot", stages=("1", "100%"), max_failures="2")
            await chain.fleet.submit(spec)
            rollout = await chain.wait_for_end("night")
            assert rollout.state.phase is Phase.ABORTED
            assert "scales failed" in rollout.state.reason
            executions = await chain.fleet.executions("night")
            for name in ("0045/01", "0045/02"):
                assert executions[ScaleId.parse(name)].state is State.CANCELED
            left = await chain.fleet.connection.jetstream.stream_info("JOBS-0045")
            assert left.state.messages == 0

    run(use())


@pytest.mark.slow
def test_a_scale_that_is_off_does_not_hold_up_the_stages_and_expires(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, SCALES[:3], ["0042/09"]) as chain, run_controller(center):
            spec = RolloutSpec("night", "reboot", stages=("1", "2", "100%"), expires_after=10.0)
            await chain.fleet.submit(spec)
            rollout = await chain.wait_for("night", lambda each: each.state.counts.get("SUCCEEDED") == 3)
            assert rollout.state.phase is Phase.RUNNING
            rollout = await chain.wait_for_end("night")
            assert rollout.state.phase is Phase.COMPLETED
            assert rollout.state.counts == {"EXPIRED": 1, "SUCCEEDED": 3}

    run(use())


def test_a_paused_rollout_goes_on_where_it_was(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, SCALES, ["0045/01"]) as chain, run_controller(center):
            canary = chain.modules["0042/01"]
            canary.gate = asyncio.Event()
            await chain.fleet.submit(RolloutSpec("night", "reboot", targets=(*SCALES, "0045/01")))
            await canary.started.wait()
            await chain.fleet.pause("night")
            paused = await chain.wait_for("night", lambda each: each.state.settled)
            assert paused.state.phase is Phase.PAUSED
            canary.gate.set()
            await chain.wait_for("night", lambda each: each.state.counts == {"SUCCEEDED": 1})
            assert chain.count_effects("reboot") == [1, 0, 0, 0, 0]
            await chain.fleet.resume("night")
            await chain.wait_for("night", lambda each: each.state.counts.get("SUCCEEDED") == 5)
            await chain.fleet.pause("night")
            await chain.wait_for("night", lambda each: each.state.settled)
            left = await chain.fleet.connection.jetstream.stream_info("JOBS-0045")
            assert left.state.messages == 0
            await chain.fleet.resume("night")
            await chain.wait_for("night", lambda each: each.state.settled)
            left = await chain.fleet.connection.jetstream.stream_info("JOBS-0045")
            assert left.state.messages == 1
            await chain.fleet.cancel("night")
            rollout = await chain.wait_for_end("night")
            assert rollout.state.phase is Phase.CANCELED
            assert rollout.state.counts == {"CANCELED": 1, "SUCCEEDED": 5}
            assert chain.count_effects("reboot") == [1] * 5

    run(use())


def test_within_a_store_one_scale_follows_the_other(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, SCALES[:4]) as chain, run_controller(center):
            gates = {name: asyncio.Event() for name in SCALES[:4]}
            for name, gate in gates.items():
                chain.modules[name].gate = gate
            spec = RolloutSpec("night", "reboot", stages=("100%",), order="within-store")
            await chain.fleet.submit(spec)
            await chain.modules["0042/01"].started.wait()
            await chain.modules["0043/01"].started.wait()
            assert chain.count_effects("reboot") == [1, 0, 1, 0]
            gates["0042/01"].set()
            await chain.modules["0042/02"].started.wait()
            assert chain.count_effects("reboot") == [1, 1, 1, 0]
            for gate in gates.values():
                gate.set()
            rollout = await chain.wait_for_end("night")
            assert rollout.state.counts == {"SUCCEEDED": 4}

    run(use())


def test_each_scale_gets_its_own_backup_back(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, SCALES[:2]) as chain, run_controller(center):
            await chain.fleet.submit(RolloutSpec("save", "backup", targets=("0042/01",)))
            await chain.wait_for_end("save")
            await chain.fleet.submit(RolloutSpec("back", "restore", {"file": "own"}, max_failures="1"))
            rollout = await chain.wait_for_end("back")
            assert rollout.state.counts == {"FAILED": 1, "SUCCEEDED": 1}
            executions = await chain.fleet.executions("back")
            assert executions[ScaleId("0042", "02")].message == "the center has no backup of this scale"
            assert chain.count_effects("restore") == [1, 0]

    run(use())


def test_an_order_of_someone_without_the_right_is_not_carried_out(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, SCALES[:1]) as chain, run_controller(center):
            await chain.fleet.submit(RolloutSpec("first", "doctor"))
            await chain.wait_for_end("first")
            entry = await chain.fleet.bucket("rollouts").get("chain.first")
            assert entry is not None
            value = {**entry.value, "state": {"phase": "RUNNING"}}
            value["spec"]["id"] = "forged"
            await chain.fleet.bucket("targets").put("chain.forged", {"targets": ["0042.01"]})
            await chain.fleet.bucket("rollouts").put("chain.forged", value)
            await chain.fleet.submit(RolloutSpec("last", "doctor", created=time.time()))
            await chain.wait_for_end("last")
            assert {each.spec.id for each in await chain.fleet.rollouts()} == {"first", "last"}
            assert await chain.fleet.executions("forged") == {}

    run(use())


def test_what_a_controller_without_the_lease_sends_late_is_not_done(center: Center, run: Run) -> None:
    """A job that reaches the queue after its rollout was aborted, as from a connection that came back."""

    async def use() -> None:
        async with open_chain(center, SCALES) as chain, run_controller(center):
            for module in chain.modules.values():
                module.failures.append(DeviceError(-6210))
            order = await chain.fleet.submit(RolloutSpec("night", "reboot"))
            await chain.wait_for_end("night")
            lease = UnawareLease(chain.fleet.connection)
            job = Job("night", "reboot", {}, "night", None, time.time() + 60, order.spec.created)
            scale = ScaleId.parse(SCALES[1])
            await Dispatcher(chain.fleet.connection, lease).send([(scale, job)], 0)
            while (await chain.fleet.connection.jetstream.stream_info("JOBS-0042")).state.messages:
                await asyncio.sleep(0.02)
            assert chain.count_effects("reboot") == [0] * 5
            assert chain.modules[SCALES[1]].failures  # it was not even tried

    run(use())


def test_a_purge_that_arrives_late_leaves_newer_jobs_alone(center: Center, run: Run) -> None:
    async def use() -> None:
        async with center.open("0042/01") as connection:
            await connection.jetstream.publish("jobs.0042.01.night", b"old")
            info = await connection.jetstream.stream_info("JOBS-0042")
            await connection.jetstream.publish("jobs.0042.01.night", b"new")
            await connection.jetstream.purge_stream(
                "JOBS-0042", seq=info.state.last_seq + 1, subject="jobs.0042.*.night"
            )
            assert (await connection.jetstream.stream_info("JOBS-0042")).state.messages == 1

    run(use())
