"""Schedules by the engine's clock, and how many backups stay."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Center
from shared_fleet_rollouts import Chain, open_chain, run_controller

from vision_ai import InvalidInputError
from vision_ai_fleet.controller.lease import Lease
from vision_ai_fleet.controller.retention import Retention
from vision_ai_fleet.errors import NotFoundError
from vision_ai_fleet.file_store import FileStore
from vision_ai_fleet.jobs import State
from vision_ai_fleet.names import ScaleId, get_backups_prefix, get_backups_stream
from vision_ai_fleet.objects import Manifest, describe_file, upload
from vision_ai_fleet.schedule import Schedule
from vision_ai_fleet.stream_reader import read_messages

Run = Callable[[Any], Any]


def find_moment(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%H:%M:%S")


async def read_subjects(chain: Chain, store: str) -> list[str]:
    messages = read_messages(chain.fleet.connection, f"JOBS-{store}", f"schedules.{store}.*.*")
    async with aclosing(messages):
        return sorted([subject async for subject, _ in messages])


async def wait_for_subjects(chain: Chain, store: str, expected: list[str]) -> None:
    while await read_subjects(chain, store) != expected:
        await asyncio.sleep(0.02)


def test_the_engine_starts_a_job_on_each_scale_at_its_time(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, ["0042/01", "0043/01"]) as chain, run_controller(center):
            await chain.fleet.add_schedule(Schedule("nightly", "backup", find_moment(3), spread=0.0))
            while len(backups := await chain.fleet.backups()) < 2:
                await asyncio.sleep(0.05)
            assert {each.prefix for each in backups} == {"backups.0042.01", "backups.0043.01"}
            assert all(each.name.startswith("nightly-") for each in backups)
            scale = ScaleId.parse(backups[0].prefix.removeprefix("backups."))
            while (execution := (await chain.fleet.executions(backups[0].name)).get(scale)) is None or (
                execution.state is not State.SUCCEEDED
            ):
                await asyncio.sleep(0.02)
            assert execution.kind == "backup"

    run(use())


def test_scales_that_meet_a_condition_have_the_schedule_and_no_others(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, ["0042/01", "0042/02"]) as chain, run_controller(center):
            schedule = Schedule("nightly", "backup", "02:30", zone="Europe/Berlin", where=("scale=01",))
            await chain.fleet.add_schedule(schedule)
            await wait_for_subjects(chain, "0042", ["schedules.0042.01.nightly"])
            await chain.fleet.add_schedule(Schedule("nightly", "backup", "02:30"))
            both = ["schedules.0042.01.nightly", "schedules.0042.02.nightly"]
            await wait_for_subjects(chain, "0042", both)
            await chain.fleet.remove_schedule("nightly")
            await wait_for_subjects(chain, "0042", [])
            with pytest.raises(NotFoundError):
                await chain.fleet.remove_schedule("nightly")
            with pytest.raises(InvalidInputError, match="Europe/Berlin"):
                await chain.fleet.add_schedule(Schedule("x", "backup", "02:30", zone="Mars/Base"))

    run(use())


def test_another_controller_does_not_write_schedules_again(center: Center, run: Run) -> None:
    async def use() -> None:
        async with open_chain(center, ["0042/01"]) as chain:
            async with run_controller(center):
                await chain.fleet.add_schedule(Schedule("nightly", "backup", "02:30"))
                await wait_for_subjects(chain, "0042", ["schedules.0042.01.nightly"])
            before = (await chain.fleet.connection.jetstream.stream_info("JOBS-0042")).state.last_seq
            async with run_controller(center):
                await chain.fleet.add_schedule(Schedule("weekly", "doctor", "03:30", weekdays=("sun",)))
                both = ["schedules.0042.01.nightly", "schedules.0042.01.weekly"]
                await wait_for_subjects(chain, "0042", both)
            after = (await chain.fleet.connection.jetstream.stream_info("JOBS-0042")).state.last_seq
            assert after == before + 1

    run(use())


def test_old_backups_are_deleted_and_the_last_one_that_can_be_restored_is_not(
    center: Center, run: Run, tmp_path: Path
) -> None:
    async def use() -> None:
        async with open_chain(center, ["0042/01", "0042/02"]) as chain:
            for number, engine in enumerate(("9.5.0", "9.4.0", "9.4.0", "9.4.0")):
                await store_backup(
                    chain, "0042/01", f"night-{number}", b"content %d" % (number % 3), engine, tmp_path
                )
                await store_backup(chain, "0042/02", f"night-{number}", b"content", engine, tmp_path)
            await chain.fleet.add_schedule(
                Schedule("nightly", "backup", "02:30", keep=1, where=("scale=01",))
            )
            lease = Lease(chain.fleet.connection)
            await lease.acquire()
            async with chain.fleet.view() as view:
                # The last one, which has the content of the first, and the last of the module's engine: the first.
                assert await Retention(chain.fleet).clean_up(view, lease) == 2
                assert await Retention(chain.fleet).clean_up(view, lease) == 0
            kept = await chain.fleet.backups("0042", "01")
            assert [each.name for each in kept] == ["night-3", "night-0"]
            assert len(await chain.fleet.backups("0042", "02")) == 4
            for manifest in kept:
                await chain.fleet.get_backup(manifest, tmp_path / "loaded.evo")
                assert (tmp_path / "loaded.evo").read_bytes() == b"content 0"
            stream = await chain.fleet.connection.jetstream.stream_info(
                "BACKUPS-0042", "backups.0042.01.chunks.*"
            )
            assert len(stream.state.subjects or {}) == 1

    run(use())


async def store_backup(
    chain: Chain, name: str, job: str, content: bytes, engine: str, folder: Path
) -> Manifest:
    scale = ScaleId.parse(name)
    path = folder / "backup.evo"
    path.write_bytes(content)
    manifest = describe_file(
        path, get_backups_stream(scale.store), get_backups_prefix(scale), job, engine=engine
    )
    await upload(chain.fleet.connection.jetstream, path, manifest)
    return manifest


def test_what_is_left_of_a_broken_upload_is_deleted_in_time(center: Center, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        async with open_chain(center, ["0042/01"]) as chain:
            kept = await store_backup(chain, "0042/01", "night", b"content", "9.5.0", tmp_path)
            fragment = f"{kept.prefix}.chunks.{'ab' * 32}"
            await chain.fleet.connection.jetstream.publish(fragment, b"first chunk", headers={"Chunk": "1"})
            files = FileStore(chain.fleet.connection)
            assert await files.delete_fragments("0042", 60.0) == 0
            assert await files.delete_fragments("0042", -60.0) == 1
            assert await files.delete_fragments("0042", -60.0) == 0
            await chain.fleet.get_backup(kept, tmp_path / "loaded.evo")

    run(use())
