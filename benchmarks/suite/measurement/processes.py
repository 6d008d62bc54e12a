"""Start the processes of the contenders and communicate with them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from ..registry import Contender, Workload
from ..setup.workspace import BENCHMARKS
from .errors import ContenderFailedError, ContenderMissingError
from .settings import Settings

STARTUP = BENCHMARKS / "suite" / "measurement" / "startup.py"
EXIT_NOT_INSTALLED = 3
"""Exit status of `startup`."""
REPLY_TIMEOUT = 300.0
"""Seconds."""


class WorkerProcess:
    """A contender in a process of its own."""

    def __init__(self, contender: Contender, workload: Workload, settings: Settings) -> None:
        workspace = settings.workspace
        # Each contender has a file of its own.
        name = re.sub(r"\W+", "-", contender.name)
        self.target = workspace.download_folder(workload) / f"{name}.evo"
        options = {
            "entry": contender.entry,
            "asynchronous": contender.asynchronous,
            "url": workspace.server.url,
            "concurrency": workload.concurrency,
            "action": workload.action,
            "core": settings.core,
            "source": str(workspace.data.backup),
            "target": str(self.target),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "suite.measurement.worker", json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=workspace.environment(contender),
            start_new_session=True,  # Ctrl-C reaches the runner only, which ends the workers
        )

    def wait_until_ready(self) -> None:
        """Return when the process has imported its library and created its client."""
        self._receive()

    def verify(self) -> dict[str, Any]:
        return self._send(command="verify")

    def run_batch(self, calls: int) -> dict[str, Any]:
        return self._send(command="batch", calls=calls)

    def close_client(self) -> None:
        self._send(command="close")

    def _send(self, **command: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(command) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise ContenderFailedError("its process has ended") from error
        return self._receive()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        timeout = threading.Timer(REPLY_TIMEOUT, self._process.kill)
        timeout.start()
        try:
            line = self._process.stdout.readline()
        finally:
            timeout.cancel()
        if not line:
            raise ContenderFailedError(
                f"its process ended ({self._process.wait()}), or did not reply within {REPLY_TIMEOUT:g} s"
            )
        reply = json.loads(line)
        if "missing" in reply:
            raise ContenderMissingError(reply["missing"])
        if "failed" in reply:
            raise ContenderFailedError(reply["failed"])
        return reply

    def terminate(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.terminate()
        self._process.wait()
        self.target.unlink(missing_ok=True)


@contextmanager
def start_worker(contender: Contender, workload: Workload, settings: Settings) -> Iterator[WorkerProcess]:
    worker = WorkerProcess(contender, workload, settings)
    try:
        worker.wait_until_ready()
        yield worker
    finally:
        worker.terminate()


@dataclass(frozen=True)
class Startup:
    imported: float
    """Seconds of the import."""
    called: float
    """Seconds of the first call."""
    modules: int
    memory: int
    """Bytes, at the peak."""
    sid: str


def measure_startup(contender: Contender, settings: Settings) -> Startup:
    """Import the contender's library and make one call, in a new process."""
    workspace = settings.workspace
    flavor = "async" if contender.asynchronous else "sync"
    core = "-" if settings.core is None else str(settings.core)
    command = [sys.executable, "-P", str(STARTUP), contender.entry, flavor, workspace.server.url, core]
    try:
        result = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=workspace.environment(contender),
            timeout=REPLY_TIMEOUT,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise ContenderFailedError(f"no result within {REPLY_TIMEOUT:g} s") from error
    if result.returncode == EXIT_NOT_INSTALLED:
        raise ContenderMissingError(result.stderr.strip())
    if result.returncode != 0:
        raise ContenderFailedError(result.stderr)
    imported, called, modules, kilobytes, sid = result.stdout.split()
    return Startup(float(imported), float(called), int(modules), int(kilobytes) * 1024, sid)
