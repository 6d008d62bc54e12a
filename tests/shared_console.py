"""Serve the console in a thread, for tests with and without a browser."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from attrs import define, field
from starlette.applications import Starlette
from starlette.routing import Mount

from vision_ai import AsyncVisionAI
from vision_ai_tools.console.app import Console
from vision_ai_tools.console.backup_store import BackupStore
from vision_ai_tools.console.server import ConsoleServer


@contextmanager
def serve_console(module_url: str, folder: Path, port: int = 0, **options: Any) -> Iterator[ConsoleServer]:
    """Serve a console on 127.0.0.1 that stores its backups in a folder, and with `journal=` keeps a journal."""
    store = BackupStore(folder)
    module = AsyncVisionAI(module_url, journal=options.get("journal"))
    server = ConsoleServer(module, module_url, "127.0.0.1", port, store, **options)
    thread = threading.Thread(target=server.run, name="console")
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


@define
class OuterApplication:
    """Another application that shows the consoles of modules, as the page of a fleet does."""

    url: str
    """The address of the mounted console, which ends with a slash."""
    _loop: asyncio.AbstractEventLoop = field(repr=False)
    _stack: AsyncExitStack = field(repr=False)

    def stop_console(self) -> None:
        """Stop the console; the application goes on."""
        asyncio.run_coroutine_threadsafe(self._stack.aclose(), self._loop).result(20)


@contextmanager
def serve_mounted_console(
    module_url: str, prefix: str, *, folder: Path | None = None, **options: Any
) -> Iterator[OuterApplication]:
    """Serve an application with a console below a prefix, without a folder for backups where none is given."""
    stack = AsyncExitStack()
    loops: list[asyncio.AbstractEventLoop] = []
    store = None if folder is None else BackupStore(folder)
    console = Console(AsyncVisionAI(module_url), "fleet://0042/07", store, **options)

    @asynccontextmanager
    async def run_console(_: Starlette) -> AsyncGenerator[None]:
        loops.append(asyncio.get_running_loop())
        await stack.enter_async_context(console.running())
        yield
        await stack.aclose()

    app = Starlette(routes=[Mount(prefix, console.app)], lifespan=run_console)
    config = uvicorn.Config(
        app, port=0, log_level="warning", ws="websockets-sansio", timeout_graceful_shutdown=2
    )
    listener = config.bind_socket()
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="outer")
    thread.start()
    try:
        while not server.started and thread.is_alive():
            threading.Event().wait(0.01)
        port = listener.getsockname()[1]
        yield OuterApplication(f"http://127.0.0.1:{port}{prefix}/", loops[0], stack)
    finally:
        server.should_exit = True
        thread.join()
