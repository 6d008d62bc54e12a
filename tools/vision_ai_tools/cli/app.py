"""The program: its commands, and how they are found.

How to write a command, `vision-ai weigh` say:

1. A line in `COMMANDS` below: its name, its module and attribute, its panel in the help, and one line of
   help. Modules are imported when their command is called, never before; `--help` shows the line from here.
2. The module `weigh.py` beside this one:

       @command
       def weigh(
           run: Run,
           grams: Annotated[int, typer.Argument(help="What lies on the pan, in grams.")],
           tare: Annotated[bool, typer.Option("--tare", help="Take this for the pan's own weight.")] = False,
       ) -> None:
           \"\"\"Say what a weight is worth.\"\"\"
           with run.client() as module:
               info = module.get_device_info()
           run.emit({"grams": grams, "sn": info.sn}, lambda: f"{grams} g on {info.sn}")

   `command` (options.py) adds the global options and gives the `Run` they make. Everything that a command
   answers goes through `run.emit(result, view)`: the result as it stands in JSON, the view (a text or
   something that Rich can print, or a function that makes it) for people. Import `vision_ai` inside the
   function only.
3. What goes wrong is raised: errors of the SDK and of files as they are, anything else as a `Failure`
   (failure.py) that says what happened and what to do. Nobody prints errors or calls `sys.exit`.
4. A command with commands of its own is a module with `app = group("…help…")`, its functions decorated with
   `@app.command("name")` above `@command`; the line in `COMMANDS` then names `app`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NamedTuple, cast

import typer
from typer.core import TyperGroup
from typer.main import get_command

from .failures import FAILED, Failure, UsageError, missing_module, path_of, usage
from .options import ANY_ARGUMENTS, Globals, report, with_globals

ABOUT = """What people do with a VISION-AI module, from the command line.

The module is at --url, else at $VISION_AI_URL, else at http://172.22.0.6.

No module at hand? `VISION_AI_URL=emulator:` asks one inside this program, `vision-ai emulator` serves one.
"""


class Line(NamedTuple):
    """One command as the help lists it."""

    name: str
    target: str
    """Module of this package, colon, attribute: a function made with `command`, or a `typer.Typer`."""
    panel: str
    help: str
    extra: str = "cli"
    """The extra that brings what its module imports."""
    settings: dict[str, bool] | None = None
    """Of Typer's, for a command that is no group."""


MODULE, PRODUCTS, PROBLEMS, DEVELOPMENT = "Module", "Products", "When something is wrong", "Development"

COMMANDS = (
    Line("info", "info:info", MODULE, "Who the module is and what runs on it."),
    Line("image", "image:image", MODULE, "Save the camera's picture to a file."),
    Line("calib", "calib:app", MODULE, "Get or set the calibration area."),
    Line("learn-mode", "learn_mode:app", MODULE, "Get learning mode, or switch it on or off."),
    Line("backup", "backup:backup", MODULE, "Make a backup and download it."),
    Line("restore", "restore:restore", MODULE, "Put a backup back, in place of what is there now."),
    Line("reboot", "reboot:reboot", MODULE, "Restart the module."),
    Line("reset", "reset:reset", MODULE, "Return the module to its factory settings."),
    Line("items", "items:app", PRODUCTS, "List, teach and delete products."),
    Line("recognize", "recognize:recognize", PRODUCTS, "Say what lies on the pan."),
    Line("feedback", "feedback:feedback", PRODUCTS, "Tell the module what the clerk chose."),
    Line("doctor", "doctor:doctor", PROBLEMS, "Find out why the module does not answer."),
    Line("link", "link:app", PROBLEMS, "Set up the network interface of the module's USB cable."),
    Line(
        "errors",
        "commands.errors:errors",
        PROBLEMS,
        "Explain the module's error codes.",
        settings=ANY_ARGUMENTS,
    ),
    Line(
        "record", "commands.record:record", PROBLEMS, "Write down what is asked and answered, as a HAR file."
    ),
    Line(
        "conformance", "commands.conformance:conformance", PROBLEMS, "Examine how a module's firmware speaks."
    ),
    Line(
        "console", "commands.console:console", DEVELOPMENT, "Serve a page to set up a module with.", "console"
    ),
    Line(
        "emulator",
        "commands.emulator:emulator",
        DEVELOPMENT,
        "Serve a module in software.",
        settings=ANY_ARGUMENTS,
    ),
)
_BY_NAME = {line.name: line for line in COMMANDS}


def _loaded(line: Line) -> Any:
    module, _, attribute = line.target.partition(":")
    try:
        target = getattr(import_module(f".commands.{module}", __package__), attribute)
    except ModuleNotFoundError as error:
        raise missing_module(line.name, line.extra, error) from error
    if isinstance(target, typer.Typer):
        return get_command(target)
    alone = typer.Typer(add_completion=False)
    alone.command(line.name, context_settings=line.settings)(cast(Callable[..., Any], target))
    return get_command(alone)


class LazyGroup(TyperGroup):
    """Lists all commands without importing any; imports the one that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, _, rest = super().resolve_command(ctx, args)
        return name, name and _loaded(_BY_NAME[name]), rest


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"vision-ai {version('vision-ai-module')}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
]


def program() -> typer.Typer:
    """All of `vision-ai`, its commands not yet imported."""
    app = typer.Typer(cls=LazyGroup, no_args_is_help=True, pretty_exceptions_enable=False, help=ABOUT)

    def options(version: Version = False) -> None:
        pass

    app.callback()(with_globals(options))
    for line in COMMANDS:
        app.command(line.name, help=line.help, rich_help_panel=line.panel)(_placeholder)
    return app


def _placeholder() -> None:
    raise AssertionError("LazyGroup puts the command itself in its place")


def main() -> int:
    """Runs the program with the arguments of the process; gives its exit status."""
    _prepare()
    try:
        status = _status()
        sys.stdout.flush()
    except OSError:  # a pipe that nobody reads any more, a full disk: told where it is not just `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return status


def _prepare() -> None:
    """Whatever surrounds the program: closed streams, narrow character sets, an end by SIGTERM."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # as with >&-
            setattr(sys, name, Path(os.devnull).open("r" if name == "stdin" else "w"))  # noqa: SIM115
    cast(TextIOWrapper, sys.stdout).reconfigure(errors="replace")
    signal.signal(signal.SIGTERM, _ended)


def _ended(number: int, frame: FrameType | None) -> None:
    """What is half done is tidied up on the way out."""
    raise SystemExit(128 + number)


def _status() -> int:
    try:
        status: object = program()(prog_name="vision-ai", standalone_mode=False)
    except Failure as failure:
        return report(failure, Globals.of_arguments(sys.argv[1:]))
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # a group without a command: its help has been shown
            return error.exit_code
        return report(usage(error), Globals.of_arguments(sys.argv[1:]), path_of(error).partition(" ")[2])
    return status if isinstance(status, int) else 0
