"""One large backup whose agent is killed in the middle, and what one real agent costs."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from fleet_load import AgentsProcess, Load, Report, find_free_port
from load_agents import measure_memory, read_processor_seconds

from vision_ai_emulator import Emulator, serve
from vision_ai_fleet.jobs import State
from vision_ai_fleet.names import get_backups_stream

KILLS = (0.2, 0.6)
"""Shares of the backup after which its agent is killed."""
READY_TIMEOUT = 60.0


@dataclass
class BackupFigures:
    """What one backup took."""

    size: int
    seconds: float
    """Until its end, with the waits after each kill."""
    kills: int
    memory: int
    """The most that the agent used, in MiB."""
    extra: int
    """Bytes that the server received beyond the backup."""
    state: str
    is_equal: bool
    """Whether what was downloaded has the digest of what was uploaded."""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class AgentFigures:
    """What one real agent costs, with its module's emulator in another process."""

    ready: float
    """Seconds from its start until the center lists it as connected."""
    memory: int
    """MiB."""
    idle: float
    """Percent of a core."""


async def measure_backup(
    folder: Path,
    size: int = 250 * 10**6,
    *,
    kills: Sequence[float] = KILLS,
    report: Report = lambda line: None,
) -> BackupFigures:
    """Back up one scale, and kill its agent in the middle of the upload.

    Args:
        folder: An empty folder.
        size: Bytes.
        kills: Shares of the backup after which its agent is killed.
        report: Called with a line after each step.
    """
    load = Load(folder, 1)
    load.server.settings = replace(load.server.settings, monitor_port=find_free_port())
    [scale] = load.scales
    started, peak = time.monotonic(), 0
    async with load.run():
        file = load.write_credentials(load.scales, "agents")
        received = await _count_received(load)

        async def start() -> AgentsProcess:
            process = await AgentsProcess.start(
                file, "--data", str(folder / "agent"), "--backup-bytes", str(size)
            )
            load.processes[:] = [process]
            await process.read()
            return process

        process = await start()
        await load.order_all("backup-1", "backup", {})
        for share in kills:
            await _wait_for(lambda: _count_stored(load, scale.store), share * size)
            peak = max(peak, (await process.ask("stat"))["peak"])
            await process.kill()
            report(f"agent killed when {share:.0%} was stored")
            process = await start()
        ends = await load.wait_for_ends("backup-1")
        peak = max(peak, (await process.ask("stat"))["peak"])
        extra = await _count_received(load) - received - size
        return BackupFigures(
            size=size,
            seconds=time.monotonic() - started,
            kills=len(kills),
            memory=peak,
            extra=extra,
            state=next(iter(ends), "none"),
            is_equal=State.SUCCEEDED.value in ends and await _download(load, folder),
        )


async def measure_agent(folder: Path, idle_seconds: float = 10.0) -> AgentFigures:
    """Measure one real agent.

    Args:
        folder: An empty folder.
        idle_seconds: How long to look at it while nothing happens.
    """
    load = Load(folder, 1)
    [scale] = load.scales
    async with load.run():
        credentials = folder / "scale.creds"
        load.trust.make_credentials("scale", str(scale), server=load.server.url, scale=scale).write(
            credentials
        )
        with serve(Emulator()) as url:
            config = folder / "agent.toml"
            config.write_text(
                f'[center]\ncredentials = "{credentials.name}"\n'
                f'[module]\nurl = "{url}"\n[agent]\ndata = "data"\n',
                encoding="utf-8",
            )
            started = time.monotonic()
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "vision_ai_fleet.agent", "--config", str(config)),
                stderr=asyncio.subprocess.DEVNULL,
            )
            try:
                await _wait_for(lambda: _is_online(load, process), 1)
                ready = time.monotonic() - started
                await asyncio.sleep(2.0)  # the first inventory
                before = read_processor_seconds(process.pid)
                await asyncio.sleep(idle_seconds)
                idle = (read_processor_seconds(process.pid) - before) / idle_seconds
                return AgentFigures(ready, measure_memory(process.pid), 100 * idle)
            finally:
                with suppress(ProcessLookupError):
                    process.terminate()
                await process.wait()


async def _is_online(load: Load, process: asyncio.subprocess.Process) -> int:
    if process.returncode is not None:
        raise RuntimeError(f"the agent ended with the status {process.returncode}")
    return sum(scale.is_online for scale in await load.fleet.scales())


async def _count_stored(load: Load, store: str) -> int:
    return (await load.connection.jetstream.stream_info(get_backups_stream(store))).state.bytes


async def _count_received(load: Load) -> int:
    url = f"http://127.0.0.1:{load.server.settings.monitor_port}/varz"

    def read() -> int:
        with urllib.request.urlopen(url, timeout=10) as response:
            return json.load(response)["in_bytes"]

    return await asyncio.to_thread(read)


async def _download(load: Load, folder: Path) -> bool:
    [manifest] = await load.fleet.backups()
    path = await load.fleet.get_backup(manifest, folder / "downloaded.evo")  # checks the digest
    return path.stat().st_size == manifest.size


async def _wait_for(read: Callable[[], Any], wanted: float) -> None:
    async with asyncio.timeout(READY_TIMEOUT):
        while await read() < wanted:
            await asyncio.sleep(0.05)
