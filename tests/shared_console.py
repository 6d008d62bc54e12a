"""Serve the console in a thread, for tests with and without a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vision_ai import AsyncVisionAI
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
