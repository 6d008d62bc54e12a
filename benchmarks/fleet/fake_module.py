"""A module that counts what reaches it, for agents by the thousand in one process."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vision_ai import InvalidInputError
from vision_ai_fleet.agent.module_port import EventBatch, JobContext
from vision_ai_fleet.names import ScaleId

REBOOT_SECONDS = 0.01
BATCH = 100
BLOCK = 1 << 20


class FakeModule:
    """What an agent needs of its module, without one. It is a `ModulePort`.

    Args:
        scale: Its scale.
        backup_bytes: The size of a backup.
        reboot_seconds: How long a restart takes.
        record: A folder for what it did and recognized, which outlives its agent as a real module does; None: in
            memory.
    """

    def __init__(
        self,
        scale: ScaleId,
        *,
        backup_bytes: int = 1 << 20,
        reboot_seconds: float = REBOOT_SECONDS,
        record: Path | None = None,
    ) -> None:
        self.scale = scale
        self.acts: Counter[str] = Counter()
        """How often each job was done that must not be done twice."""
        self.settings: dict[str, Any] = {"learn_mode": 1, "calibration": {}}
        self.is_busy = False
        self._backup_bytes = backup_bytes
        self._reboot_seconds = reboot_seconds
        self._acts_file = record and record / f"{scale.key}.acts"
        self._events_file = record and record / f"{scale.key}.events"
        self._events = _measure(self._events_file)
        self._wake: Callable[[], None] = lambda: None

    @property
    def device(self) -> dict[str, Any]:
        return {
            "clientID": self.scale.store,
            "clientName": "Load",
            "engine": "9.5.0",
            "firmware": "9.9.4.2",
            "learnMode": self.settings["learn_mode"],
            "sn": f"{self.scale.store}{self.scale.scale}",
        }

    async def read_inventory(self) -> dict[str, Any]:
        return {"device": self.device, "api": "v1", "module": "ready", "code": None, "link": []} | {
            "reported": dict(self.settings),
            "items": 100,
        }

    async def apply(self, desired: dict[str, Any]) -> None:
        self.settings |= {name: desired[name] for name in self.settings if name in desired}

    async def send(self, call: dict[str, Any], effect: str) -> dict[str, Any]:
        body = json.dumps({"code": 0, "data": self.device}).encode()
        headers = [["Content-Type", "application/json"], ["Content-Length", str(len(body))]]
        return {"status": 200, "headers": headers, "body": base64.b64encode(body).decode()}

    async def run(self, kind: str, arguments: dict[str, Any], context: JobContext) -> dict[str, Any]:
        if kind == "set_learn_mode":
            self.settings["learn_mode"] = arguments["mode"]
            return {}
        if kind == "reboot":
            self.acts[context.job] += 1
            _append(self._acts_file, f"{context.job}\n")
            await asyncio.sleep(self._reboot_seconds)
            return {}
        if kind == "backup":
            return {"file": (await self._back_up(context)).to_dict()}
        raise InvalidInputError(f"the fake module has no job {kind}")

    async def _back_up(self, context: JobContext) -> Any:
        # The content depends on the job alone: what was begun before a kill goes on after it.
        path, size = context.folder / "backup.evo", self._backup_bytes
        if not path.exists() or path.stat().st_size != size:
            await asyncio.to_thread(_write_content, path, size, f"{self.scale.key}{context.job}")
        return await context.upload_backup(path, serial_number=self.device["sn"], engine="9.5.0")

    async def wait_for_quiet(self, timeout: float) -> bool:
        return True

    def add_events(self, count: int) -> None:
        """Recognize something."""
        _append(self._events_file, "x" * count)
        self._events += count
        self._wake()

    async def read_events(self, position: str) -> EventBatch:
        start = int(position or 0)
        end = min(self._events, start + BATCH)
        return EventBatch([self._make_event(number) for number in range(start + 1, end + 1)], str(end))

    def watch_events(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    async def close(self) -> None:
        pass

    def _make_event(self, number: int) -> dict[str, Any]:
        guesses = [[f"{rank:03}", 0.9 - rank / 10] for rank in range(5)]
        return {
            "specversion": "1.0",
            "id": f"{self.scale.key}-{number}",
            "revision": 1,
            "source": f"/stores/{self.scale.store}/scales/{self.scale.scale}",
            "type": "vision_ai.recognition.v1",
            "time": datetime.now(UTC).isoformat(),
            "datacontenttype": "application/json",
            "store": self.scale.store,
            "scale": self.scale.scale,
            "data": {"sid": f"20261128{number:08}", "guess": "000", "score": 0.9, "guesses": guesses}
            | {"choice": "000", "choice_name": "Load", "place": 1, "intop": True, "latency": 0.05},
        }


def _append(path: Path | None, text: str) -> None:
    if path is not None:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)


def _measure(path: Path | None) -> int:
    return path.stat().st_size if path is not None and path.exists() else 0


def _write_content(path: Any, size: int, seed: str) -> None:
    """Write content that does not compress and is the same for the same seed."""
    import random

    source = random.Random(seed)
    with path.open("wb") as file:
        for start in range(0, size, BLOCK):
            file.write(source.randbytes(min(BLOCK, size - start)))
        file.flush()
        os.fsync(file.fileno())
