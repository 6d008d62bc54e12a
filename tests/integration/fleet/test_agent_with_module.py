"""Real agents over a real server, each with an emulated module and its till."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import Center
from shared_fleet_agent import make_settings, send_job, shorten_pauses, wait_for_execution

from vision_ai import VisionAI
from vision_ai_emulator import Emulator, serve
from vision_ai_fleet.agent.agent import Agent
from vision_ai_fleet.agent.database import Database
from vision_ai_fleet.agent.module import ModuleSettings, ScaleModule, open_module
from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import Connection
from vision_ai_fleet.events.stream import read_events
from vision_ai_fleet.jobs import State
from vision_ai_fleet.names import INVENTORY, get_backups_stream

Run = Callable[[Any], Any]
FIRST, SECOND = "0042/01", "0042/02"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    shorten_pauses(monkeypatch)


@asynccontextmanager
async def open_scale(
    center: Center, name: str, emulator: Emulator, folder: Path
) -> AsyncGenerator[tuple[Agent, ScaleModule]]:
    """Run the agent of a scale whose module is an emulator that is served on 127.0.0.1."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = make_settings(center.enrol(name), folder)
    with serve(emulator) as url:
        database = Database(folder)
        module = open_module(
            ModuleSettings(
                settings.credentials.scale_id,
                database.instance,
                folder,
                url=url,
                relay_port=0,
                quiet_seconds=0.2,
            )
        )
        try:
            async with Agent(settings, module, database) as agent:
                yield agent, module
        finally:
            await module.close()


async def count_messages(connection: Connection) -> int:
    """Return how many chunks and manifests the store's backups have."""
    return (await connection.jetstream.stream_info(get_backups_stream("0042"))).state.messages


def sell(url: str | None) -> None:
    with VisionAI(url) as till:
        till.learn("001", "Apple", pictures=1)
        till.confirm(till.get_result(), "001", "Apple")


async def wait_for_inventory(connection: Connection, key: str) -> dict[str, Any]:
    async for entry in Bucket(connection, INVENTORY).watch(key):
        if entry is not None and "module" in entry.value:  # before, it only says that it was enrolled
            return entry.value
    raise AssertionError


async def wait_for_recognition(connection: Connection) -> Any:
    while True:
        async for batch in read_events(connection):
            for event in batch.events:
                if event.kind == "recognition":
                    return event
        await asyncio.sleep(0.1)


def test_a_scale_is_seen_and_its_till_goes_on_selling(center: Center, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        emulator = Emulator(pan="apple", pace="immediate", sn="00000001")
        async with (
            center.open(FIRST) as connection,
            open_scale(center, FIRST, emulator, tmp_path / "a") as scale,
        ):
            agent, module = scale
            inventory = await wait_for_inventory(connection, "0042.01")
            assert (inventory["module"], inventory["device"]["sn"]) == ("ready", "00000001")
            await asyncio.to_thread(sell, module.relay_url)
            event = await wait_for_recognition(connection)
            assert (event.data["choice"], event.data["serial_number"]) == ("001", "00000001")
            assert event.id == f"{agent.instance}.0-1"

    run(use())


def test_a_backup_is_restored_here_and_refused_elsewhere(center: Center, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        first = Emulator(pan="apple", pace="immediate", sn="00000001", backup_padding=600_000)
        second = Emulator(pan="apple", pace="immediate", sn="00000002")
        async with (
            center.open(FIRST, SECOND) as connection,
            open_scale(center, FIRST, first, tmp_path / "a"),
            open_scale(center, SECOND, second, tmp_path / "b"),
        ):
            await send_job(connection, FIRST, "backup", "b1")
            execution = await wait_for_execution(connection, FIRST, "b1")
            assert execution.state == State.SUCCEEDED and execution.result is not None
            file, messages = execution.result["file"], await count_messages(connection)
            await send_job(connection, FIRST, "backup", "b2")
            again = await wait_for_execution(connection, FIRST, "b2")
            assert again.result is not None and again.result["changed"] is False
            assert await count_messages(connection) == messages + 1  # only a manifest
            for target in (FIRST, SECOND):
                await send_job(connection, target, "restore", "r1", arguments={"file": file})
            restored = await wait_for_execution(connection, FIRST, "r1")
            refused = await wait_for_execution(connection, SECOND, "r1")
            assert (restored.state, restored.code) == (State.SUCCEEDED, None)
            assert (refused.state, refused.code) == (State.FAILED, -6142)
            assert "only on the module that it was made of" in (refused.message or "")
            assert first.acted["start_backup"] == 2 and first.acted["start_restore"] == 1

    run(use())


def test_a_module_that_is_away_is_waited_for(center: Center, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        emulator = Emulator(pan="apple", pace="immediate", reboot_seconds=0.1)
        async with center.open(FIRST) as connection, open_scale(center, FIRST, emulator, tmp_path / "a"):
            await wait_for_inventory(connection, "0042.01")
            emulator.unplug()
            await send_job(connection, FIRST, "set_learn_mode", arguments={"mode": 0})
            await wait_for_execution(connection, FIRST, until=lambda each: each.state == State.RETRYING)
            emulator.plug_in()
            execution = await wait_for_execution(connection, FIRST)
            assert execution.state == State.SUCCEEDED and emulator.learn_mode == 0
            assert emulator.acted["set_learnmode"] == 1

    run(use())
