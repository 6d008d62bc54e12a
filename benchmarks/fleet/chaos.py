"""Kill servers, agents and controllers at random moments, and count what the modules did.

    python benchmarks/fleet/chaos.py               20 rounds
    python benchmarks/fleet/chaos.py --rounds 3 --seed 7

A third of the agents connects to the own server of their store, which passes on to the center. In each round, rollouts
of restarts and of settings run on all scales, and tills weigh, while processes are killed with -9 and started again.
Afterwards each rollout must have ended on each scale, no module may have restarted twice for one job, none may have
restarted for a job that says that it did not begin, and every weighing must be at the center once.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from fleet_load import AgentsProcess, Load, Report

from vision_ai_fleet.engine.server import Server
from vision_ai_fleet.errors import FleetError
from vision_ai_fleet.jobs import State
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.rollout import RolloutSpec

T = TypeVar("T")

SCALES, PROCESSES, CONTROLLERS = 12, 3, 2
KILLS = 4
"""In each round."""
WEIGHINGS = 5
"""Of each scale in each round."""
REBOOT_SECONDS = 0.3
END_TIMEOUT = 240.0
ORDERS = (("reboot", {}), ("set_learn_mode", {"mode": 0}), ("reboot", {}), ("set_learn_mode", {"mode": 1}))
CONTROLLER = """
import asyncio, sys
from vision_ai_fleet.client import Fleet
from vision_ai_fleet.controller.controller import Controller
from vision_ai_fleet.credentials import Credentials

async def main():
    async with Fleet.connect(Credentials.read(sys.argv[1])) as fleet:
        await Controller(fleet).run()

asyncio.run(main())
"""


@dataclass
class ChaosFigures:
    """What all rounds together came to."""

    rounds: int = 0
    kills: Counter[str] = field(default_factory=Counter[str])
    ends: Counter[str] = field(default_factory=Counter[str])
    """Executions of restarts by their end."""
    acts: int = 0
    problems: list[str] = field(default_factory=list[str])


class Chaos:
    """A center, controllers and agents, each in processes that can be killed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.load = Load(folder, SCALES, sync="always")
        self.figures = ChaosFigures()
        self._folder = folder
        self._record = folder / "modules"
        self._random = random.Random(seed)
        self._agents: list[AgentsProcess] = []
        self._files: list[Path] = []
        self._controllers: list[asyncio.subprocess.Process] = []
        self._operator = folder / "operator.creds"
        self._leaf: Server
        self._jobs: list[str] = []

    @asynccontextmanager
    async def run(self) -> AsyncGenerator[Chaos]:
        self._record.mkdir()
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.load.run())
            stack.push_async_callback(self._stop)
            self.load.operator.write(self._operator)
            self._leaf = self.load.make_leaf(self.load.scales[0].store)
            await asyncio.to_thread(self._leaf.start)
            stack.callback(self._leaf.stop)
            step = SCALES // PROCESSES
            for start in range(0, SCALES, step):
                scales = self.load.scales[start : start + step]
                server = self._leaf.url if start + step >= SCALES else ""
                self._files.append(self.load.write_credentials(scales, f"agents-{start}", server))
                self._agents.append(await self._start_agents(self._files[-1]))
            for each in self._agents:
                await each.read()
            for _ in range(CONTROLLERS):
                self._controllers.append(await self._start_controller())
            yield self

    async def _start_agents(self, file: Path) -> AgentsProcess:
        options = ("--data", self._folder / "agents", "--record", self._record)
        return await AgentsProcess.start(file, *map(str, options), "--reboot-seconds", str(REBOOT_SECONDS))

    async def _start_controller(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", CONTROLLER, str(self._operator)), stderr=asyncio.subprocess.DEVNULL
        )

    async def _stop(self) -> None:
        for each in self._controllers:
            with suppress(ProcessLookupError):
                each.terminate()
            await each.wait()
        for each in self._agents:
            await each.stop()

    async def carry_out_round(self) -> None:
        """Order, weigh and kill; wait for the ends, and count."""
        ids = [
            (await self._repeat(lambda kind=kind, arguments=arguments: self._order(kind, arguments)), kind)
            for kind, arguments in ORDERS
        ]
        self._jobs += [id for id, kind in ids if kind == "reboot"]
        for each in self._agents:
            await each.ask("events", count=WEIGHINGS)
        victims: Sequence[Callable[[], Awaitable[str]]] = (
            self._kill_server,
            self._kill_leaf,
            self._kill_agents,
            self._kill_controller,
        )
        for _ in range(KILLS):
            await asyncio.sleep(self._random.uniform(0.1, 2.0))
            self.figures.kills[await self._random.choice(victims)()] += 1
        for id, kind in ids:
            await self._check_rollout(id, kind)
        self.figures.rounds += 1

    async def _order(self, kind: str, arguments: dict[str, int]) -> str:
        spec = RolloutSpec("", kind, dict(arguments), stages=("1", "50%", "100%"), max_failures="100%")
        return (await self.load.fleet.submit(spec)).spec.id

    async def _kill_server(self) -> str:
        await self._restart(self.load.server)
        return "server"

    async def _kill_leaf(self) -> str:
        await self._restart(self._leaf)
        return "store's server"

    async def _restart(self, server: Server) -> None:
        server.kill()
        await asyncio.sleep(self._random.uniform(0.0, 2.0))
        await asyncio.to_thread(server.start)

    async def _kill_agents(self) -> str:
        index = self._random.randrange(PROCESSES)
        await self._agents[index].kill()
        self._agents[index] = await self._start_agents(self._files[index])
        await self._agents[index].read()
        return "agents"

    async def _kill_controller(self) -> str:
        index = self._random.randrange(CONTROLLERS)
        with suppress(ProcessLookupError):
            self._controllers[index].kill()
        await self._controllers[index].wait()
        self._controllers[index] = await self._start_controller()
        return "controller"

    async def _check_rollout(self, id: str, kind: str) -> None:
        fleet, deadline = self.load.fleet, time.monotonic() + END_TIMEOUT
        while not (rollout := await self._repeat(lambda: fleet.rollout(id))).state.phase.is_end:
            if time.monotonic() > deadline:
                self.figures.problems.append(f"the rollout {id} did not end: {rollout.state}")
                return
            await asyncio.sleep(0.5)
        executions = await self._repeat(lambda: fleet.executions(id))
        for scale in self.load.scales:
            execution = executions.get(scale)
            state = execution.state if execution is not None else None
            acts = self._count_acts(scale)[id]
            if state is None or not state.is_end:
                self.figures.problems.append(f"{id} has no end on {scale}: {state}")
            elif kind != "reboot" and state is not State.SUCCEEDED:
                self.figures.problems.append(f"{id}, which may be repeated, ended on {scale} as {state}")
            elif kind == "reboot":
                self.figures.ends[state.value] += 1
                self.figures.acts += acts
                allowed = {State.SUCCEEDED: (1,), State.INTERRUPTED: (0, 1)}.get(state, (0,))
                if acts not in allowed:
                    self.figures.problems.append(f"{id} ended on {scale} as {state}, done {acts} times")

    async def check_events(self) -> None:
        """Check that the center has each weighing once."""
        wanted = SCALES * WEIGHINGS * self.figures.rounds
        deadline = time.monotonic() + END_TIMEOUT
        while (stored := await self._repeat(self.load.count_events)) < wanted and time.monotonic() < deadline:
            await asyncio.sleep(0.5)
        if stored != wanted:
            self.figures.problems.append(f"{stored} events are at the center, not {wanted}")

    def _count_acts(self, scale: ScaleId) -> Counter[str]:
        path = self._record / f"{scale.key}.acts"
        return Counter(path.read_text(encoding="utf-8").split() if path.exists() else ())

    async def _repeat(self, request: Callable[[], Awaitable[T]]) -> T:
        """Repeat a request while the server is away."""
        while True:
            try:
                return await request()
            except FleetError:
                await asyncio.sleep(0.5)


async def run_rounds(
    folder: Path, rounds: int, seed: int, *, report: Report = lambda line: None
) -> ChaosFigures:
    """Carry out rounds, and return what they came to."""
    async with Chaos(folder, seed).run() as chaos:
        for number in range(rounds):
            started = time.monotonic()
            await chaos.carry_out_round()
            report(
                f"round {number + 1}: {time.monotonic() - started:.0f} s, killed {dict(chaos.figures.kills)}, "
                f"ends {dict(chaos.figures.ends)}, {len(chaos.figures.problems)} problems"
            )
        await chaos.check_events()
        return chaos.figures


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Kill what a fleet consists of, and count what the modules did."
    )
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(
            run_rounds(Path(folder), given.rounds, given.seed, report=lambda line: print(line, flush=True))
        )
    print(
        f"{figures.rounds} rounds, {figures.kills.total()} kills: {figures.acts} restarts, {dict(figures.ends)}"
    )
    for problem in figures.problems:
        print(problem, file=sys.stderr)
    return 1 if figures.problems else 0


if __name__ == "__main__":
    sys.exit(main())
