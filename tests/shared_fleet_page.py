"""A generated fleet for the tests of its page: 30,000 scales, or as many as a test needs, and no engine."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from vision_ai import AsyncVisionAI
from vision_ai_fleet.errors import NotFoundError
from vision_ai_fleet.events.quality import DayQuality
from vision_ai_fleet.jobs import Execution, State
from vision_ai_fleet.messages import encode
from vision_ai_fleet.names import ScaleId, get_backups_prefix, get_backups_stream
from vision_ai_fleet.objects import Manifest
from vision_ai_fleet.observability.alerts import Alert, Rule
from vision_ai_fleet.page.app import FleetPage
from vision_ai_fleet.page.data import OnChange
from vision_ai_fleet.page.quality import read_figures
from vision_ai_fleet.page.server import PageAddress, PageSettings, serve_page
from vision_ai_fleet.rollout import Phase, Rollout, RolloutSpec, RolloutState
from vision_ai_fleet.scales import Presence, Scale, make_scale
from vision_ai_tools.report.figure_data import Hits, ProductFigures, ScaleFigures, StoreFigures
from vision_ai_tools.report.figures import make_hits

NOW = 1_795_000_000.0
"""2026-11-18, in seconds: tests that look at times set the clock of the browser."""
ENGINES = (("9.5.0", 0.71), ("9.4.2", 0.2), ("9.4.0", 0.06), ("10.0.1", 0.03))
FIRMWARE = (("V1.0.11", 0.62), ("V1.0.9", 0.28), ("V1.0.8", 0.07), ("V2.0.1", 0.03))
MODULES = (
    ("ready", 0.985),
    ("camera_lost", 0.006),
    ("unreachable", 0.005),
    ("not_activated", 0.003),
    ("error", 0.001),
)
LEARNING = {"SUCCEEDED": 0.62, "RUNNING": 0.06, "QUEUED": 0.3, "FAILED": 0.02}
CODES = {"camera_lost": -6103, "not_activated": -6128, "error": -6210}


def make_fleet_scale(store: int, number: int, seed: int = 1) -> Scale:
    """Make a scale whose values depend on its name alone."""
    chance = random.Random(seed * 1_000_000 + store * 100 + number)
    id = ScaleId(f"{store:04}", f"{number:02}")

    def pick(values: Sequence[tuple[str, float]]) -> str:
        return chance.choices([each for each, _ in values], [weight for _, weight in values])[0]

    firmware, engine, module = pick(FIRMWARE), pick(ENGINES), pick(MODULES)
    learn_mode, has_drift, is_online = (
        int(chance.random() < 0.1),
        chance.random() < 0.008,
        chance.random() < 0.972,
    )
    inventory: dict[str, Any] = {
        "device": {
            "sn": f"{chance.randrange(10**7, 10**8)}",
            "clientID": id.store,
            "clientName": f"Market {id.store}",
            "firmware": firmware,
            "engine": engine,
            "app": "V1.3.0",
            "board": "RV1126",
            "sdk": "1.9.2",
            "learnMode": "retail",
            "item_count": chance.randrange(40, 260),
        },
        "api": "v2" if firmware.startswith("V2") else "v1",
        "sdk": "1.0.0",
        "agent": "1.0.0" if chance.random() < 0.9 else "0.9.4",
        "python": "3.13.1",
        "platform": "linux-armv7l",
        "module": module,
        "code": CODES.get(module),
        "link": [{"step": "usb", "status": "right", "code": "usb.found"}],
        "reported": {
            "learn_mode": learn_mode,
            "calibration": {"left": 320, "top": 80, "width": 640, "height": 560},
        },
        "desired": {"learn_mode": 1 - learn_mode, "enforce": False} if has_drift else None,
        "drift": ["learn_mode"] if has_drift else [],
        "backup": {"time": NOW - chance.randrange(3600, 200_000), "digest": "ab" * 32, "size": 252_000_000},
        "items": chance.randrange(40, 260),
        "time": NOW - chance.randrange(5, 600),
    }
    state = pick((("idle", 0.6), ("busy", 0.38), ("job", 0.02)))
    presence = Presence(state, inventory["agent"], "instance", NOW - chance.randrange(1, 60), 0)
    return make_scale(id, encode(inventory), presence if is_online else None)


def make_rollout(id: str, kind: str, total: int, submitted: int, phase: Phase, **more: Any) -> Rollout:
    """Make a rollout of which a part was submitted."""
    counts: dict[str, int] = more.pop("counts", {})
    reason, stage = more.pop("reason", ""), more.pop("stage", 0)
    spec = RolloutSpec(id, kind, created=NOW - more.pop("age", 600), by="operator", **more)
    return Rollout(spec, RolloutState(phase, stage, submitted, total, counts, reason, NOW))


def make_rollouts(scales: int) -> list[Rollout]:
    """Make a rollout that runs, one that waits for a person, and ended ones."""
    tenth = max(1, scales // 10)
    canary = "The canary 0042/07 failed with -6142: this firmware ties data sets to their module."
    learning = {state: int(tenth * share) for state, share in LEARNING.items()}
    return [
        make_rollout(
            "learn-mode-0412", "set_learn_mode", scales, tenth, Phase.RUNNING, stage=1, counts=learning,
            arguments={"mode": 0}, where=("engine=9.5.0",), window="22:00-06:00",
        ),
        make_rollout(
            "backup-0411", "backup", scales, scales, Phase.RUNNING, stage=2, age=3600,
            counts={"SUCCEEDED": int(scales * 0.8), "RUNNING": int(scales * 0.05), "QUEUED": int(scales * 0.15)},
        ),
        make_rollout(
            "restore-0410", "restore", 1200, 1, Phase.ABORTED, age=80_000, reason=canary, counts={"FAILED": 1}
        ),
        make_rollout(
            "reboot-0409", "reboot", 60, 60, Phase.COMPLETED, age=160_000, stage=2, where=("store=0042",),
            counts={"SUCCEEDED": 59, "INTERRUPTED": 1},
        ),
    ]  # fmt: skip


PRODUCTS = {
    "001": ("Apple", 0.97), "002": ("Banana", 0.99), "003": ("Tomato, vine", 0.93), "004": ("Tomato", 0.9),
    "005": ("Cucumber", 0.98), "006": ("Pear", 0.88), "007": ("Lemon", 0.96), "008": ("Orange", 0.95),
    "011": ("Apple, organic", 0.74), "012": ("Eggplant", 0.97),
}  # fmt: skip
"""Names, and how often the right product comes first."""


def make_store_hits(weighings: int, share: float) -> Hits:
    """Make hits of which a share had the right product first."""
    first = round(weighings * share)
    rest = weighings - first
    return make_hits({1: first, 2: round(rest * 0.7), 0: rest - round(rest * 0.7)})


class GeneratedQuality:
    """Sums of recognitions that follow from names alone."""

    def __init__(self, weighings: int = 1_800_000) -> None:
        self.weighings = weighings

    def read_overall(self, days: int, store: str | None = None) -> DayQuality | None:
        count = self.weighings * days // 7 // (100 if store else 1)
        return DayQuality("2026-11-12", count, make_store_hits(count, 0.941), 210, 12) if count else None

    def read_days(self, days: int, store: str | None = None) -> list[DayQuality]:
        count = self.weighings // 7
        return [
            DayQuality(f"2026-11-{12 + day:02}", count, make_store_hits(count, 0.935 + day / 1000), 30, 2)
            for day in range(min(days, 7))
        ]

    def read_stores(self, days: int) -> list[StoreFigures]:
        return [
            StoreFigures(f"{store:04}", 3600, make_store_hits(3600, 0.78 + number * 0.003))
            for number, store in enumerate((146, 212, 17, 250, 333, 42, *range(51, 100)))
        ]

    def read_scales(self, days: int, store: str) -> list[ScaleFigures]:
        return [
            ScaleFigures(store, f"{scale:02}", 60, make_store_hits(60, 0.7 + scale / 30))
            for scale in range(1, 9)
        ]

    def read_products(self, days: int, store: str | None = None, limit: int = 50) -> list[ProductFigures]:
        return [
            ProductFigures(id, name, make_store_hits(9000 - 40 * number, share))
            for number, (id, (name, share)) in enumerate(PRODUCTS.items())
        ]


class GeneratedFleet:
    """A `FleetData` in memory. `orders` has what the page ordered."""

    def __init__(self, stores: int = 500, scales: int = 60, seed: int = 1) -> None:
        self.scales = {
            each.id: each
            for each in (
                make_fleet_scale(store, number, seed)
                for store in range(1, stores + 1)
                for number in range(1, scales + 1)
            )
        }
        self.rollouts = make_rollouts(len(self.scales))
        self.alerts = [
            Alert(Rule(each.module or ""), each.id.store, each.id.scale, NOW - 700 * number, "")
            for number, each in enumerate(self.scales.values())
            if each.module in tuple(Rule) and each.is_online
        ][:40]
        self.alerts += [
            Alert(
                Rule.FIRMWARE_DRIFT,
                each.id.store,
                each.id.scale,
                NOW - 90_000,
                f"engine {each.engine}, not 9.5.0",
            )
            for each in list(self.scales.values())[:300]
            if each.engine == "9.4.0"
        ]
        self.executions: dict[ScaleId, Execution] = {
            id: Execution(
                State.FAILED if number % 9 == 0 else State.SUCCEEDED,
                "set_learn_mode",
                "learn-mode-0412",
                time=NOW - number,
                started=NOW - number - 2,
                code=-6103 if number % 9 == 0 else None,
                message="CAMERA_LOST" if number % 9 == 0 else None,
            )
            for number, id in enumerate(list(self.scales)[:60])
        }
        self.sums = GeneratedQuality()
        self.module_url = "emulator:"
        self.orders: list[tuple[str, Any]] = []
        self.failure: Exception | None = None
        """Raised by what asks the engine."""
        self._listeners: list[OnChange] = []

    def change(self, scale: Scale) -> None:
        """Let an agent report something else."""
        self.scales[scale.id] = scale
        for listener in self._listeners:
            listener(scale.id)

    def remove(self, id: ScaleId) -> None:
        del self.scales[id]
        for listener in self._listeners:
            listener(id)

    def change_rollout(self, id: str, phase: Phase) -> None:
        for number, each in enumerate(self.rollouts):
            if each.spec.id == id:
                self.rollouts[number] = replace(each, state=replace(each.state, phase=phase))
                break
        else:
            raise NotFoundError(f"there is no rollout {id}")
        self.notify()

    def notify(self) -> None:
        """Let something else than a scale change."""
        for listener in self._listeners:
            listener(None)

    def list_scales(self) -> Sequence[Scale]:
        return list(self.scales.values())

    def count_scales(self) -> int:
        return len(self.scales)

    def get_scale(self, id: ScaleId) -> Scale | None:
        return self.scales.get(id)

    def list_rollouts(self) -> Sequence[Rollout]:
        return self.rollouts

    def list_alerts(self) -> Sequence[Alert]:
        return self.alerts

    def watch(self, on_change: OnChange) -> Callable[[], None]:
        self._listeners.append(on_change)
        return lambda: self._listeners.remove(on_change)

    def get_module(self, id: ScaleId) -> AsyncVisionAI:
        return AsyncVisionAI(self.module_url)

    async def list_executions(self, rollout: Rollout) -> Mapping[ScaleId, Execution]:
        self._fail()
        return self.executions

    async def list_scale_executions(self, id: ScaleId) -> Sequence[Execution]:
        self._fail()
        return [self.executions[id]] if id in self.executions else []

    async def list_backups(
        self, store: str | None, scale: str | None, engine: str | None
    ) -> Sequence[tuple[ScaleId, Manifest]]:
        self._fail()
        chosen = [
            each
            for each in self.scales.values()
            if store in (None, each.id.store)
            and scale in (None, each.id.scale)
            and engine in (None, each.engine)
        ]
        return [(each.id, make_backup(each)) for each in chosen]

    async def read_quality(self, days: int, store: str | None) -> Mapping[str, Any]:
        self._fail()
        return await read_figures(self.sums, days, store)

    async def read_metrics(self, *, per_scale: bool = False) -> bytes:
        self._fail()
        return b"vision_ai_fleet_scales 1\n"

    async def submit(self, spec: RolloutSpec) -> Rollout:
        self._fail()
        spec = replace(spec, id=spec.id or f"{spec.kind}-{len(self.orders) + 1}", created=NOW)
        self.orders.append(("submit", spec))
        rollout = Rollout(spec, RolloutState(total=len(self.scales)))
        self.rollouts.insert(0, rollout)
        self.notify()
        return rollout

    async def pause(self, rollout: str) -> None:
        self._command("pause", rollout, Phase.PAUSED)

    async def resume(self, rollout: str) -> None:
        self._command("resume", rollout, Phase.RUNNING)

    async def cancel(self, rollout: str) -> None:
        self._command("cancel", rollout, Phase.CANCELED)

    def _command(self, name: str, rollout: str, phase: Phase) -> None:
        self._fail()
        self.change_rollout(rollout, phase)
        self.orders.append((name, rollout))

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure


def make_backup(scale: Scale) -> Manifest:
    """Make the manifest of a scale's backup."""
    return Manifest(
        get_backups_stream(scale.id.store),
        get_backups_prefix(scale.id),
        "backup-0411",
        "ab" * 32,
        252_000_000,
        chunks=962,
        serial_number=scale.serial_number,
        engine=scale.engine,
        created=scale.backup_time or NOW,
    )


@contextmanager
def serve_fleet_page(
    fleet: GeneratedFleet, settings: PageSettings | None = None, **options: Any
) -> Iterator[tuple[PageAddress, Callable[[Callable[[], None]], None]]]:
    """Serve a page in a thread. Yields its address, and what runs a function in the thread's event loop."""
    started = threading.Event()
    addresses: list[PageAddress] = []
    loops: list[asyncio.AbstractEventLoop] = []
    stop = asyncio.Event()

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with serve_page(FleetPage(fleet, **options), settings) as address:
            addresses.append(address)
            started.set()
            await stop.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        finally:
            started.set()

    thread = threading.Thread(target=run, name="fleet page")
    thread.start()
    started.wait()

    def call(function: Callable[[], None]) -> None:
        async def run_function() -> None:
            function()

        asyncio.run_coroutine_threadsafe(run_function(), loops[0]).result(20)

    try:
        yield addresses[0], call
    finally:
        loops[0].call_soon_threadsafe(stop.set)
        thread.join()
