"""The program that a service runs, killed while it uploads a backup."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Center
from shared_fleet_agent import send_job, wait_for_execution

from vision_ai_emulator import Emulator, serve
from vision_ai_fleet.connection import Connection
from vision_ai_fleet.engine import streams
from vision_ai_fleet.jobs import State
from vision_ai_fleet.names import get_backups_stream

SCALE = "0042/07"
SIZE = 30_000_000
MOST_MEMORY = 64 * 1024
"""KiB."""
PROGRAM = """
import sys
from vision_ai_fleet.agent import job_run
from vision_ai_fleet.agent.__main__ import main

job_run.KEEP_INTERVAL = 0.3  # the center delivers a job again after a second
sys.exit(main(sys.argv[1:]))
"""


def start_agent(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", PROGRAM, "--config", str(folder / "agent.toml")]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, stderr=log)


def read_peak_memory(pid: int) -> int:
    """Return KiB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    raise AssertionError("no VmHWM")


async def wait_for_bytes(connection: Connection, size: int) -> None:
    while (await connection.jetstream.stream_info(get_backups_stream("0042"))).state.bytes < size:
        await asyncio.sleep(0.02)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_backup_survives_two_kills_of_a_small_agent(
    center: Center, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "ACK_WAIT", 1.0)

    async def use() -> None:
        emulator = Emulator(pan="apple", pace="immediate", backup_padding=SIZE)
        with serve(emulator) as url:
            center.enrol(SCALE).write(tmp_path / "scale.creds")
            (tmp_path / "agent.toml").write_text(
                f'[center]\ncredentials = "scale.creds"\n[module]\nurl = "{url}"\n[agent]\ndata = "data"\n'
            )
            async with center.open(SCALE) as connection:
                agent = start_agent(tmp_path)
                try:
                    await send_job(connection, SCALE, "backup")
                    for share in (0.2, 0.6):
                        await wait_for_bytes(connection, int(SIZE * share))
                        agent.kill()
                        await asyncio.to_thread(agent.wait)
                        agent = start_agent(tmp_path)
                    execution = await wait_for_execution(connection, SCALE)
                    memory = read_peak_memory(agent.pid)
                finally:
                    agent.kill()
                    agent.wait()
                stored = (await connection.jetstream.stream_info(get_backups_stream("0042"))).state.messages
        assert execution.state == State.SUCCEEDED and execution.result is not None
        assert stored == execution.result["file"]["chunks"] + 1
        assert emulator.acted["start_backup"] == 1
        assert memory < MOST_MEMORY

    asyncio.run(asyncio.wait_for(use(), 100))
