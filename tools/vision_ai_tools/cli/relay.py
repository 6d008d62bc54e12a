"""`record --listen`: a relay between a till and a module that records everything that passes."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from types import FrameType

from vision_ai.recording import Recorder
from vision_ai.transports import Transport, open_route, resolve_url, run_sync
from vision_ai_tools.relay import Relay
from vision_ai_translations import Message, ngettext
from vision_ai_translations import gettext as _

from .english_messages import translate_message
from .failures import Failure, usage_failure
from .options import Run
from .printable import format_parts

HOST = "127.0.0.1"
CHECK_INTERVAL = 0.1
"""Seconds between the checks whether a signal arrived."""


def run_relay(run: Run, file: Path, port: int, *, keep_secrets: bool) -> None:
    """Relay and record until Ctrl-C or SIGTERM."""
    module = resolve_url(run.url).rstrip("/")
    if not module.startswith(("http://", "https://")):
        raise usage_failure(
            _("a relay needs an http address of a module, not {url}", url=repr(module)),
            _("Give one: {option}", option="--url http://…"),
        )
    recorder = Recorder(open_route(module).transport, file, secrets=keep_secrets)
    try:
        relay = _listen(port, module, recorder, run)
        _serve_until_stopped(relay, run, file)
    finally:
        run_sync(recorder.close())
    counted = ngettext("{count} call", "{count} calls", relay.calls, count=relay.calls)
    run.emit({"file": str(file), "calls": relay.calls}, (file, f"  {counted}"))


def _listen(port: int, module: str, transport: Transport, run: Run) -> Relay:
    def report_error(method: str, path: str, error: Exception) -> None:
        reason = next((each for each in error.args if isinstance(each, Message)), str(error))
        run.note(f"{method} {path}: {translate_message(reason)}")

    try:
        return Relay(transport, module, HOST, port, on_error=report_error)
    except OSError as error:
        raise Failure(
            _(
                "cannot listen on {host}, port {port}: {reason}",
                host=HOST,
                port=port,
                reason=translate_message(str(error.strerror)),
            ),
            _("Choose another port: {option} (0 for a free one).", option="--listen PORT"),
            kind="port",
        ) from None


def _serve_until_stopped(relay: Relay, run: Run, file: Path) -> None:
    run.emit(
        {"url": relay.url, "module": relay.module_url, "file": str(file)},
        format_parts(
            _("{url} relays to {module} and records in {file}. Press Ctrl-C to stop."),
            url=relay.url,
            module=relay.module_url,
            file=file,
        ),
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
