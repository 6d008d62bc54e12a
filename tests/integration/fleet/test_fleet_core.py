"""The core over a real server: buckets, files, and what a scale may not do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import connect
from vision_ai_fleet.errors import CenterUnreachableError, ConflictError
from vision_ai_fleet.names import ScaleId, get_backups_prefix
from vision_ai_fleet.objects import DigestError, describe_file, download, upload

if TYPE_CHECKING:
    from conftest import Center

Run = Callable[[Any], Any]


def test_a_bucket_reads_watches_and_compares(center: Center, run: Run) -> None:
    async def use() -> None:
        async with center.open() as connection:
            bucket = Bucket(connection, "inventory")
            assert await bucket.read_all() == {}
            revision = await bucket.create("0042.07", {"items": 1})
            with pytest.raises(ConflictError):
                await bucket.create("0042.07", {"items": 2})
            await bucket.put("0043.01", {"items": 3})
            assert {key: entry.value for key, entry in (await bucket.read_all("0042.*")).items()} == {
                "0042.07": {"items": 1}
            }
            async with aclosing(bucket.watch("0042.>")) as watch:
                first = await anext(watch)
                assert first is not None and first.value == {"items": 1} and first.created > 1e9
                assert await anext(watch) is None
                await bucket.update("0042.07", {"items": 4}, revision)
                change = await anext(watch)
                assert change is not None and change.value == {"items": 4}
                await bucket.delete("0042.07")
                removed = await anext(watch)
                assert removed is not None and removed.is_removed
            assert await bucket.get("0042.07") is None

    run(use())


def test_a_watch_goes_on_after_a_restart_of_the_server(center: Center, run: Run) -> None:
    async def use() -> None:
        async with center.open() as connection:
            bucket = Bucket(connection, "inventory")
            async with aclosing(bucket.watch()) as watch:
                assert await anext(watch) is None
                reconnected = asyncio.Event()
                connection.on_reconnect.append(reconnected.set)
                center.server.kill()
                center.server.start()
                await reconnected.wait()
                await bucket.put("0042.07", {"items": 1})
                entry = await anext(watch)
                assert entry is not None and entry.value == {"items": 1}

    run(use())


def test_a_scale_stores_its_own_backup_and_nobody_elses(center: Center, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        content = bytes(range(256)) * 3000
        (tmp_path / "backup.evo").write_bytes(content)
        async with center.open("0042/07", "0042/08"), connect(center.enrol("0042/07")) as scale:
            own = get_backups_prefix(ScaleId("0042", "07"))
            manifest = describe_file(tmp_path / "backup.evo", "BACKUPS-0042", own, "job-1")
            assert await upload(scale.jetstream, tmp_path / "backup.evo", manifest) == len(content)
            assert await upload(scale.jetstream, tmp_path / "backup.evo", manifest) == 0
            loaded = await download(scale.jetstream, manifest, tmp_path / "loaded.evo")
            assert loaded.read_bytes() == content
            other = get_backups_prefix(ScaleId("0042", "08"))
            foreign = describe_file(tmp_path / "backup.evo", "BACKUPS-0042", other, "job-1")
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(upload(scale.jetstream, tmp_path / "backup.evo", foreign), 1.0)
            assert "0042.08" in scale.last_refusal

    run(use())


def test_a_file_that_was_changed_is_not_used(center: Center, run: Run, tmp_path: Path) -> None:
    async def use() -> None:
        (tmp_path / "backup.evo").write_bytes(b"content")
        async with center.open("0042/07") as connection:
            manifest = describe_file(
                tmp_path / "backup.evo", "BACKUPS-0042", get_backups_prefix(ScaleId("0042", "07")), "job-1"
            )
            await connection.jetstream.publish(manifest.chunk_subject, b"another", headers={"Chunk": "1"})
            with pytest.raises(DigestError):
                await download(connection.jetstream, manifest, tmp_path / "loaded.evo")
            assert not (tmp_path / "loaded.evo").exists()

    run(use())


def test_a_center_that_does_not_run_is_told_at_once(center: Center, run: Run) -> None:
    async def use() -> None:
        center.server.stop()
        with pytest.raises(CenterUnreachableError, match="does not respond"):
            async with connect(center.operator):
                pass

    run(use())
