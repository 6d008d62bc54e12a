"""The agent: it connects one module with the center, and goes on by itself whatever breaks."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

from vision_ai import InvalidInputError, __version__
from vision_ai_fleet.connection import Connection
from vision_ai_fleet.credentials import Credentials
from vision_ai_fleet.errors import CenterUnreachableError
from vision_ai_fleet.tasks import end_tasks

from .calls import CallServer
from .database import Database, DiskFullError
from .engine_clock import EngineClock
from .executor import Executor
from .forwarder import Forwarder
from .inventory import InventoryReporter
from .job_context import remove_old_folders
from .ledger import Ledger
from .metrics import Metrics
from .module_port import ModulePort
from .outbox import Outbox
from .presence import PresenceReporter
from .queue import JobQueue
from .session import Session
from .settings import AgentSettings
from .tasks import complete

logger = logging.getLogger("vision_ai_fleet")

CONNECT_TIMEOUT = 20.0
LONGEST_CONNECT_PAUSE = 50.0
FAULT_PAUSE = (2.0, 10.0)
CLEANUP_INTERVAL = 86400.0
LAST_BACKUP = "last_backup"


class Agent:
    """One agent.

    Args:
        settings: How it runs.
        module: Its module. The agent does not close it.
        database: Its open file, which it closes; None: the one of its folder.

    Raises:
        FleetError: another agent uses its folder, or the folder cannot be written.
    """

    def __init__(self, settings: AgentSettings, module: ModulePort, database: Database | None = None) -> None:
        self.settings = settings
        self.scale = settings.credentials.scale_id
        self.metrics = Metrics()
        self.clock = EngineClock()
        self.ready = asyncio.Event()
        """Set once the center has the first sign of life."""
        self.connection: Connection | None = None
        self._module = module
        self._credentials = settings.credentials
        self._database = database or Database(settings.data)
        self._ledger = Ledger(self._database)
        limits = settings.limits
        self._outbox = Outbox(self._database, rows=limits.outbox_rows, bytes=limits.outbox_bytes)
        self._forwarder = Forwarder(
            self.scale, module, self._outbox, self.clock, self.metrics, rate=limits.events_per_second
        )
        self._executor: Executor | None = None
        self._task: asyncio.Task[None] | None = None
        remove_old_folders(settings.data, self._list_open_jobs())

    @property
    def instance(self) -> str:
        """The agent's installation."""
        return self._database.instance

    async def __aenter__(self) -> Agent:
        self._task = asyncio.create_task(self.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            await end_tasks([self._task])

    async def run(self) -> None:
        """Run until it is canceled. A job that cannot be repeated is given some seconds to end."""
        if self._database.was_damaged:
            self._forwarder.emit("agent_reset", "the agent's file was damaged, and a new one was made")
        others = [
            asyncio.create_task(self._repeat("events", self._forwarder.collect)),
            asyncio.create_task(self._repeat("cleanup", self._clean_up)),
        ]
        try:
            await self._repeat("center", self._serve)
        finally:
            await complete(end_tasks(others))
            self._database.close()

    async def _serve(self) -> None:
        """Connect, and do everything until the connection is closed for good."""
        connection, stack = await self._connect(), AsyncExitStack()
        self.connection = connection
        stack.push_async_callback(connection.close)
        try:
            await self._serve_over(connection, stack)
        finally:
            await complete(stack.aclose())
            self.connection = self._executor = None

    async def _serve_over(self, connection: Connection, stack: AsyncExitStack) -> None:
        session = Session(connection, self.settings, self._module, self._ledger, self.clock, self.metrics)
        presence = PresenceReporter(session, self._describe)
        inventory = InventoryReporter(session, self._describe_more, self._is_working)
        self._executor = executor = Executor(session, inventory.wake, self._note_backup)
        connection.on_reconnect.append(self._count_reconnect)
        stack.push_async_callback(presence.leave)
        await stack.enter_async_context(CallServer(session, inventory.wake))
        queue = await stack.enter_async_context(JobQueue(connection, self.scale))
        running = [
            asyncio.create_task(self._repeat(name, function))
            for name, function in (
                ("presence", presence.run),
                ("inventory", inventory.run),
                ("jobs", lambda: executor.run(queue)),
                ("sending", lambda: self._forwarder.send(connection)),
            )
        ]
        stack.push_async_callback(end_tasks, running)
        stack.push_async_callback(executor.stop)
        await self.clock.measured.wait()
        self.ready.set()
        await connection.closed.wait()
        logger.warning("the center closed the connection")

    async def _connect(self) -> Connection:
        """Try until the center responds. Where it refuses the credentials, newer ones may be in their file."""
        pause, logged = 1.0, ""
        while True:
            self._read_credentials()
            connection = Connection(self._credentials)
            try:
                async with asyncio.timeout(2 * CONNECT_TIMEOUT):
                    await connection.open(name=f"agent {self.scale}", connect_timeout=CONNECT_TIMEOUT)
                logger.info("connected with %s as %s", self._credentials.server, self.scale)
                return connection
            except (CenterUnreachableError, TimeoutError) as error:
                await connection.close()
                if str(error) != logged:
                    logger.warning("%s", error or "the center does not respond in time")
                logged = str(error)
            await asyncio.sleep(random.uniform(0.2, pause))
            pause = min(pause * 1.6, LONGEST_CONNECT_PAUSE)

    def _read_credentials(self) -> None:
        if self.settings.credentials_path is None:
            return
        try:
            credentials = Credentials.read(self.settings.credentials_path)
        except (OSError, InvalidInputError) as error:
            logger.warning("the credentials cannot be read again: %s", error)
            return
        if credentials.role == "scale" and credentials.scale_id == self.scale:
            self._credentials = credentials

    async def _repeat(self, name: str, function: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run one part of the agent. Its fault does not end the others: it begins again after a pause."""
        task = asyncio.current_task()
        while task is not None and not task.cancelling():  # a cancellation may have been lost in an error
            try:
                await function()
            except Exception:  # whatever it is, it is logged, and the scale stays within reach
                logger.exception("a part of the agent failed and begins again: %s", name)
                await asyncio.sleep(random.uniform(*FAULT_PAUSE))

    async def _clean_up(self) -> None:
        await self.clock.measured.wait()  # this computer's may be years ahead
        while True:
            try:
                self._ledger.forget_old(self.clock.now)
            except DiskFullError as error:
                logger.error("%s", error)
            await asyncio.sleep(CLEANUP_INTERVAL)

    def _is_working(self) -> bool:
        return self._executor is not None and self._executor.current is not None

    def _describe(self) -> dict[str, Any]:
        state = "busy" if self._module.is_busy else "idle"
        if self._is_working():
            state = "job"
        return {
            "agent": __version__,
            "instance": self.instance,
            "time": self.clock.now,
            "state": state,
            "outbox": self._forwarder.waiting,
            "metrics": {
                **self.metrics.to_dict(),
                "clock_offset": round(self.clock.offset, 1),
                "disk_full": int(self._database.is_full),
            },
        }

    def _describe_more(self) -> dict[str, Any]:
        more: dict[str, Any] = {"console": self.settings.console}
        try:
            if (backup := self._database.get_fact(LAST_BACKUP)) is not None:
                more["backup"] = json.loads(backup)
        except DiskFullError:
            pass
        return more

    def _note_backup(self, manifest: dict[str, Any]) -> None:
        backup = {"time": self.clock.now, "digest": manifest.get("digest"), "size": manifest.get("size")}
        try:
            self._database.set_fact(LAST_BACKUP, json.dumps(backup))
        except DiskFullError as error:
            logger.error("%s", error)

    def _list_open_jobs(self) -> set[str]:
        try:
            return {key.split(".")[0] for key in self._ledger.list_open()}
        except DiskFullError:
            return set()

    def _count_reconnect(self) -> None:
        self.metrics.reconnects += 1
