"""Find nats-server and run it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from vision_ai_fleet.errors import FleetError

from .server_config import Cluster, Leaf, ServerSettings, format_address, format_server_config
from .trust import Trust

VARIABLE = "NATS_SERVER"
OLDEST_VERSION = (2, 14)
"""Its message schedules and expiring entries are used."""
START_TIMEOUT = 60.0
"""Seconds: 30,000 queues take 8 after a power failure."""
STOP_TIMEOUT = 20.0
CHECK_INTERVAL = 0.05
INSTALL_HINT = "Install it: pip install 'vision-ai-module[fleet]', or name it in NATS_SERVER (2.14 or newer)."


def find_server() -> str:
    """Return the path of nats-server: `NATS_SERVER`, else beside this Python (the wheel), else on PATH.

    Raises:
        FleetError: there is none.
    """
    given = os.environ.get(VARIABLE)
    folders = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    path = shutil.which(given) if given else shutil.which("nats-server", path=folders)
    if path is None:
        raise FleetError(f"{given} is not a program" if given else "nats-server was not found", INSTALL_HINT)
    return path


def check_server(path: str) -> str:
    """Return the version of a nats-server.

    Raises:
        FleetError: it cannot be run, or is too old.
    """
    try:
        text = subprocess.run([path, "-v"], capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise FleetError(f"{path} cannot be run: {error}", INSTALL_HINT) from None
    match = re.search(r"v((\d+)\.(\d+)\.\S+)", text)
    if match is None:
        raise FleetError(f"{path} is not a nats-server: it prints {text.strip()[:60]!r}", INSTALL_HINT)
    if (int(match[2]), int(match[3])) < OLDEST_VERSION:
        raise FleetError(f"{path} is nats-server {match[1]}, which is too old", INSTALL_HINT)
    return match[1]


class Server:
    """A nats-server that this program runs.

    Args:
        settings: How it runs.
        trust: Whose identities it accepts.
        leaf, cluster: What it is besides a single server.
    """

    def __init__(
        self,
        settings: ServerSettings,
        trust: Trust,
        *,
        leaf: Leaf | None = None,
        cluster: Cluster | None = None,
    ) -> None:
        self.settings = settings
        self._leaf, self._cluster = leaf, cluster
        self._trust = trust
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        scheme = "tls" if self.settings.certificate is not None else "nats"
        return f"{scheme}://{format_address(self.settings.host, self.settings.port)}"

    @property
    def pid(self) -> int | None:
        """Its process; None while it does not run."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start it and wait until it listens.

        Raises:
            FleetError: it ended at once, its port is in use, or there is none.
        """
        path = find_server()
        check_server(path)
        folder = self.settings.folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        config = folder / "server.conf"
        end_orphan(self.settings.pid_file, config)
        self._check_port()
        text = format_server_config(self.settings, self._trust, leaf=self._leaf, cluster=self._cluster)
        config.write_text(text, encoding="utf-8")
        errors = folder / "server.err"
        with errors.open("wb") as file:
            self._process = subprocess.Popen(
                [path, "-c", str(config.absolute())],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                env=_limit_memory(),
                # Ctrl-C in a terminal goes to the whole group: the server would end before those who use it.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        self._wait_until_ready(errors)

    def _check_port(self) -> None:
        if self._is_listening():
            address = format_address(self.settings.host, self.settings.port)
            raise FleetError(
                f"another program listens on {address}", "End it, or choose another port: --listen HOST:PORT."
            )

    def _is_listening(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.settings.host, self.settings.host)
        with suppress(OSError):
            socket.create_connection((host, self.settings.port), 1.0).close()
            return True
        return False

    def _wait_until_ready(self, errors: Path) -> None:
        end = time.monotonic() + START_TIMEOUT
        while time.monotonic() < end:
            if self.pid is None:
                break
            if self._is_listening():
                return
            time.sleep(CHECK_INTERVAL)
        self.stop()
        raise FleetError(
            f"nats-server did not start: {_read_reason(errors, self.settings.log)}",
            f"See {self.settings.log}.",
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
        self.settings.pid_file.unlink(missing_ok=True)

    def kill(self) -> None:
        """End it as a power failure would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()


def end_orphan(pid_file: Path, config: Path) -> None:
    """End the nats-server of this folder whose center was killed: it holds the port and the data.

    The number of a process may be another program's by now: its command line must name our configuration.

    Raises:
        FleetError: it does not end.
    """
    try:
        pid = int(pid_file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return
    for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        end = time.monotonic() + STOP_TIMEOUT
        while _is_server(pid, config):
            with suppress(OSError):
                os.kill(pid, number)
            if time.monotonic() > end:
                break
            time.sleep(CHECK_INTERVAL)
        else:
            pid_file.unlink(missing_ok=True)
            return
    raise FleetError(f"an earlier nats-server of this center does not end (process {pid})", "End it by hand.")


def _is_server(pid: int, config: Path) -> bool:
    """Return whether a process is the nats-server with this configuration."""
    process = Path(f"/proc/{pid}")
    if process.parent.is_dir() and (process.parent / "self").exists():
        try:
            arguments = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return os.fsencode(config.absolute()) in arguments
    if sys.platform == "win32":
        command = ["tasklist", "/FI", f"PID eq {pid}", "/NH"]
        expected = "nats-server"
    else:
        command = ["ps", "-ww", "-p", str(pid), "-o", "command="]
        expected = str(config.absolute())
    with suppress(OSError, subprocess.SubprocessError):
        return (
            expected
            in subprocess.run(command, capture_output=True, text=True, timeout=10, check=False).stdout
        )
    return False


def _limit_memory() -> dict[str, str]:
    """Return the environment: three quarters of the memory, beyond which the server collects its garbage at once."""
    environment = dict(os.environ)
    sysconf: Any = getattr(os, "sysconf", None)  # Windows has none
    with suppress(TypeError, ValueError, OSError):
        total: int = sysconf("SC_PAGE_SIZE") * sysconf("SC_PHYS_PAGES")
        environment.setdefault("GOMEMLIMIT", str(total * 3 // 4))
    return environment


def _read_reason(*logs: Path) -> str:
    for log in logs:
        with suppress(OSError):
            lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            fatal = [line for line in lines[-50:] if "[FTL]" in line or "[ERR]" in line] or lines
            if fatal:
                return re.sub(r"^\[\d+\] \S+ \S+ ", "", fatal[-1]).strip()
    return "no reason given"
