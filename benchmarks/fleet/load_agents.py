"""Run many agents with fake modules in one process: `python load_agents.py CREDENTIALS [--data FOLDER] …`.

CREDENTIALS is a file with one JSON string per line, the text of a scale's credentials. It prints a JSON line when all
agents are ready, then one for each line of JSON that it reads: `{"do": "stat"}`, `{"do": "events", "count": 4}`. It
ends with its standard input.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from fake_module import REBOOT_SECONDS, FakeModule

from vision_ai_fleet.agent.agent import Agent
from vision_ai_fleet.agent.settings import AgentSettings, Limits
from vision_ai_fleet.credentials import Credentials

CONNECTING = 64
"""Agents that connect at the same time."""


def raise_file_limit() -> None:
    """Allow a socket for each agent."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def measure_memory(pid: int | str = "self") -> int:
    """Return the resident memory of a process in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def read_processor_seconds(pid: int | str) -> float:
    """Return the processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure_peak() -> int:
    """Return the most resident memory that this process had, in MiB.

    `getrusage` would also count what the program that started this one had.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) >> 10


class LoadAgents:
    """The agents of this process."""

    def __init__(self, credentials: list[Credentials], folder: Path | None, **module: Any) -> None:
        """
        Args:
            credentials: Of the agents.
            folder: For the agents' databases; None: in memory.
            module: Arguments of the fake modules.
        """
        self.modules = [FakeModule(each.scale_id, **module) for each in credentials]
        self.agents = [
            Agent(
                AgentSettings(
                    each,
                    data=None if folder is None else folder / each.scale_id.key,
                    limits=Limits(events_per_second=1000.0),
                ),
                module,
            )
            for each, module in zip(credentials, self.modules, strict=True)
        ]
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start all agents and wait until each of them is ready."""
        slots = asyncio.Semaphore(CONNECTING)

        async def start(agent: Agent) -> None:
            async with slots:
                self._tasks.append(asyncio.create_task(agent.run()))
                await agent.ready.wait()

        await asyncio.gather(*(start(agent) for agent in self.agents))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def describe(self) -> dict[str, Any]:
        """Return what the modules counted, and how the agents are."""
        acts = [count for module in self.modules for count in module.acts.values()]
        return {
            "acts": sum(acts),
            "twice": sum(count > 1 for count in acts),
            "connected": sum(
                agent.connection is not None and agent.connection.is_connected for agent in self.agents
            ),
            "seconds": sum(os.times()[:2]),
            "memory": measure_memory(),
            "peak": measure_peak(),
        }

    def carry_out(self, order: dict[str, Any]) -> dict[str, Any]:
        if order["do"] == "events":
            for module in self.modules:
                module.add_events(order["count"])
        return self.describe()


async def main() -> None:
    """Serve the orders of standard input."""
    raise_file_limit()
    parser = argparse.ArgumentParser()
    parser.add_argument("credentials", type=Path)
    parser.add_argument("--data", type=Path, help="folder for the agents' databases; default: in memory")
    parser.add_argument("--record", type=Path, help="folder for what the modules did; default: in memory")
    parser.add_argument("--backup-bytes", type=int, default=1 << 20)
    parser.add_argument("--reboot-seconds", type=float, default=REBOOT_SECONDS)
    given = parser.parse_args()
    credentials = [
        Credentials.parse(json.loads(line)) for line in given.credentials.read_text("utf-8").splitlines()
    ]
    gc.disable()  # thousands of agents are made and none is thrown away
    load = LoadAgents(
        credentials,
        given.data,
        backup_bytes=given.backup_bytes,
        reboot_seconds=given.reboot_seconds,
        record=given.record,
    )
    started = time.monotonic()
    await load.start()
    seconds = time.monotonic() - started
    gc.enable()
    gc.collect()
    gc.freeze()
    print(json.dumps({"ready": seconds, **load.describe()}), flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(load.carry_out(json.loads(line))), flush=True)
    await load.stop()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    asyncio.run(main())
