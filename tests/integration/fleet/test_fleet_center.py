"""A center: its home, its engine, and that it comes back."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import find_free_port

from vision_ai_fleet.buckets import Bucket
from vision_ai_fleet.connection import connect
from vision_ai_fleet.engine.center import Center, start_center
from vision_ai_fleet.engine.home import CenterSettings
from vision_ai_fleet.engine.up import run_center
from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.objects import describe_file, upload

Run = Callable[[Any], Any]


def make_settings(**more: Any) -> CenterSettings:
    return CenterSettings(port=find_free_port(), sync="2m", **more)


def test_a_new_center_starts_in_one_call_and_its_data_stay(tmp_path: Path, run: Run) -> None:
    async def use() -> None:
        center = await start_center(tmp_path / "home", make_settings())
        try:
            async with connect(center.operator) as connection:
                await Bucket(connection, "inventory").put("0042.07", {"items": 1})
        finally:
            await center.stop()
        assert not center.is_running
        center = await start_center(tmp_path / "home")
        try:
            async with connect(center.operator) as connection:
                entry = await Bucket(connection, "inventory").get("0042.07")
                assert entry is not None and entry.value == {"items": 1}
        finally:
            await center.stop()

    run(use())


def test_keys_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    center = Center.create(tmp_path / "home", make_settings(names=("localhost",)))
    center.make_operator()
    private = {
        str(path.relative_to(center.folder)): oct(path.stat().st_mode & 0o777)
        for path in center.folder.rglob("*")
        if path.is_file()
    }
    assert private.keys() >= {"keys.json", "operator.creds", "tls/ca.key", "tls/server.key"}
    assert set(private.values()) == {"0o600"}
    assert center.folder.stat().st_mode & 0o777 == 0o700


def test_a_second_program_on_the_same_folder_is_told_who_has_it(tmp_path: Path, run: Run) -> None:
    async def use() -> None:
        center = await start_center(tmp_path / "home", make_settings())
        try:
            with pytest.raises(FleetError, match=f"already runs in .*{os.getpid()}"):
                await start_center(tmp_path / "home")
        finally:
            await center.stop()

    run(use())


def test_the_engine_comes_back_when_it_dies(tmp_path: Path, run: Run) -> None:
    async def use() -> None:
        center = await start_center(tmp_path / "home", make_settings())
        try:
            async with connect(center.operator) as connection:
                reconnected = asyncio.Event()
                connection.on_reconnect.append(reconnected.set)
                pid = center.engine_pid
                assert pid is not None
                os.kill(pid, signal.SIGKILL)
                await reconnected.wait()
                assert center.restarts == 1 and center.engine_pid not in (None, pid)
        finally:
            await center.stop()

    run(use())


def test_parts_run_until_the_signal_and_end_in_reverse_order(tmp_path: Path, run: Run) -> None:
    ends: list[str] = []

    def make_part(name: str) -> Callable[[Center], Any]:
        async def part(center: Center) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ends.append(f"{name} {center.is_running}")

        return part

    def end(center: Center) -> None:
        asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGTERM)

    parts = [make_part("controller"), make_part("page")]
    run(run_center(tmp_path / "home", parts, settings=make_settings(), on_ready=end))
    assert ends == ["page True", "controller True"]


def test_a_full_store_is_refused_with_what_to_do(tmp_path: Path, run: Run) -> None:
    async def use() -> None:
        center = await start_center(tmp_path / "home", make_settings(max_file=4 << 20))
        try:
            (tmp_path / "data.evo").write_bytes(bytes(6 << 20))
            manifest = describe_file(tmp_path / "data.evo", "FILES", "files", "data")
            async with connect(center.operator) as connection:
                with pytest.raises(FleetError, match="no space left") as caught:
                    await upload(connection.jetstream, tmp_path / "data.evo", manifest)
                assert "Free space" in caught.value.hint
            assert center.is_running
        finally:
            await center.stop()

    run(use())


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("#!/bin/sh\necho nats-server: v2.9.10\n", "nats-server 2.9.10, which is too old"),
        ("#!/bin/sh\necho hello\n", "is not a nats-server"),
        ("#!/bin/sh\nexit 3\n", "cannot be run"),
    ],
)
def test_a_server_that_cannot_be_used_is_named(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    program = tmp_path / "nats-server"
    program.write_text(script)
    program.chmod(0o755)
    monkeypatch.setenv("NATS_SERVER", str(program))
    with pytest.raises(FleetError, match=message) as caught:
        run(start_center(tmp_path / "home", make_settings()))
    assert "2.14" in caught.value.hint


def test_another_program_on_the_port_is_named(tmp_path: Path, run: Run) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(FleetError, match=f"another program listens on 127.0.0.1:{port}"):
            run(start_center(tmp_path / "home", CenterSettings(port=port)))


def test_a_killed_center_leaves_nothing_that_blocks_the_next(tmp_path: Path, run: Run) -> None:
    """Kill the program of the center without warning: its engine is left alone, until the next start ends it."""
    settings = make_settings()
    Center.create(tmp_path / "home", settings)
    program = (
        "import asyncio, sys; from pathlib import Path; from vision_ai_fleet.engine.up import run_center\n"
        "asyncio.run(run_center(Path(sys.argv[1]), on_ready=lambda center: print(center.engine_pid, flush=True)))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "home")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        orphan = int(process.stdout.readline())
        process.kill()

    async def use() -> None:
        os.kill(orphan, 0)
        center = await start_center(tmp_path / "home")
        try:
            assert center.engine_pid != orphan
            async with connect(center.operator) as connection:
                assert await Bucket(connection, "inventory").read_all() == {}
        finally:
            await center.stop()

    run(use())
