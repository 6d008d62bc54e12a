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
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from ..extras import require_extra
from ..failures import Failure
from ..options import ANY_ARGUMENTS, Run, command

PROGRAM = (sys.executable, "-P", "-m", "vision_ai_emulator")
"""The emulator runs as a program of its own: the tools never import it."""
ADDRESS = re.compile(r"https?://\S+")
OPTION = re.compile(r"^  (--[a-z-]+)", re.MULTILINE)
BANNER_LINES = 4
TERMINATION_TIMEOUT = 5.0
"""Seconds."""


class EmulatorCommand(TyperCommand):
    """Adds the options of the emulator's own program to the help and to the completion."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        super().format_help(ctx, formatter)
        options = _read_options()  # none where its extra is not installed
        if options:
            print(f"The emulator's own options:\n\n{options}")

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        completions = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            make_item = type(super().shell_complete(ctx, "--")[0])  # Typer's class depends on its version
            names = {each.value for each in completions}
            own = [name for name in OPTION.findall(_read_options()) if name.startswith(incomplete)]
            completions += [make_item(name) for name in own if name not in names]
        return completions


def _read_options() -> str:
    """Return the part of the emulator's help about its options."""
    shown = subprocess.run([*PROGRAM, "--help"], capture_output=True, text=True, check=False)
    options = shown.stdout.partition("options:\n")[2].rstrip()
    return options.partition("exit\n")[2] or options  # without its --help


def _complete_value(ctx: typer.Context, incomplete: str) -> list[str]:
    given: list[str] = ctx.params.get("options") or []
    choices = (
        re.search(rf"^  {re.escape(given[-1])} \{{(.*?)\}}", _read_options(), re.MULTILINE) if given else None
    )
    return [value for value in choices[1].split(",") if value.startswith(incomplete)] if choices else []


app = typer.Typer(add_completion=False)


@app.command(cls=EmulatorCommand, context_settings=ANY_ARGUMENTS)
@command
def emulator(
    run: Run,
    options: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[EMULATOR OPTIONS]...",
            help="The emulator's own options: --port 8172, --pan banana, --state FILE, …",
            show_default=False,
            autocompletion=_complete_value,
        ),
    ] = None,
) -> None:
    """Run the emulator of a module on 127.0.0.1, port 8172, until Ctrl-C.

    In another terminal, use it with `--url http://127.0.0.1:8172` or set VISION_AI_URL to that address.
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
