"""The emulator as the target of the fuzzer, with a clock that advances with each call."""

from __future__ import annotations

import socket
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any, Unpack
from urllib.parse import urlsplit

import schemathesis

from vision_ai_emulator import Emulator, ManualClock, serve
from vision_ai_emulator.device.settings import SettingsChanges
from vision_ai_emulator.http.response import Response

# In seconds of the emulator's clock. A job ends a few calls later, so that these calls find it in progress.
_TICK = 1.0
_BACKUP = 2 * _TICK
_RESTORE = 3 * _TICK
# The module is unavailable until the clock advances, which it does after the response to the reboot.
_REBOOT = _TICK / 2

Alter = Callable[[str, Response], Response]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


class EmulatorApp:
    """A new emulator as an ASGI application, for runs without a socket.

    The clock advances with each call, so the same requests get the same responses. `alter` can change a
    response; its arguments are the path and the response.
    """

    def __init__(self, alter: Alter | None = None, **settings: Unpack[SettingsChanges]) -> None:
        timing: SettingsChanges = {
            "backup_seconds": _BACKUP,
            "restore_seconds": _RESTORE,
            "reboot_seconds": 0,
        }
        self.emulator = Emulator(clock=ManualClock(), **{**timing, **settings})
        self._alter = alter

    def reset(self) -> None:
        """Become a new device: Hypothesis requires that a scenario does not depend on earlier ones."""
        self.emulator.reset()

    def after_call(self, case: schemathesis.Case) -> None:
        """Advance the clock."""
        self.emulator.step(_TICK)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError("lifespan events are not supported")
        path = scope["raw_path"].decode("latin-1")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        response = self.emulator.http.respond(scope["method"], path, headers, body)
        if self._alter:
            response = self._alter(path, response)
        headers_sent = [(name.lower().encode(), value.encode()) for name, value in response.headers]
        await send({"type": "http.response.start", "status": response.status, "headers": headers_sent})
        await send({"type": "http.response.body", "body": response.body})


class EmulatorServer(EmulatorApp):
    """The same with a real socket. A reboot closes the port until the clock advances."""

    def __init__(self, **settings: Unpack[SettingsChanges]) -> None:
        super().__init__(**{"reboot_seconds": _REBOOT, **settings})
        self._address = ("", 0)

    @contextmanager
    def serve(self) -> Generator[str]:
        """Serve the emulator on 127.0.0.1, and yield the base URL."""
        with serve(self.emulator) as url:
            parts = urlsplit(url)
            assert parts.hostname is not None and parts.port is not None
            self._address = (parts.hostname, parts.port)
            yield url

    def after_call(self, case: schemathesis.Case) -> None:
        """Advance the clock. After a reboot, wait for the port, so that no later case is lost."""
        super().after_call(case)
        if case.operation.label == "POST /api/reboot":
            self._wait_for_port()

    def _wait_for_port(self) -> None:
        # The port is closed before the response to the reboot arrives. If it is open, the module has
        # restarted.
        for _ in range(1000):
            try:
                socket.create_connection(self._address, timeout=1).close()
            except OSError:
                time.sleep(0.01)
            else:
                return
        raise RuntimeError("the emulator is not available after a reboot")
