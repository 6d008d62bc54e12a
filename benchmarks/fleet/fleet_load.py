"""A center with thousands of agents, and how long everything takes."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from load_agents import measure_memory, raise_file_limit, read_processor_seconds

from vision_ai_fleet.client import Fleet
from vision_ai_fleet.connection import Connection, connect
from vision_ai_fleet.engine.server import Server
from vision_ai_fleet.engine.server_config import Leaf, ServerSettings
from vision_ai_fleet.engine.streams import add_scale_queue, make_store_streams, make_streams
from vision_ai_fleet.engine.trust import Trust
from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.jobs import ENDS, Job, State
from vision_ai_fleet.messages import encode, seal
from vision_ai_fleet.names import EVENTS, EXECUTIONS, ScaleId, get_call_subject, get_job_subject

PROGRAM = Path(__file__).with_name("load_agents.py")
STORE_SIZE = 50
"""Scales of a store."""
ENROLLING, CALLING, ORDERING = 50, 500, 500
"""Requests at the same time."""
END_TIMEOUT = 300.0
DOWN_SECONDS = 3.0
"""How long the killed server is away."""
CALL = {"method": "POST", "path": "/api/get_device_info", "headers": [], "body": ""}

Report = Callable[[str], None]


@dataclass
class Figures:
    """What was measured with one number of agents. Seconds, MiB, and counts."""

    agents: int
    connected: float = 0.0
    server: int = 0
    agent_memory: float = 0.0
    """MiB of one of many agents in a process."""
    idle: float = 0.0
    """Share of a core that an idle agent of many takes, in percent."""
    inventory: float = 0.0
    scales: int = 0
    """Scales that the inventory has."""
    call: float = 0.0
    answered: int = 0
    job: float = 0.0
    succeeded: int = 0
    killed_at: int = 0
    """Acts that were done when the server was killed."""
    restart: float = 0.0
    """Seconds from the start of the killed server to the last end."""
    ends: dict[str, int] = field(default_factory=dict[str, int])
    acts: int = 0
    lost: int = 0
    twice: int = 0
    events: float = 0.0
    """Events a second."""
    stored: int = 0
    """Events that the center has, of `agents` times `events_each`."""
    events_each: int = 0
    processor: dict[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    """Milliseconds of processor time for each agent, and of the server for each agent, by step. Unlike the times, these
    hardly depend on what else the computer does."""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class AgentsProcess:
    """A process with many agents."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, file: Path, *options: str) -> AgentsProcess:
        """Start the agents whose credentials a file has. `read` then returns when they are ready."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(PROGRAM), str(file), *options),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 20,
        )
        return cls(process)

    async def read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the agents ended with the status {await self.process.wait()}")
        return json.loads(line)

    async def ask(self, do: str, **more: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **more}).encode() + b"\n")
        return await self.read()

    async def stop(self) -> None:
        if self.process.returncode is None:
            assert self.process.stdin is not None
            self.process.stdin.close()
            try:
                await asyncio.wait_for(self.process.wait(), 30)
            except TimeoutError:
                await self.kill()

    async def kill(self) -> None:
        """End it as a power failure would."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


class Load:
    """A center, its scales, and the processes of their agents."""

    def __init__(self, folder: Path, count: int, *, sync: str = "2m") -> None:
        """
        Args:
            folder: For the engine and the credentials.
            count: Scales.
            sync: When what was acknowledged is on disk. `2m` is the server's default, as the prototype used.
        """
        self.folder = folder
        self.scales = [
            ScaleId(f"s{number // STORE_SIZE:04}", f"{number % STORE_SIZE:02}") for number in range(count)
        ]
        self.trust = Trust.create()
        settings = ServerSettings(
            folder / "engine", port=find_free_port(), leaf_port=find_free_port(), sync=sync
        )
        self.server = Server(settings, self.trust)
        self.operator = self.trust.make_credentials("operator", "load", server=self.server.url)
        self.processes: list[AgentsProcess] = []
        self.connection: Connection
        self.fleet: Fleet

    @asynccontextmanager
    async def run(self) -> AsyncGenerator[Load]:
        """Run the server, and enrol the scales."""
        raise_file_limit()
        await asyncio.to_thread(self.server.start)
        async with AsyncExitStack() as stack:
            stack.callback(self.server.stop)
            self.connection = await stack.enter_async_context(connect(self.operator))
            self.fleet = Fleet(self.connection)
            await self._enrol()
            stack.push_async_callback(self._stop_agents)
            yield self

    async def _enrol(self) -> None:
        await make_streams(self.connection)
        for store in dict.fromkeys(scale.store for scale in self.scales):
            await make_store_streams(self.connection, store)
        await _run_each(ENROLLING, self.scales, lambda scale: add_scale_queue(self.connection, scale))

    def write_credentials(self, scales: Sequence[ScaleId], name: str, server: str = "") -> Path:
        """Write the credentials of scales for a process of agents. They connect to the center, or to `server`."""
        path = self.folder / name
        server = server or self.server.url
        texts = [
            self.trust.make_credentials("scale", str(scale), server=server, scale=scale).format()
            for scale in scales
        ]
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(text) + "\n" for text in texts)
        return path

    def make_leaf(self, store: str) -> Server:
        """Make a store's own server, which passes on to the center."""
        credentials = self.folder / f"{store}-leaf.creds"
        credentials.touch(0o600)
        credentials.write_text(self.trust.make_leaf_credentials(store), encoding="utf-8")
        leaf = Leaf(store, f"nats://127.0.0.1:{self.server.settings.leaf_port}", credentials)
        settings = ServerSettings(self.folder / f"{store}-leaf", port=find_free_port(), name=f"store-{store}")
        return Server(settings, self.trust, leaf=leaf)

    async def start_agents(self, processes: int) -> float:
        """Start all agents, and return the seconds until the last of them was ready."""
        step = -(-len(self.scales) // processes)
        for start in range(0, len(self.scales), step):
            file = self.write_credentials(self.scales[start : start + step], f"agents-{start}")
            self.processes.append(await AgentsProcess.start(file))
        return max([(await each.read())["ready"] for each in self.processes])

    async def _stop_agents(self) -> None:
        for each in self.processes:
            await each.stop()

    @asynccontextmanager
    async def meter(self, figures: Figures, step: str) -> AsyncGenerator[None]:
        """Note the processor time that a step takes. It begins with the agents' start, or when they are ready."""
        before = await self._read_processor_times()
        yield
        after = await self._read_processor_times()
        agents, server = (
            1000 * (late - early) / figures.agents for early, late in zip(before, after, strict=True)
        )
        figures.processor[step] = (agents, server)

    async def _read_processor_times(self) -> tuple[float, float]:
        agents = (await self.ask_all("stat"))["seconds"] if self.processes else 0.0
        return agents, read_processor_seconds(self.server.pid) if self.server.pid else 0.0

    async def ask_all(self, do: str, **more: Any) -> Counter[str]:
        """Send an order to all processes, and return the sums of what they report."""
        total: Counter[str] = Counter()
        for answer in await asyncio.gather(*(each.ask(do, **more) for each in self.processes)):
            total.update(answer)
        return total

    async def call_all(self) -> int:
        """Call each module once, and return how many answered."""
        answered = 0

        async def call(scale: ScaleId) -> None:
            nonlocal answered
            subject = get_call_subject(scale, "read", "get_device_info")
            reply = json.loads(await self.connection.request(subject, encode(CALL), timeout=60))
            answered += reply.get("status") == 200

        await _run_each(CALLING, self.scales, call)
        return answered

    async def order_all(self, job: str, kind: str, arguments: dict[str, Any]) -> None:
        """Give all scales a job at once, as the last stage of a rollout does."""

        async def order(scale: ScaleId) -> None:
            subject = get_job_subject(scale, job)
            secret = self.operator.get_scale_secret(scale)
            payload = Job(job, kind, arguments, created=time.time(), expires=time.time() + 86400).to_dict()
            headers = {"Nats-Msg-Id": f"{job}.{scale.key}"}
            data = seal(secret, subject, payload)
            await self.connection.jetstream.publish(subject, data, headers=headers, timeout=60)

        await _run_each(ORDERING, self.scales, order)

    async def wait_for_ends(self, job: str) -> Counter[str]:
        """Wait until the job has ended on all scales, and return how many ends there are of each kind."""
        states: dict[str, State] = {}

        async def follow() -> None:
            async with aclosing(self.fleet.bucket(EXECUTIONS).watch(f"{job}.*.*")) as entries:
                async for entry in entries:
                    if entry is None:
                        continue
                    state = State(entry.value["state"])
                    if state in ENDS:
                        states[entry.key] = state
                    if len(states) == len(self.scales):
                        return

        with suppress(TimeoutError):
            await asyncio.wait_for(follow(), END_TIMEOUT)
        return Counter(state.value for state in states.values())

    async def count_events(self) -> int:
        return (await self.connection.jetstream.stream_info(EVENTS)).state.messages


async def measure(
    count: int,
    folder: Path,
    *,
    processes: int = 2,
    sync: str = "2m",
    events_each: int = 10,
    idle_seconds: float = 10.0,
    report: Report = lambda line: None,
) -> Figures:
    """Measure everything with one number of agents.

    Args:
        count: Agents.
        folder: An empty folder.
        processes: Among which they are divided.
        sync: See `Load`.
        events_each: Events of each agent.
        idle_seconds: How long to look at idle agents; 0: not.
        report: Called with a line after each step.
    """
    figures = Figures(count, events_each=events_each)
    load = Load(folder, count, sync=sync)
    async with load.run():
        report(f"{count} scales are enrolled")
        async with load.meter(figures, "connect"):
            figures.connected = await load.start_agents(processes)
        figures.server = measure_memory(load.server.pid or 0)
        figures.agent_memory = (await load.ask_all("stat"))["memory"] / count
        report(f"connected in {figures.connected:.1f} s, server {figures.server} MiB")
        if idle_seconds:
            figures.idle = await _measure_idle(load, idle_seconds)
        await _measure_reading(load, figures)
        report(f"inventory {figures.inventory:.2f} s, calls {figures.call:.2f} s")
        await _measure_job(load, figures)
        report(f"job on all {figures.job:.1f} s: {figures.succeeded} succeeded")
        await _measure_restart(load, figures)
        report(
            f"reboot on all, server killed after {figures.killed_at}: {figures.restart:.1f} s, "
            f"{figures.lost} lost, {figures.twice} twice, {figures.ends}"
        )
        await _measure_events(load, figures)
        report(f"{figures.events:.0f} events a second")
        figures.server = max(figures.server, measure_memory(load.server.pid or 0))
    return figures


async def _measure_idle(load: Load, seconds: float) -> float:
    before = (await load.ask_all("stat"))["seconds"]
    await asyncio.sleep(seconds)
    used = (await load.ask_all("stat"))["seconds"] - before
    return 100 * used / seconds / len(load.scales)


async def _measure_reading(load: Load, figures: Figures) -> None:
    started = time.monotonic()
    figures.scales = len(await load.fleet.scales(where=("engine=9.5.0",)))
    figures.inventory = time.monotonic() - started
    started = time.monotonic()
    async with load.meter(figures, "call"):
        figures.answered = await load.call_all()
        figures.call = time.monotonic() - started


async def _measure_job(load: Load, figures: Figures) -> None:
    started = time.monotonic()
    async with load.meter(figures, "job"):
        await load.order_all("learn-1", "set_learn_mode", {"mode": 0})
        figures.succeeded = (await load.wait_for_ends("learn-1"))[State.SUCCEEDED.value]
        figures.job = time.monotonic() - started


async def _measure_restart(load: Load, figures: Figures) -> None:
    """Kill the server in the middle of a job that must not be done twice."""
    ordering = asyncio.create_task(load.order_all("reboot-1", "reboot", {}))
    while (done := (await load.ask_all("stat"))["acts"]) < figures.agents // 10:
        if ordering.done() and ordering.exception() is not None:
            break
        await asyncio.sleep(0.01)
    await ordering  # what was not ordered yet is not lost
    figures.killed_at = done
    load.server.kill()
    await asyncio.sleep(DOWN_SECONDS)
    started = time.monotonic()
    await asyncio.to_thread(load.server.start)
    ends = await load.wait_for_ends("reboot-1")
    figures.restart = time.monotonic() - started
    counted = await load.ask_all("stat")
    figures.ends = dict(ends)
    figures.acts = counted["acts"]
    figures.twice = counted["twice"]
    figures.lost = figures.agents - ends.total()


async def _measure_events(load: Load, figures: Figures) -> None:
    before = await load.count_events()
    wanted = figures.agents * figures.events_each
    async with load.meter(figures, "events"):
        started = time.monotonic()
        await load.ask_all("events", count=figures.events_each)
        deadline = started + END_TIMEOUT
        while (stored := await load.count_events() - before) < wanted and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        figures.stored = stored
        figures.events = stored / (time.monotonic() - started)


async def _run_each(limit: int, scales: Sequence[ScaleId], function: Callable[[ScaleId], Any]) -> None:
    """Call a coroutine function for each scale, `limit` at a time. A request that the center lost is repeated."""
    slots = asyncio.Semaphore(limit)

    async def run(scale: ScaleId) -> None:
        async with slots:
            for attempt in range(5):
                try:
                    await function(scale)
                    return
                except FleetError:
                    if attempt == 4:
                        raise
                    await asyncio.sleep(1.0)

    await asyncio.gather(*(run(scale) for scale in scales))
