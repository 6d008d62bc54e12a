"""One contender's process: does what it is told on standard input, a JSON line for each order and each reply.

    {"do": "check"}               the work once → what came of it, and the memory it took
    {"do": "batch", "calls": n}   the work n times → seconds that passed, and of the processor
    {"do": "close"}

The program's argument is a JSON object: entry, asynchronous, url, at_once, action, core, source, target.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import importlib
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

Reply = dict[str, Any]


def contender_class(entry: str) -> type:
    module, _, name = entry.partition(":")
    return getattr(importlib.import_module(module), name)


def outcome(client: Any, action: str, answer: Any, target: Path | None) -> Reply:
    if action == "get_result":
        read = getattr(client, "read", lambda model: model)
        model = read(answer)
        return {"sid": model.sid, "items": [[item.id, item.score] for item in model.items]}
    if action == "get_image":
        return {"sha256": hashlib.sha256(answer).hexdigest()}
    return {"size": target.stat().st_size} if target else {}


class Memory:
    """How much more a process held at its highest than before."""

    def __init__(self) -> None:
        gc.collect()
        with suppress(OSError):  # then the highest since the process began has to do
            Path("/proc/self/clear_refs").write_text("5")
        self._before = self._kilobytes("VmRSS")

    def more(self) -> int:
        """Bytes."""
        return max(0, self._kilobytes("VmHWM") - self._before) * 1024

    def _kilobytes(self, name: str) -> int:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


class Times:
    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def so_far(self) -> Reply:
        return {"wall": time.perf_counter() - self._wall, "processor": time.process_time() - self._processor}


class Worker:
    """What both kinds share: files are made room for before, and are on the disk after."""

    def __init__(self, options: Reply, client: Any) -> None:
        self.client = client
        self.action: str = options["action"]
        self.at_once: int = options["at_once"]
        self.target = Path(options["target"]) if self.action == "download" else None
        path = {"download": options["target"], "upload": options["source"]}.get(self.action)
        self.arguments = () if path is None else (path,)
        self.call: Callable[..., Any] = getattr(client, self.action)

    def before(self) -> None:
        if self.target is not None:
            self.target.unlink(missing_ok=True)

    def after(self) -> None:
        """Ours has written it to the disk already, and the others must not win by leaving that to later."""
        if self.target is not None:
            with self.target.open("rb+") as file:
                os.fsync(file.fileno())


class SyncWorker(Worker):
    def check(self) -> Reply:
        if self.action in ("download", "upload"):
            self.client.get_result()
        self.before()
        memory = Memory()
        answer = self.call(*self.arguments)
        more = memory.more()
        return {"outcome": outcome(self.client, self.action, answer, self.target), "memory": more}

    def batch(self, calls: int) -> Reply:
        self.before()
        if self.at_once > 1:
            return self._in_threads(calls)
        call, arguments = self.call, self.arguments
        times = Times()
        for _ in range(calls):
            call(*arguments)
        self.after()
        return times.so_far()

    def _in_threads(self, calls: int) -> Reply:
        def several(_: int) -> None:
            for _ in range(calls // self.at_once):
                self.call()

        with ThreadPoolExecutor(self.at_once) as threads:
            times = Times()
            for _ in threads.map(several, range(self.at_once)):
                pass
            return times.so_far()

    def close(self) -> Reply:
        self.client.close()
        return {}


class AsyncWorker(Worker):
    async def check(self) -> Reply:
        if self.action in ("download", "upload"):
            await self.client.get_result()
        self.before()
        memory = Memory()
        answer = await self.call(*self.arguments)
        more = memory.more()
        return {"outcome": outcome(self.client, self.action, answer, self.target), "memory": more}

    async def batch(self, calls: int) -> Reply:
        self.before()
        if self.at_once > 1:
            return await self._in_tasks(calls)
        call, arguments = self.call, self.arguments
        times = Times()
        for _ in range(calls):
            await call(*arguments)
        self.after()
        return times.so_far()

    async def _in_tasks(self, calls: int) -> Reply:
        async def several() -> None:
            for _ in range(calls // self.at_once):
                await self.call()

        times = Times()
        async with asyncio.TaskGroup() as group:
            for _ in range(self.at_once):
                group.create_task(several())
        return times.so_far()

    async def close(self) -> Reply:
        await self.client.close()
        return {}


def obey(order: Reply, worker: Any) -> Any:
    match order["do"]:
        case "check":
            return worker.check()
        case "batch":
            return worker.batch(order["calls"])
        case _:
            return worker.close()


async def opened(kind: type, url: str, at_once: int) -> Any:
    """The clients that need a running event loop get one."""
    return kind(url, at_once)


def work(options: Reply, reply: Callable[[Reply], None]) -> None:
    kind = contender_class(options["entry"])
    with asyncio.Runner() as runner:
        if options["asynchronous"]:
            client = runner.run(opened(kind, options["url"], options["at_once"]))
            worker: Any = AsyncWorker(options, client)
        else:
            worker = SyncWorker(options, kind(options["url"], options["at_once"]))
        reply({})
        for line in sys.stdin:
            answer = obey(json.loads(line), worker)
            reply(runner.run(answer) if asyncio.iscoroutine(answer) else answer)


def main() -> None:
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a library prints is no reply

    def reply(what: Reply) -> None:
        replies.write(json.dumps(what) + "\n")

    options = json.loads(sys.argv[1])
    if options["core"] is not None:
        os.sched_setaffinity(0, {options["core"]})
    try:
        work(options, reply)
    except ModuleNotFoundError as error:
        ours = (error.name or "").startswith(("vision_ai.", "vision_ai_generated."))
        # a part of the SDK is no library that somebody did not install
        reply({"failed": traceback.format_exc()} if ours else {"missing": str(error)})
    except Exception:  # noqa: BLE001  # whatever it is, the one who measures has to know
        reply({"failed": traceback.format_exc()})


if __name__ == "__main__":
    main()
