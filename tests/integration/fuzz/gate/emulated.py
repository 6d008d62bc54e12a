"""The emulator as the gate's target: in this process, with a clock that ticks once for every call."""

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

# In seconds of the emulator's clock. A job ends a few calls later, so that those can find it under way.
_TICK = 1.0
_BACKUP = 2 * _TICK
_RESTORE = 3 * _TICK
# Gone only until the clock ticks, which it does when the answer to the reboot is there.
_REBOOT = _TICK / 2

Spoil = Callable[[str, Response], Response]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


class Emulated:
    """A fresh emulator. It is an ASGI application itself, for runs without a socket.

    Time passes by calls and not by the clock on the wall, so the same requests get the same answers.
    `spoil` may change an answer on its way out, given the path that was asked.
    """

    def __init__(self, spoil: Spoil | None = None, **settings: Unpack[SettingsChanges]) -> None:
        timing: SettingsChanges = {
            "backup_seconds": _BACKUP,
            "restore_seconds": _RESTORE,
            "reboot_seconds": 0,
        }
        self.emulator = Emulator(clock=ManualClock(), **{**timing, **settings})
        self._spoil = spoil

    def begin_anew(self) -> None:
        """As it came out of its box: hypothesis cannot explore scenarios that depend on earlier ones."""
        self.emulator.device.reset_device()
        settings = self.emulator.settings
        if settings.activated:
            self.emulator.activate(settings.store_id, settings.store_name)
        self.emulator.put("apple")

    def after_call(self, case: schemathesis.Case) -> None:
        """Let time pass."""
        self.emulator.step(_TICK)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError("there is nothing to start or stop")
        path = scope["raw_path"].decode("latin-1")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        answer = self.emulator.http.respond(scope["method"], path, headers, body)
        if self._spoil:
            answer = self._spoil(path, answer)
        headers_sent = [(name.lower().encode(), value.encode()) for name, value in answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers_sent})
        await send({"type": "http.response.body", "body": answer.body})


class Served(Emulated):
    """The same behind a real socket, where a reboot closes the port until the clock has ticked."""

    def __init__(self) -> None:
        super().__init__(reboot_seconds=_REBOOT)
        self._address = ("", 0)

    @contextmanager
    def serve(self) -> Generator[str]:
        """Serve it on 127.0.0.1; gives the base URL."""
        with serve(self.emulator) as url:
            parts = urlsplit(url)
            assert parts.hostname is not None and parts.port is not None
            self._address = (parts.hostname, parts.port)
            yield url

    def after_call(self, case: schemathesis.Case) -> None:
        """Let time pass; after a reboot, wait until the port is open again, so that no later case is lost."""
        super().after_call(case)
        if case.operation.label == "POST /api/reboot":
            self._wait_for_port()

    def _wait_for_port(self) -> None:
        # Whoever has the answer to a reboot finds the port closed: what can be reached is the restarted one.
        for _ in range(1000):
            try:
                socket.create_connection(self._address, timeout=1).close()
            except OSError:
                time.sleep(0.01)
            else:
                return
        raise RuntimeError("the emulator did not come back after a reboot")
