"""The consoles of single scales, each started when somebody opens it, and closed when nobody looks any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from vision_ai import AsyncVisionAI, InvalidInputError
from vision_ai_fleet.names import ScaleId
from vision_ai_tools.console.app import Console

from .access import get_role

logger = logging.getLogger("vision_ai_fleet")

MAX_CONSOLES = 8
"""At once: each asks its module several times a second, through the agent."""
IDLE_SECONDS = 180.0
"""After this long without a tab, a console closes."""
CHECK_SECONDS = 5.0
OFF, ALLOWED = "off", "allowed"
"""What an agent's settings permit; anything else is `read_only`."""
TRY_AGAIN_LATER = 1013
"""WebSocket close code."""


@dataclass(slots=True)
class _OpenConsole:
    """A console that runs. `tabs` counts the requests that are being served, its WebSockets among them."""

    console: Console
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    tabs: int = 0
    last_used: float = 0.0
    task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        try:
            async with self.console.running():
                self.ready.set()
                await self.closing.wait()
        finally:
            self.ready.set()


class ScaleConsoles:
    """ASGI application that passes requests to the console of the scale in their path.

    Args:
        open_module: Returns a client of a scale's module.
        get_mode: Returns what an agent's settings permit (`off`, `read_only`, `allowed`); None for no such scale.
        allow_changes: Whether an operator's consoles may change their modules, where the agent permits it too.
        idle_seconds: See `IDLE_SECONDS`.
    """

    def __init__(
        self,
        open_module: Callable[[ScaleId], AsyncVisionAI],
        get_mode: Callable[[ScaleId], str | None],
        *,
        allow_changes: bool = False,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._open_module = open_module
        self._get_mode = get_mode
        self._allow_changes = allow_changes
        self._idle_seconds = idle_seconds
        self._open: dict[tuple[ScaleId, bool], _OpenConsole] = {}

    @property
    def count(self) -> int:
        """How many run."""
        return len(self._open)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parameters = scope["path_params"]
        try:
            id = ScaleId.parse(f"{parameters['store']}/{parameters['scale']}")
        except InvalidInputError:
            await _refuse(404, "There is no such scale.", scope, receive, send)
            return
        mode = self._get_mode(id)
        if mode is None:
            await _refuse(404, f"There is no scale {id}.", scope, receive, send)
            return
        if mode == OFF:
            await _refuse(403, f"The settings of the agent of {id} permit no console.", scope, receive, send)
            return
        may_change = self._allow_changes and mode == ALLOWED and get_role(scope) == "operator"
        console = await self._get(id, not may_change)
        if console is None:
            text = f"{MAX_CONSOLES} consoles are open, which is the limit. Close one of them first."
            await _refuse(503, text, scope, receive, send)
            return
        console.tabs += 1
        try:
            await console.console.app(scope, receive, send)
        finally:
            console.tabs -= 1
            console.last_used = asyncio.get_running_loop().time()

    async def run(self) -> None:
        """Close the consoles that nobody uses, for ever; all of them at the end."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                await asyncio.sleep(min(CHECK_SECONDS, self._idle_seconds / 2))
                for key, each in list(self._open.items()):
                    if not each.tabs and loop.time() - each.last_used > self._idle_seconds:
                        await self._close(key)
        finally:
            for key in list(self._open):
                await self._close(key)

    async def _get(self, id: ScaleId, read_only: bool) -> _OpenConsole | None:
        """Return the console of a scale, started if need be; None if too many run."""
        key = (id, read_only)
        if key not in self._open:
            if len(self._open) >= MAX_CONSOLES and not await self._close_idle():
                return None
            console = Console(self._open_module(id), f"fleet://{id}", None, read_only=read_only)
            opened = self._open[key] = _OpenConsole(console, last_used=asyncio.get_running_loop().time())
            opened.task = asyncio.create_task(opened.run())
            opened.task.add_done_callback(_log_failure)
        opened = self._open[key]
        await opened.ready.wait()
        return opened

    async def _close_idle(self) -> bool:
        """Close the console that was not used for the longest time; False if all have a tab."""
        idle = [key for key, each in self._open.items() if not each.tabs]
        if not idle:
            return False
        await self._close(min(idle, key=lambda key: self._open[key].last_used))
        return True

    async def _close(self, key: tuple[ScaleId, bool]) -> None:
        console = self._open.pop(key)
        console.closing.set()
        if console.task is not None:
            await asyncio.wait([console.task])


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        logger.error("the console of a scale failed", exc_info=task.exception())


async def _refuse(status: int, text: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocketClose(TRY_AGAIN_LATER)(scope, receive, send)
    else:
        await PlainTextResponse(text + "\n", status)(scope, receive, send)
