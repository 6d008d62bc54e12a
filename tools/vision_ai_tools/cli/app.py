"""The program: the table of its commands, and how a command is loaded and run.

To add a command, for example `vision-ai weigh`:

1. Add an entry to `COMMANDS` below: its name, its module and attribute, its panel in the help, and one line
   of help. `--help` prints this line; a command's module is imported only when the command is called.
2. Write the module `commands/weigh.py`:

       @command
       def weigh(
           run: Run,
           grams: Annotated[int, typer.Argument(help="The weight on the pan, in grams.")],
           tare: Annotated[bool, typer.Option("--tare", help="Store it as the weight of the pan.")] = False,
       ) -> None:
           \"\"\"Show what a weight is worth.\"\"\"
           with run.client() as module:
               info = module.get_device_info()
           run.emit({"grams": grams, "sn": info.sn}, lambda: f"{grams} g on {info.sn}")

   `command` (options.py) adds the global options and passes a `Run`. Print every result with
   `run.emit(result, view)`: the result for JSON, and the view (a text, something that Rich can print, or a
   function that makes one) for people. Import `vision_ai` only inside the function.
3. Raise what goes wrong: errors of the SDK and of files as they are, anything else as a `Failure`
   (failures.py) that says what happened and what to do. A command never prints errors or calls `sys.exit`.
4. For a command with subcommands, write a module with `app = make_group("…help…")`, decorate its functions
   with `@app.command("name")` above `@command`, and name `app` in `COMMANDS`.

A package of its own adds commands by entry points of the group `vision_ai.commands` (installed.py), and may import for
them from this package:

- `options`: `command`, `plain_command`, `make_group`, `make_command_decorator`, `BaseRun`, `PlainRun`, `Run`;
  `shared_options`: `OutputOptions`, `GlobalOptions`
- `failures`: `Failure`, `usage_failure`, `missing_extra_failure` and the exit statuses
- `output`: `make_table` and the other views; `printable`; `progress`: `show_progress`; `time_arguments`
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, cast

import typer
from typer.core import TyperGroup
from typer.main import get_command

from vision_ai_translations import get_language

from .failures import (
    FAILED,
    Failure,
    UsageError,
    convert_usage_error,
    get_command_path,
    missing_extra_failure,
)
from .help_texts import translate_help
from .line_breaks import break_lines_between_ideographs
from .options import (
    ANY_ARGUMENTS,
    GlobalOptions,
    add_options,
    make_typer_command,
    report_failure,
    unwrap_paragraphs,
)

if TYPE_CHECKING:
    from .installed import InstalledCommand

ABOUT = """Control a VISION-AI module from the command line.

The address of the module is --url, else $VISION_AI_URL, else http://172.22.0.6.

The module speaks one of two versions of its API; `info` shows which one. Commands that exist only in one of
them say so.

No module at hand? Run `vision-ai emulator` in another terminal and add --url http://127.0.0.1:8172, or
use --url emulator: for a new emulator inside one command.
"""


class CommandEntry(NamedTuple):
    """One command, as the help lists it."""

    name: str
    target: str
    """The module in `commands`, a colon, and the attribute: a `@command` function or a `typer.Typer`."""
    panel: str
    help: str
    extra: str = "cli"
    """The extra that the module's imports need."""
    settings: dict[str, bool] | None = None
    """Typer's context settings, for a command without subcommands."""


MODULE, PRODUCTS, PROBLEMS, DEVELOPMENT = "Module", "Products", "Troubleshooting", "Tools"

COMMANDS = (
    CommandEntry("info", "info:info", MODULE, "Show device information."),
    CommandEntry("image", "image:image", MODULE, "Save the camera's picture to a file."),
    CommandEntry("calib", "calib:app", MODULE, "Show or set the calibration area."),
    CommandEntry("learn-mode", "learn_mode:app", MODULE, "Show learning mode, or switch it on or off."),
    CommandEntry("speed", "speed:app", MODULE, "Show or set the speed of the recognition (V2)."),
    CommandEntry("clock", "clock:app", MODULE, "Set the module's clock (V2)."),
    CommandEntry("sync", "sync:app", MODULE, "Set up the synchronization between scales (V2)."),
    CommandEntry("backup", "backup:backup", MODULE, "Make a backup and download it."),
    CommandEntry(
        "restore", "restore:restore", MODULE, "Replace the module's products with those of a backup."
    ),
    CommandEntry("reboot", "reboot:reboot", MODULE, "Restart the module."),
    CommandEntry("wait", "wait:wait", MODULE, "Wait until the module is ready."),
    CommandEntry("reset", "reset:reset", MODULE, "Reset the module to its factory settings."),
    CommandEntry("items", "items:app", PRODUCTS, "List, teach and delete products."),
    CommandEntry("recognize", "recognize:recognize", PRODUCTS, "Recognize the product on the pan."),
    CommandEntry("feedback", "feedback:feedback", PRODUCTS, "Send feedback: the product that was chosen."),
    CommandEntry("journal", "journal:app", PRODUCTS, "Show, export and prune journals of recognitions."),
    CommandEntry("report", "report:report", PRODUCTS, "Report how good the recognition is, from journals."),
    CommandEntry("doctor", "doctor:doctor", PROBLEMS, "Find out why the module does not respond."),
    CommandEntry("link", "link:app", PROBLEMS, "Set up the network interface of the module's USB cable."),
    CommandEntry("errors", "errors:errors", PROBLEMS, "Explain error codes.", settings=ANY_ARGUMENTS),
    CommandEntry("record", "record:record", PROBLEMS, "Record requests and responses in a HAR file."),
    CommandEntry(
        "conformance", "conformance:conformance", PROBLEMS, "Check a module's firmware against the contract."
    ),
    CommandEntry("console", "console:console", DEVELOPMENT, "Set up a module in the browser.", "console"),
    CommandEntry("emulator", "emulator:app", DEVELOPMENT, "Run the emulator."),
)
_BY_NAME = {entry.name: entry for entry in COMMANDS}


def load_command(entry: CommandEntry) -> Any:
    """Import the module of a command and make the command of it."""
    module, _, attribute = entry.target.partition(":")
    try:
        target = getattr(import_module(f".commands.{module}", __package__), attribute)
    except ModuleNotFoundError as error:
        raise missing_extra_failure(entry.name, entry.extra, error.name) from error
    return make_typer_command(entry.name, target, entry.settings)


class LazyGroup(TyperGroup):
    """Lists all commands without importing their modules, and imports that of the command that is called.

    It looks for commands of installed packages only where it must: for the list, and for a name that is not its own.
    """

    _installed: dict[str, InstalledCommand] | None = None

    def list_commands(self, ctx: Any) -> list[str]:
        self._add_installed_commands()
        return super().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands:
            self._add_installed_commands()
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, _, rest = super().resolve_command(ctx, args)
        if not name:
            return name, None, rest
        command = load_command(_BY_NAME[name]) if name in _BY_NAME else self._load_installed(name)
        return name, translate_help(command), rest

    def _load_installed(self, name: str) -> Any:
        assert self._installed is not None
        return self._installed[name].load()

    def _add_installed_commands(self) -> None:
        if self._installed is None:
            from .installed import find_installed_commands

            self._installed = find_installed_commands()
            for name, each in self._installed.items():
                if name not in _BY_NAME:
                    placeholder = _make_placeholder(name, each.help, each.panel)
                    self.add_command(translate_help(placeholder), name)


def _make_placeholder(name: str, help: str, panel: str) -> Any:
    """Make a command that only stands in the list."""
    app = typer.Typer(add_completion=False)
    app.command(name, help=help, rich_help_panel=panel)(_placeholder)
    return get_command(app)


def _print_version(is_given: bool) -> None:
    if is_given:
        from importlib.metadata import version

        print(f"vision-ai {version('vision-ai-module')}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
]


def make_program() -> typer.Typer:
    """Make the whole `vision-ai`, with commands that are not imported yet."""
    app = typer.Typer(
        cls=LazyGroup,
        context_settings={"help_option_names": ["-h", "--help"]},  # commands inherit it
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        help=unwrap_paragraphs(ABOUT),
    )

    def take_version(version: Version = False) -> None:
        pass

    app.callback()(add_options(take_version, GlobalOptions))
    for entry in COMMANDS:
        app.command(entry.name, help=entry.help, rich_help_panel=entry.panel)(_placeholder)
    return app


def _placeholder() -> None:
    raise AssertionError("LazyGroup replaces it by the command")


def main() -> int:
    """Run the program with the arguments of the process and return its exit status."""
    _prepare_process()
    if get_language() == "zh":
        break_lines_between_ideographs()
    try:
        status = _run_program()
        sys.stdout.flush()
    except OSError:  # a closed pipe (`| head`) or a full disk
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return status


def _prepare_process() -> None:
    """Cope with closed streams and narrow character sets, and clean up at SIGTERM."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # as with >&-
            setattr(sys, name, Path(os.devnull).open("r" if name == "stdin" else "w"))  # noqa: SIM115
    cast(TextIOWrapper, sys.stdout).reconfigure(errors="replace")
    signal.signal(signal.SIGTERM, _exit_at_signal)


def _exit_at_signal(number: int, frame: FrameType | None) -> None:
    """Exit through the `finally` blocks, which remove what is half done."""
    raise SystemExit(128 + number)


def _run_program() -> int:
    try:
        status: object = translate_help(get_command(make_program()))(
            prog_name="vision-ai", standalone_mode=False
        )
    except Failure as failure:
        return report_failure(failure, GlobalOptions.from_arguments(sys.argv[1:]))
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # a group without a command has printed its help
            return error.exit_code
        command = get_command_path(error).partition(" ")[2]
        return report_failure(convert_usage_error(error), GlobalOptions.from_arguments(sys.argv[1:]), command)
    return status if isinstance(status, int) else 0
