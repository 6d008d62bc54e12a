"""The program of a contender's process. It reads commands from standard input, one JSON object for each line.

    {"command": "verify"}               run the action once → its output and the memory it took
    {"command": "batch", "calls": n}    run the action n times → elapsed and processor seconds
    {"command": "close"}

It writes one JSON object for each command, and one when the client is ready. Its argument is a JSON object:
entry, asynchronous, url, concurrency, action, core, source, target.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from .loading import create_async, is_missing_library, load_contender

Reply = dict[str, Any]


class Memory:
    """Measure the growth of the process from now to its peak."""

    def __init__(self) -> None:
        gc.collect()
        with suppress(OSError):  # some kernels do not allow it: the peak is then that of the whole process
            Path("/proc/self/clear_refs").write_text("5")
        self._initial = self._kilobytes("VmRSS")

    def growth(self) -> int:
        """Return bytes."""
        return max(0, self._kilobytes("VmHWM") - self._initial) * 1024

    def _kilobytes(self, name: str) -> int:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


class Stopwatch:
    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def read(self) -> Reply:
        return {"wall": time.perf_counter() - self._wall, "processor": time.process_time() - self._processor}


class Worker:
    """What synchronous and asynchronous contenders share."""

    def __init__(self, options: Reply, client: Any) -> None:
        self.client = client
        self.action: str = options["action"]
        self.concurrency: int = options["concurrency"]
        self.target = Path(options["target"]) if self.action == "download" else None
        path = {"download": options["target"], "upload": options["source"]}.get(self.action)
        self.arguments = () if path is None else (path,)
        self.call: Callable[..., Any] = getattr(client, self.action)

    def remove_target(self) -> None:
        if self.target is not None:
            self.target.unlink(missing_ok=True)

    def flush_target(self) -> None:
        """Write a download to the disk. The SDK has done so; for the others, the time counts too."""
        if self.target is not None:
            with self.target.open("rb+") as file:
                os.fsync(file.fileno())

    def output(self, response: Any) -> Reply:
        """Describe what the action returned or wrote, for verification."""
        if self.action == "get_result":
            decode = getattr(self.client, "decode", lambda model: model)
            model = decode(response)
            return {"sid": model.sid, "items": [[item.id, item.score] for item in model.items]}
        if self.action == "get_image":
            return {"sha256": hashlib.sha256(response).hexdigest()}
        return {"size": self.target.stat().st_size} if self.target else {}


class SyncWorker(Worker):
    def verify(self) -> Reply:
        if self.action in ("download", "upload"):
            self.client.get_result()  # connect, so that only the transfer's memory is measured
        self.remove_target()
        memory = Memory()
        response = self.call(*self.arguments)
        growth = memory.growth()
        return {"output": self.output(response), "memory": growth}

    def batch(self, calls: int) -> Reply:
        self.remove_target()
        if self.concurrency > 1:
            return self._batch_in_threads(calls)
        call, arguments = self.call, self.arguments
        stopwatch = Stopwatch()
        for _ in range(calls):
            call(*arguments)
        self.flush_target()
        return stopwatch.read()

    def _batch_in_threads(self, calls: int) -> Reply:
        def repeat(_: int) -> None:
            for _ in range(calls // self.concurrency):
                self.call()

        with ThreadPoolExecutor(self.concurrency) as threads:
            stopwatch = Stopwatch()
            for _ in threads.map(repeat, range(self.concurrency)):
                pass
            return stopwatch.read()

    def close(self) -> Reply:
        self.client.close()
        return {}


class AsyncWorker(Worker):
    async def verify(self) -> Reply:
        if self.action in ("download", "upload"):
            await self.client.get_result()
        self.remove_target()
        memory = Memory()
        response = await self.call(*self.arguments)
        growth = memory.growth()
        return {"output": self.output(response), "memory": growth}

    async def batch(self, calls: int) -> Reply:
        self.remove_target()
        if self.concurrency > 1:
            return await self._batch_in_tasks(calls)
        call, arguments = self.call, self.arguments
        stopwatch = Stopwatch()
        for _ in range(calls):
            await call(*arguments)
        self.flush_target()
        return stopwatch.read()

    async def _batch_in_tasks(self, calls: int) -> Reply:
        async def repeat() -> None:
            for _ in range(calls // self.concurrency):
                await self.call()

        stopwatch = Stopwatch()
        async with asyncio.TaskGroup() as group:
            for _ in range(self.concurrency):
                group.create_task(repeat())
        return stopwatch.read()

    async def close(self) -> Reply:
        await self.client.close()
        return {}


def execute(command: Reply, worker: Any) -> Any:
    match command["command"]:
        case "verify":
            return worker.verify()
        case "batch":
            return worker.batch(command["calls"])
        case _:
            return worker.close()


def run_worker(options: Reply, send_reply: Callable[[Reply], None]) -> None:
    contender = load_contender(options["entry"])
    url, concurrency = options["url"], options["concurrency"]
    with asyncio.Runner() as runner:
        if options["asynchronous"]:
            client = runner.run(create_async(contender, url, concurrency))
            worker: Any = AsyncWorker(options, client)
        else:
            worker = SyncWorker(options, contender(url, concurrency))
        send_reply({})
        for line in sys.stdin:
            reply = execute(json.loads(line), worker)
            send_reply(runner.run(reply) if asyncio.iscoroutine(reply) else reply)


def main() -> None:
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a library prints must not be read as a reply

    def send_reply(reply: Reply) -> None:
        replies.write(json.dumps(reply) + "\n")

    options = json.loads(sys.argv[1])
    if options["core"] is not None:
        os.sched_setaffinity(0, {options["core"]})
    try:
        run_worker(options, send_reply)
    except ModuleNotFoundError as error:
        missing = is_missing_library(error)
        send_reply({"missing": str(error)} if missing else {"failed": traceback.format_exc()})
    except Exception:  # noqa: BLE001  # the runner reports every failure of a contender
        send_reply({"failed": traceback.format_exc()})


if __name__ == "__main__":
    main()
