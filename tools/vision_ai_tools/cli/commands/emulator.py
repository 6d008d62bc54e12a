"""`vision-ai emulator`."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from importlib import import_module
from typing import Annotated, Any

import typer

from ..failures import Failure, missing_extra_failure
from ..options import Run, command

PROGRAM = "vision_ai_emulator.__main__"
"""The emulator's program. It runs in this process, which may have no Python to start another one with: in a zipapp,
for example."""


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
    program: Any = import_module(PROGRAM)
    missing: str | None = program.find_missing_package()
    if missing is not None:
        raise missing_extra_failure("emulator", "emulator", missing)
    arguments = [*(options or []), *(["--verbose"] if run.options.verbose else [])]
    if not run.json:
        raise typer.Exit(program.main(arguments))

    def report_urls(url: str, control_url: str) -> None:
        with redirect_stdout(output):
            run.emit({"url": url, "control_url": control_url})

    output = sys.stdout
    try:
        with redirect_stdout(sys.stderr):  # its log is no JSON
            status: object = program.main(arguments, report_urls)
    except SystemExit as exit:  # a wrong option, or --help
        status = exit.code
    if isinstance(status, int) and status:
        raise Failure("the emulator did not start", "Its own message is above.", status=status)
