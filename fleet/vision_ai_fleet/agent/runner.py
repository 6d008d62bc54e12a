"""Run an agent as a program: logging, and a clean end at a signal."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from vision_ai_fleet.tasks import end_tasks

from .agent import Agent
from .database import Database
from .module_port import ModulePort
from .settings import AgentSettings

logger = logging.getLogger("vision_ai_fleet")

OpenModule = Callable[[AgentSettings, str], ModulePort]


def run_agent(settings: AgentSettings, *, open_module: OpenModule | None = None) -> None:
    """Run an agent until a signal stops this program: SIGTERM, Ctrl-C, or Ctrl-Break on Windows.

    Args:
        settings: How it runs.
        open_module: Returns its module, given the settings and the agent's instance; None: the real one.

    Raises:
        FleetError: another agent uses its folder, or the folder cannot be written.
        InvalidInputError: the module's URL is not possible.
        OSError: the relay for the till cannot listen, for example because its port is in use.
    """
    configure_logging()
    asyncio.run(_run(settings, open_module or _open_module))


def configure_logging() -> None:
    """Log to the standard error output, unless the program configured it otherwise."""
    if not logging.getLogger().handlers and not logger.handlers:
        logging.basicConfig(
            stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s"
        )
        logger.setLevel(logging.INFO)


async def _run(settings: AgentSettings, open_module: OpenModule) -> None:
    stop = asyncio.Event()
    _watch_signals(stop)
    database = Database(settings.data)
    try:
        module = open_module(settings, database.instance)
    except BaseException:
        database.close()
        raise
    try:
        agent = Agent(settings, module, database)
        if url := getattr(module, "relay_url", None):
            logger.info("the till of %s finds its module at %s", agent.scale, url)
        task = asyncio.create_task(agent.run())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
            logger.info("the agent of %s stops", agent.scale)
        finally:
            stopping.cancel()
            await end_tasks([task])
        if not task.cancelled():
            task.result()
    finally:
        await module.close()


def _watch_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def handle(number: int, frame: object) -> None:
        loop.call_soon_threadsafe(stop.set)

    names = ("SIGINT", "SIGTERM", "SIGBREAK")  # the last is Windows's; `signal.signal` works on both
    for name in names:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handle)


def _open_module(settings: AgentSettings, instance: str) -> ModulePort:
    from .module import ModuleSettings, open_module  # the SDK's clients, which no other module needs

    return open_module(
        ModuleSettings(
            scale=settings.credentials.scale_id,
            instance=instance,
            folder=settings.data or Path(tempfile.mkdtemp(prefix="vision-ai-agent-")),
            url=settings.module.url,
            interface=settings.module.interface,
            api=settings.module.api,
            relay_port=settings.till.relay_port,
            journal=settings.till.journal,
            quiet_seconds=settings.till.quiet,
        )
    )
