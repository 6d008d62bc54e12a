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

from ..extras import need
from ..failures import Failure
from ..options import Run, command

PROGRAM = (sys.executable, "-P", "-m", "vision_ai_emulator")
"""Reached as a program: the tools know the module's protocol by the SDK only."""
ADDRESS = re.compile(r"https?://\S+")
LINES_AT_THE_START = 4
PATIENCE = 5.0
"""Seconds that it may take to end."""


@command
def emulator(
    run: Run,
    options: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ITS OPTIONS]...",
            help="Of `python -m vision_ai_emulator`, as --port 8172, --pan banana, --state FILE.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve a module in software on 127.0.0.1, port 8172, until Ctrl-C.

    It takes all options of `python -m vision_ai_emulator`; `vision-ai emulator -- --help` lists them. Point
    this program at it with --url or $VISION_AI_URL.
    """
    need("emulator", "the emulator")
    program = [*PROGRAM, *(options or []), *(["--verbose"] if run.options.verbose else [])]
    if run.json:
        _told(run, program)
    else:
        os.execv(program[0], program)


def _told(run: Run, program: list[str]) -> None:
    """Says where it is in JSON, once it is there, and ends with it."""
    _handle_endings(_interrupted)
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            found = ADDRESS.findall("".join(islice(server.stdout, LINES_AT_THE_START)))
            if found:
                run.emit({"url": found[0], "control_url": found[-1]})
            for _ in server.stdout:
                pass
        except KeyboardInterrupt:
            _ended(server)
            return
    if server.returncode:
        raise Failure("the emulator could not be served", "What it said is above.", status=server.returncode)


def _interrupted(number: int, frame: FrameType | None) -> None:
    """Interrupts once, however many signals come."""
    _handle_endings(lambda number, frame: None)
    raise KeyboardInterrupt


def _handle_endings(handler: Callable[[int, FrameType | None], None]) -> None:
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, handler)


def _ended(server: subprocess.Popen[str]) -> None:
    """Asks it to end, and ends it where it does not."""
    server.terminate()
    try:
        server.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
