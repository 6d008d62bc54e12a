"""`vision-ai emulator`."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from types import FrameType
from typing import Annotated

import typer

from ..extras import require_extra
from ..failures import Failure
from ..options import Run, command

PROGRAM = (sys.executable, "-P", "-m", "vision_ai_emulator")
"""The emulator runs as a program of its own: the tools never import it."""
ADDRESS = re.compile(r"https?://\S+")
BANNER_LINES = 4
TERMINATION_TIMEOUT = 5.0
"""Seconds."""


@command
def emulator(
    run: Run,
    options: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[EMULATOR OPTIONS]...",
            help="Options of `python -m vision_ai_emulator`: --port 8172, --pan banana, --state FILE, …",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Run the emulator of a module on 127.0.0.1, port 8172, until Ctrl-C.

    `vision-ai emulator -- --help` lists its options. In another terminal, use it with `--url
    http://127.0.0.1:8172` or set VISION_AI_URL to that address.
    """
    require_extra("emulator", "the emulator")
    program = [*PROGRAM, *(options or []), *(["--verbose"] if run.options.verbose else [])]
    if run.json:
        _run_with_json(run, program)
    else:
        os.execv(program[0], program)


def _run_with_json(run: Run, program: list[str]) -> None:
    """Run the emulator as a child process and print its addresses as JSON when it listens."""
    _handle_signals(_interrupt)
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            addresses = ADDRESS.findall("".join(islice(server.stdout, BANNER_LINES)))
            if addresses:
                run.emit({"url": addresses[0], "control_url": addresses[-1]})
            for _ in server.stdout:
                pass
        except KeyboardInterrupt:
            _terminate(server)
            return
    if server.returncode:
        raise Failure("the emulator did not start", "Its own message is above.", status=server.returncode)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Interrupt once, however many signals arrive."""
    _handle_signals(lambda number, frame: None)
    raise KeyboardInterrupt


def _handle_signals(handler: Callable[[int, FrameType | None], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)


def _terminate(server: subprocess.Popen[str]) -> None:
    """Ask the process to end, and kill it if it does not."""
    server.terminate()
    try:
        server.wait(timeout=TERMINATION_TIMEOUT)
    except subprocess.TimeoutExpired:
        server.kill()
