"""`record --listen`: a relay between a till and a module that records everything that passes."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from types import FrameType

from vision_ai.recording import Recorder
from vision_ai.transports import Transport, open_route, resolve_url, run_sync
from vision_ai_tools.relay import Relay

from .failures import Failure, usage_failure
from .options import Run

HOST = "127.0.0.1"
CHECK_INTERVAL = 0.1
"""Seconds between the checks whether a signal arrived."""


def run_relay(run: Run, file: Path, port: int, *, keep_secrets: bool) -> None:
    """Relay and record until Ctrl-C or SIGTERM."""
    module = resolve_url(run.url).rstrip("/")
    if not module.startswith(("http://", "https://")):
        raise usage_failure(
            f"a relay needs an http address of a module, not {module!r}", "Give one: --url http://…"
        )
    recorder = Recorder(open_route(module).transport, file, secrets=keep_secrets)
    try:
        relay = _listen(port, module, recorder, run)
        _serve_until_stopped(relay, run, file)
    finally:
        run_sync(recorder.close())
    counted = f"{relay.calls} call{'' if relay.calls == 1 else 's'}"
    run.emit({"file": str(file), "calls": relay.calls}, (file, f"  {counted}"))


def _listen(port: int, module: str, transport: Transport, run: Run) -> Relay:
    def report_error(method: str, path: str, error: Exception) -> None:
        run.note(f"{method} {path}: {error}")

    try:
        return Relay(transport, module, HOST, port, on_error=report_error)
    except OSError as error:
        message = f"cannot listen on {HOST}, port {port}: {error.strerror}"
        raise Failure(
            message, "Choose another port: --listen PORT (0 for a free one).", kind="port"
        ) from None


def _serve_until_stopped(relay: Relay, run: Run, file: Path) -> None:
    run.emit(
        {"url": relay.url, "module": relay.module_url, "file": str(file)},
        (f"{relay.url} relays to {relay.module_url} and records in ", file, ". Press Ctrl-C to stop."),
    )
    stopped = False

    def stop_serving(number: int, frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop_serving)
    with relay:
        while not stopped:  # no lock: on Windows, a signal does not end the wait for one
            time.sleep(CHECK_INTERVAL)
