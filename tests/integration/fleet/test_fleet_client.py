"""What operators, managers and viewers can do with a fleet, over a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from shared_fleet_rollouts import open_chain, run_controller

from vision_ai import InvalidInputError, UnreachableError
from vision_ai_fleet.client import Fleet
from vision_ai_fleet.errors import NotFoundError, NotPermittedError
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.objects import DigestError
from vision_ai_fleet.rollout import RolloutSpec

if TYPE_CHECKING:
    from conftest import Center

Run = Callable[[Any], Any]
FIRST, SECOND = ScaleId("0042", "01"), ScaleId("0043", "01")


def test_scales_are_listed_with_those_that_never_reported(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, ["0042/01"], ["0043/01"]) as chain:
            scales = await chain.fleet.scales()
            assert [(str(each.id), each.state) for each in scales] == [
                ("0042/01", "idle"),
                ("0043/01", "never"),
            ]
            assert [each.id for each in await chain.fleet.scales("0043")] == [SECOND]
            assert [each.id for each in await chain.fleet.scales(where=["engine=9.5.0"])] == [FIRST]
            scale = await chain.fleet.scale(FIRST)
            assert scale.serial_number == "sn-0042-01" and scale.inventory["device"]["sn"] == "sn-0042-01"
            with pytest.raises(NotFoundError):
                await chain.fleet.scale(ScaleId("0042", "99"))

    run(use())


def test_a_module_is_called_through_its_agent(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, ["0042/01"], ["0043/01"]) as chain:
            async with chain.fleet.module(FIRST) as module:
                assert (await module.get_device_info()).sn == "sn-0042-01"
                await module.set_learnmode(mode=0)
                assert chain.modules["0042/01"].learn_mode == 0
            async with chain.fleet.module(SECOND) as module:
                with pytest.raises(UnreachableError, match="the scale 0043/01 is offline"):
                    await module.get_device_info()

    run(use())


def test_a_desired_state_is_changed_in_part_and_taken_away(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, ["0042/01"]) as chain:
            area = {"left": 0, "top": 0, "width": 9, "height": 9}
            await chain.fleet.set_desired([FIRST], {"learn_mode": 0, "calibration": area})
            while not (await chain.fleet.scale(FIRST)).drift:
                await asyncio.sleep(0.02)
            assert chain.modules["0042/01"].learn_mode == 1
            await chain.fleet.set_desired([FIRST], {"enforce": True})
            while (await chain.fleet.scale(FIRST)).drift:
                await asyncio.sleep(0.02)
            assert chain.modules["0042/01"].learn_mode == 0
            await chain.fleet.set_desired([FIRST], {"calibration": None})
            assert await chain.fleet.desired(FIRST) == {"learn_mode": 0, "enforce": True}

    run(use())


def test_a_view_follows_scales_and_counts_them(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, ["0042/01"], ["0043/01"]) as chain, chain.fleet.view() as view:
            assert view.count("state") == {"idle": 1, "never": 1}
            assert view.count("engine", "0042") == {"9.5.0": 1}
            changed = asyncio.Event()
            view.listeners.append(lambda change: changed.set())
            inventory = chain.fleet.bucket("inventory")
            await inventory.put("0043.01", {"device": {"engine": "9.6.0"}, "time": 1.0})
            await changed.wait()
            assert view.count("engine") == {"9.5.0": 1, "9.6.0": 1}
            assert view.count("state") == {"idle": 1, "offline": 1}
            changed.clear()
            await inventory.delete("0043.01")
            while SECOND in view.scales:
                await asyncio.wait_for(changed.wait(), 3)
                changed.clear()
            assert view.count("engine", "0043") == {} and SECOND not in view.scales

    run(use())


def test_files_and_backups_are_stored_listed_and_deleted(center: Center, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        (tmp_path / "set.evo").write_bytes(b"set" * 200_000)
        async with open_chain(center, ["0042/01"]) as chain:
            fleet = chain.fleet
            manifest = await fleet.put_file(tmp_path / "set.evo", "spring")
            assert await fleet.get_backup(manifest, tmp_path) == tmp_path / "spring"
            assert (tmp_path / "spring").read_bytes() == b"set" * 200_000
            assert [each.name for each in await fleet.files()] == ["spring"]
            await fleet.connection.jetstream.publish(manifest.chunk_subject, b"more", headers={"Chunk": "9"})
            await fleet.remove_file("spring")
            assert await fleet.files() == []
            with pytest.raises(NotFoundError):
                await fleet.get_backup(manifest, tmp_path / "again")
            with pytest.raises(NotFoundError):
                await fleet.remove_file("spring")
            await fleet.connection.jetstream.publish(manifest.chunk_subject, b"x" * 262_144)
            await fleet.connection.jetstream.publish(manifest.chunk_subject, b"x" * 262_144)
            await fleet.connection.jetstream.publish(manifest.chunk_subject, b"x")
            with pytest.raises(DigestError):
                await fleet.get_backup(manifest, tmp_path / "again")
            assert not (tmp_path / "again").exists()

    run(use())


def test_events_come_in_their_order_from_any_moment(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, ["0042/01"]) as chain:
            module = chain.modules["0042/01"]
            for number in range(3):
                module.record("/stores/9999/scales/99", number=number)
            found: list[Any] = []
            async with aclosing(chain.fleet.events(since=0.0, kind="recognition")) as events:
                async for event in events:
                    found.append(event)
                    if len(found) == 3:
                        break
            assert [event.data["data"]["number"] for event in found] == [0, 1, 2]
            assert {event.data["source"] for event in found} == {"/stores/0042/scales/01"}
            async with aclosing(chain.fleet.events(store="0043", follow=False)) as events:
                assert [event async for event in events] == []

    run(use())


def test_a_manager_orders_for_the_own_store_and_a_viewer_only_looks(center: Center, run: Run) -> None:
    async def use() -> None:
        manager = center.trust.make_credentials("manager", "m", server=center.server.url, store="0042")
        viewer = center.trust.make_credentials("viewer", "v", server=center.server.url)
        async with open_chain(center, ["0042/01", "0043/01"]) as chain, run_controller(center):
            async with Fleet.connect(manager) as fleet:
                assert [each.id for each in await fleet.scales()] == [FIRST]
                with pytest.raises(NotPermittedError, match="may not give orders to the chain"):
                    await fleet.submit(RolloutSpec("all", "doctor"))
                await fleet.submit(RolloutSpec("night", "reboot", scope="0042"))
                rollout = await chain.wait_for_end("night")
                assert rollout.state.counts == {"SUCCEEDED": 1} and rollout.spec.by == "m"
                assert [each.spec.id for each in await fleet.rollouts()] == ["night"]
                assert set(await fleet.executions("night")) == {FIRST}
                await fleet.set_desired([FIRST], {"learn_mode": 0})
                assert await fleet.backups() == await fleet.files() == []
                with pytest.raises(NotPermittedError):
                    await fleet.set_desired([SECOND], {"learn_mode": 0})
            async with Fleet.connect(viewer) as fleet:
                assert len(await fleet.scales()) == 2 and len(await fleet.rollouts()) == 1
                with pytest.raises(NotPermittedError, match="may not read backups"):
                    await fleet.backups()
                async with fleet.module(FIRST) as module:
                    assert (await module.get_device_info()).sn == "sn-0042-01"
                    with pytest.raises(NotPermittedError, match="may not give orders"):
                        await module.set_learnmode(mode=1)
                with pytest.raises(InvalidInputError, match="has ended"):
                    await fleet.pause("night")
            assert chain.count_effects("reboot") == [1, 0]

    run(use())
