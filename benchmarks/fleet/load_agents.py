"""Run many agents with fake modules in one process: `python load_agents.py CREDENTIALS [FOLDER] [BACKUP_BYTES]`.

CREDENTIALS is a file with one JSON string per line, the text of a scale's credentials. With FOLDER, each agent keeps
its database there, else in memory. It prints a JSON line when all agents are ready, then one for each line of JSON that
it reads: `{"do": "stat"}`, `{"do": "events", "count": 4}`. It ends with its standard input.
"""

from __future__ import annotations

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

from fake_module import FakeModule

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


class LoadAgents:
    """The agents of this process."""

    def __init__(self, credentials: list[Credentials], folder: Path | None, backup_bytes: int) -> None:
        self.modules = [FakeModule(each.scale_id, backup_bytes=backup_bytes) for each in credentials]
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
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        }

    def carry_out(self, order: dict[str, Any]) -> dict[str, Any]:
        if order["do"] == "events":
            for module in self.modules:
                module.add_events(order["count"])
        return self.describe()


async def main() -> None:
    """Serve the orders of standard input."""
    raise_file_limit()
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2] else None
    backup_bytes = int(sys.argv[3]) if len(sys.argv) > 3 else 1 << 20
    gc.disable()  # thousands of agents are made and none is thrown away
    load = LoadAgents([Credentials.parse(json.loads(line)) for line in lines], folder, backup_bytes)
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
