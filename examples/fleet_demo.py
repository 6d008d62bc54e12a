"""Show what a fleet can do, step by step: a center, three scales with emulated modules, and their agents.

python examples/fleet_demo.py

It runs the commands that a person would type, and prints them with their output. Everything runs on 127.0.0.1 and ends
with it. The report and a downloaded backup stay in demo-output/.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rich.console import Console

from vision_ai import VisionAI
from vision_ai_emulator import Emulator, serve

OUTPUT = Path("demo-output")
PROGRAM = Path(sys.executable).with_name("vision-ai")
PATIENCE = 60.0
"""Seconds within which each step must be done."""
PRODUCTS = {"001": "Apple", "002": "Pear"}

console = Console(highlight=False, width=110)


@dataclass
class DemoScale:
    """One scale: its name in the fleet, and its module."""

    store: str
    number: str
    serial_number: str
    emulator: Emulator
    url: str
    relay_port: int

    @property
    def name(self) -> str:
        return f"{self.store}/{self.number}"


class Tour:
    """Runs commands as a person would, and prints them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = {
            **{name: value for name, value in os.environ.items() if name != "VISION_AI_URL"},
            "VISION_AI_FLEET": str(folder / "center"),
            "VISION_AI_URL": "http://127.0.0.1:9",  # each agent's settings name its module
            "COLUMNS": "110",
        }

    def explain(self, text: str) -> None:
        console.print(f"\n[bold]{text}[/bold]")

    def run(self, command: str, *, status: int = 0) -> None:
        """Run a command, print it and what it prints, and check its exit status."""
        console.print(f"[dim]$[/dim] [green]{command}[/green]")
        done = subprocess.run(
            self._make_arguments(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=self._environment,
            timeout=PATIENCE * 2,
            check=False,
        )
        for line in (done.stdout + done.stderr).splitlines():
            console.print(f"  {line}", markup=False, soft_wrap=True)
        if done.returncode != status:
            raise SystemExit(f"{command!r} ended with {done.returncode}, not with {status}")

    def read(self, command: str) -> Any:
        """Run a command with --json, and return its last result."""
        return self.read_all(command)[-1]

    def read_all(self, command: str) -> list[Any]:
        """Run a command with --json, and return all its results."""
        done = subprocess.run(
            [*self._make_arguments(command), "--json"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=self._environment,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit(f"{command!r} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return [json.loads(line)["result"] for line in done.stdout.splitlines()]

    def wait_until(self, command: str, holds: Callable[[Any], bool]) -> None:
        """Wait until the results of a command are as wanted."""
        deadline = time.monotonic() + PATIENCE
        while not holds(result := self.read_all(command)):
            if time.monotonic() > deadline:
                raise SystemExit(f"waited in vain: {command} returns {result}")
            time.sleep(0.3)

    @contextmanager
    def start(self, command: str, log: IO[bytes]) -> Generator[subprocess.Popen[str]]:
        """Run a command beside the others, until the end of the `with` block."""
        console.print(f"[dim]$[/dim] [green]{command} &[/green]")
        process = subprocess.Popen(
            [*self._make_arguments(command), "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=self._environment,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()

    def _make_arguments(self, command: str) -> list[str]:
        program, *words = shlex.split(command)
        assert program == "vision-ai"
        return [str(PROGRAM), *words]


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_scales(stack: ExitStack) -> list[DemoScale]:
    """Start three emulated modules that know two products."""
    scales: list[DemoScale] = []
    for index, (store, number) in enumerate((("0042", "01"), ("0042", "02"), ("0043", "01"))):
        serial_number = f"1000000{index + 1}"
        emulator = Emulator(
            sn=serial_number,
            store_id=store,
            store_name=f"Store {store}",
            backup_seconds=0.3,
            restore_seconds=0.3,
            reboot_seconds=0.5,
        )
        url = stack.enter_context(serve(emulator))
        with VisionAI(url) as module:
            for id, name in PRODUCTS.items():
                emulator.put(name.lower())
                module.learn(id=id, name=name, pictures=1)
        scales.append(DemoScale(store, number, serial_number, emulator, url, find_free_port()))
    return scales


def start_center(tour: Tour, stack: ExitStack) -> None:
    tour.explain("A center for this computer: the engine, the controller of rollouts, and a web page")
    log = stack.enter_context((tour.folder / "center.log").open("wb"))
    command = f"vision-ai fleet up --listen 127.0.0.1:{find_free_port()} --page {find_free_port()}"
    process = stack.enter_context(tour.start(command, log))
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise SystemExit(f"the center did not start: {(tour.folder / 'center.log').read_text()}")
    center = json.loads(line)["result"]
    console.print(f"  {center['address']}, page {center['page']}", markup=False)


def start_agents(tour: Tour, scales: list[DemoScale], stack: ExitStack) -> None:
    tour.explain(
        "Each scale gets credentials, and an agent beside it that connects its module with the center"
    )
    for scale in scales:
        stem = tour.folder / f"{scale.store}-{scale.number}"
        tour.run(f"vision-ai fleet enrol {scale.store} {scale.number} --output {stem}.creds")
        stem.with_suffix(".toml").write_text(
            f'[center]\ncredentials = "{stem.name}.creds"\n\n[module]\nurl = "{scale.url}"\n\n'
            f"[till]\nrelay_port = {scale.relay_port}\nquiet = 1\n\n"
            f'[agent]\ndata = "{stem.name}"\nconsole = "read_only"\n',
            encoding="utf-8",
        )
        log = stack.enter_context(stem.with_suffix(".log").open("wb"))
        stack.enter_context(tour.start(f"vision-ai agent run --config {stem}.toml", log))
    tour.wait_until(
        "vision-ai fleet list",
        lambda results: [each["module"] for each in results[-1] if each["online"]] == ["ready"] * len(scales),
    )
    tour.run("vision-ai fleet list")


def call_modules(tour: Tour, scale: DemoScale) -> None:
    tour.explain("One scale: what is known of it, and any operation of the SDK through its agent")
    tour.run(f"vision-ai fleet show {scale.name}")
    tour.run(f"vision-ai fleet call {scale.name} get_item_list")
    tour.run(f"vision-ai fleet call {scale.name} get_image --output {OUTPUT}/pan-{scale.number}.jpg")


def back_up(tour: Tour, scale: DemoScale) -> None:
    tour.explain("A job on all scales, in stages: a canary first, then the others")
    tour.run("vision-ai fleet run backup --stages 1,100% --max-failures 0 --yes")
    tour.run("vision-ai fleet jobs")
    tour.run("vision-ai fleet backups")
    tour.run(f"vision-ai fleet backups get {scale.name} {OUTPUT}/newest.evo")


def restore(tour: Tour, scale: DemoScale) -> None:
    tour.explain("A scale was taught a wrong product: its own backup is restored")
    with VisionAI(scale.url) as module:
        module.learn(id="666", name="Mistake", pictures=1)
        console.print(f"  {scale.name} knows {describe_products(module)}", markup=False)
        tour.run(f"vision-ai fleet run restore --scales {scale.name} --dataset {scale.name} --yes")
        console.print(f"  {scale.name} knows {describe_products(module)}", markup=False)
    tour.explain(
        "The same data set on the others of its store: the canary finds out that this firmware refuses it"
    )
    tour.run(f"vision-ai fleet run restore --dataset {scale.name} --store {scale.store} --yes", status=1)


def describe_products(module: VisionAI) -> str:
    return ", ".join(f"{item.id} {item.name}" for item in module.get_item_list())


def set_desired(tour: Tour, scale: DemoScale) -> None:
    tour.explain("Desired state: a difference is shown as drift, and mended only if you say so")
    tour.run("vision-ai fleet set --store 0042 --learn-mode off --yes")
    tour.wait_until(
        f"vision-ai fleet list --store {scale.store}",
        lambda results: all(each["drift"] == ["learn_mode"] for each in results[-1]),
    )
    tour.run("vision-ai fleet list")
    tour.run("vision-ai fleet set --store 0042 --learn-mode off --enforce --yes")
    tour.wait_until(
        f"vision-ai fleet list --store {scale.store}",
        lambda results: not any(each["drift"] for each in results[-1]),
    )
    with VisionAI(scale.url) as module:
        console.print(f"  learning mode of {scale.name}: {module.get_learnmode().mode.name}", markup=False)


def schedule(tour: Tour) -> None:
    tour.explain("Every night, at the scales' own time, staggered; seven backups of each scale are kept")
    tour.run("vision-ai fleet schedule backup --at 02:30 --zone Europe/Berlin --keep 7")
    tour.run("vision-ai fleet schedule list")


def sell(tour: Tour, scales: list[DemoScale]) -> None:
    tour.explain("Tills that use the agents' relays: their recognitions reach the center")
    for scale in scales:
        with VisionAI(f"http://127.0.0.1:{scale.relay_port}", api="v1") as till:
            for id, name in PRODUCTS.items():
                scale.emulator.put(name.lower())
                till.confirm(till.get_result(), id=id, name=name)
    weighings = len(scales) * len(PRODUCTS)
    tour.wait_until(
        "vision-ai fleet events show --kind recognition", lambda results: len(results) == weighings
    )
    tour.run(f"vision-ai fleet report --output {OUTPUT}/fleet-report.html")


def main() -> int:
    OUTPUT.mkdir(exist_ok=True)
    started = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        tour = Tour(folder)
        scales = make_scales(stack)
        start_center(tour, stack)
        start_agents(tour, scales, stack)
        call_modules(tour, scales[0])
        back_up(tour, scales[0])
        restore(tour, scales[0])
        set_desired(tour, scales[0])
        schedule(tour)
        sell(tour, scales)
        tour.explain("Is anything wrong?")
        tour.run("vision-ai fleet doctor")
    console.print(f"\n[green]✓[/green] Everything was done in {time.monotonic() - started:.0f} seconds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
