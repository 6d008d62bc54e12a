"""A module for tests and benchmarks of the fleet: it keeps count of what reached it, and can be told to misbehave.

module = FakeModule("12345678")
agent = Agent(settings, module)
"""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from vision_ai import __version__
from vision_ai_fleet.agent.module_port import EventBatch, JobContext
from vision_ai_fleet.objects import Manifest
from vision_ai_generated.api import OPERATIONS

BATCH = 200
CALIBRATION = {"left": 0.1, "top": 0.1, "width": 0.8, "height": 0.8}


@dataclass
class FakeModule:
    """One module.

    Args:
        serial_number: Its own.
        engine, firmware: Its versions.
        items: How many products it knows.
        backup_size: Bytes of its backup.
        job_time: Seconds that a job takes.
        failures: Raised by the next jobs, one by one, before they have any effect.
        gate: Where set, a job that has had its effect waits for it: kill the agent meanwhile.
        is_busy: Whether the till is selling; `wait_for_quiet` then waits for `quiet`.
    """

    serial_number: str = "12345678"
    engine: str = "9.5.0"
    firmware: str = "9.9.4.2"
    items: int = 100
    learn_mode: int = 1
    calibration: dict[str, Any] = field(default_factory=lambda: dict(CALIBRATION))
    backup_size: int = 1000
    job_time: float = 0.0
    failures: list[Exception] = field(default_factory=list[Exception])
    inventory_failure: Exception | None = None
    gate: asyncio.Event | None = None
    is_busy: bool = False
    quiet: asyncio.Event = field(default_factory=asyncio.Event)
    effects: Counter[str] = field(default_factory=Counter[str])
    """How often each job had its effect, by `<kind>/<job>`."""
    calls: Counter[str] = field(default_factory=Counter[str])
    """How often each path was called."""
    started: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a job has had its effect."""
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    closed: bool = False
    _wake: Callable[[], None] | None = None

    @property
    def twice(self) -> list[str]:
        """Jobs that must have an effect once and had it more often."""
        return [
            name
            for name, count in self.effects.items()
            if count > 1 and name.split("/")[0] in ("reboot", "restore", "firmware")
        ]

    async def read_inventory(self) -> dict[str, Any]:
        if self.inventory_failure is not None:
            raise self.inventory_failure
        return {
            "device": self._get_device_info(),
            "api": "v1",
            "sdk": __version__,
            "python": "3.11.7",
            "platform": "Linux-x86_64",
            "module": "ready",
            "code": 0,
            "link": [],
            "reported": {"learn_mode": self.learn_mode, "calibration": self.calibration},
            "backup": None,
            "items": self.items,
            "time": time.time(),
        }

    async def apply(self, desired: dict[str, Any]) -> None:
        self.calls["apply"] += 1
        self.learn_mode = desired.get("learn_mode", self.learn_mode)
        self.calibration = desired.get("calibration", self.calibration)

    async def send(self, call: dict[str, Any], effect: str) -> dict[str, Any]:
        path = str(call["path"])
        self.calls[path] += 1
        operation = path.rpartition("/")[2]
        data: Any = None
        if operation == "get_device_info":
            data = self._get_device_info()
        elif operation == "get_learnmode":
            data = {"mode": self.learn_mode}
        elif operation == "set_learnmode":
            self.learn_mode = json.loads(base64.b64decode(call["body"]))["mode"]
        elif operation == "get_calib":
            data = self.calibration
        elif operation not in OPERATIONS:
            return make_reply(404, b"")
        content = {"code": 0} if data is None else {"code": 0, "data": data}
        return make_reply(200, json.dumps(content, separators=(",", ":")).encode())

    async def run(self, kind: str, arguments: dict[str, Any], context: JobContext) -> dict[str, Any]:
        if self.failures:
            raise self.failures.pop(0)
        result: dict[str, Any] = {}
        self.effects[f"{kind}/{context.job}"] += 1
        if kind == "backup":
            result = await self._back_up(context)
        elif kind in ("restore", "firmware"):
            await context.download(Manifest.from_dict(arguments["file"]), "file")
        elif kind == "set_learn_mode":
            self.learn_mode = arguments["mode"]
        elif kind == "set_calibration":
            self.calibration = dict(arguments)
        self.started.set()
        if self.job_time:
            await asyncio.sleep(self.job_time)
        if self.gate is not None:
            await self.gate.wait()
        return result

    async def wait_for_quiet(self, timeout: float) -> bool:
        if not self.is_busy:
            return True
        try:
            await asyncio.wait_for(self.quiet.wait(), timeout)
        except TimeoutError:
            return False
        return True

    async def read_events(self, position: str) -> EventBatch:
        start = int(position or 0)
        batch = self.events[start : start + BATCH]
        return EventBatch(batch, str(start + len(batch)))

    def watch_events(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    async def close(self) -> None:
        self.closed = True

    def record(self, source: str = "/stores/0042/scales/07", **data: Any) -> dict[str, Any]:
        """Record a recognition, as the till's journal would."""
        number = len(self.events) + 1
        event = {
            "specversion": "1.0",
            "id": f"{self.serial_number}-{number}",
            "revision": 1,
            "source": source,
            "type": "vision_ai.recognition.v1",
            "time": "2026-11-28T10:00:00Z",
            "datacontenttype": "application/json",
            "data": {"serial_number": self.serial_number, "chosen": "002", **data},
        }
        self.events.append(event)
        if self._wake is not None:
            self._wake()
        return event

    async def _back_up(self, context: JobContext) -> dict[str, Any]:
        path = context.folder / "backup.evo"
        pattern = f"{self.serial_number}:".encode()
        path.write_bytes((pattern * (self.backup_size // len(pattern) + 1))[: self.backup_size])
        manifest = await context.upload_backup(path, serial_number=self.serial_number, engine=self.engine)
        return {"file": manifest.to_dict()}

    def _get_device_info(self) -> dict[str, Any]:
        return {
            "clientID": "0042",
            "clientName": "Fruit Store",
            "engine": self.engine,
            "firmware": self.firmware,
            "learnMode": self.learn_mode,
            "sdk": "9.1.1",
            "sn": self.serial_number,
        }


def make_reply(status: int, body: bytes) -> dict[str, Any]:
    """Return the reply to a call."""
    headers = [["Content-Type", "application/json"], ["Content-Length", str(len(body))]]
    return {"status": status, "headers": headers, "body": base64.b64encode(body).decode()}
