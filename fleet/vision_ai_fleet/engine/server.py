"""Find nats-server and run it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from vision_ai_fleet.errors import FleetError

from .server_config import ServerSettings, format_server_config
from .trust import Trust

VARIABLE = "NATS_SERVER"
START_TIMEOUT = 30.0
STOP_TIMEOUT = 20.0
CHECK_INTERVAL = 0.05


def find_server() -> str:
    """Return the path of nats-server: `NATS_SERVER`, else beside this Python (the wheel), else on PATH.

    Raises:
        FleetError: there is none.
    """
    given = os.environ.get(VARIABLE)
    folders = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    path = shutil.which(given) if given else shutil.which("nats-server", path=folders)
    if path is None:
        raise FleetError(
            f"{given} is not a program" if given else "nats-server was not found",
            "Install it: pip install 'vision-ai-module[fleet]', or name it in NATS_SERVER (2.14 or newer).",
        )
    return path


class Server:
    """A nats-server that this program runs.

    Args:
        settings: How it runs.
        trust: Whose identities it accepts.
    """

    def __init__(self, settings: ServerSettings, trust: Trust) -> None:
        self.settings = settings
        self._trust = trust
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        scheme = "tls" if self.settings.certificate is not None else "nats"
        return f"{scheme}://{self.settings.host}:{self.settings.port}"

    @property
    def pid(self) -> int | None:
        """Its process; None while it does not run."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start it and wait until it listens.

        Raises:
            FleetError: it ended at once, or there is none.
        """
        folder = self.settings.folder
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "server.conf"
        config.write_text(format_server_config(self.settings, self._trust), encoding="utf-8")
        log = folder / "server.log"
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                [find_server(), "-c", str(config)], stdin=subprocess.DEVNULL, stdout=file, stderr=file
            )
        self._wait_until_ready(log)

    def _wait_until_ready(self, log: Path) -> None:
        end = time.monotonic() + START_TIMEOUT
        while time.monotonic() < end:
            if self._process is None or self._process.poll() is not None:
                break
            try:
                socket.create_connection((self.settings.host, self.settings.port), 1.0).close()
                return
            except OSError:
                time.sleep(CHECK_INTERVAL)
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        self.stop()
        raise FleetError(
            f"nats-server did not start: {lines[-1] if lines else 'no reason given'}", f"See {log}."
        )

    def stop(self) -> None:
        """Let it end what it does, and wait for it."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """End it as a power failure would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
