"""`vision-ai emulator`."""

from __future__ import annotations

import argparse
import re
import sys
from contextlib import redirect_stdout, suppress
from functools import partial
from importlib import import_module
from io import StringIO
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from vision_ai_translations import get_language
from vision_ai_translations import gettext as _

from ..failures import Failure, missing_extra_failure
from ..options import ANY_ARGUMENTS, Run, command
from ..shared_options import Api

PROGRAM = "vision_ai_emulator.__main__"
"""The emulator's program. It runs in this process, which may have no Python to start another one with: in a zipapp,
for example."""
PARSER = "vision_ai_emulator.serving.command"
OPTION = re.compile(r"^  (--[a-z-]+)", re.MULTILINE)
ENTRY = re.compile(r"^  (-\S.*?)\s{2,}(\S.*?(?:\.|$))(?: (.*))?$", re.MULTILINE)
"""An option with its value, its text, and the values that it may have."""


class EmulatorCommand(TyperCommand):
    """Adds the options of the emulator's own program to the help and to the completion."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        super().format_help(ctx, formatter)
        options = _read_options()  # none where its extra is not installed
        if options:
            print(_("The emulator's own options:"), end="\n\n")
            if get_language() == "en":
                print(options)
            else:
                _print_translated_options()

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
    program: Any = import_module(PROGRAM)
    if program.find_missing_package() is not None:
        return ""
    shown = StringIO()
    with redirect_stdout(shown), suppress(SystemExit):
        program.main(["--help"])
    options = shown.getvalue().partition("options:\n")[2].rstrip()
    return options.partition("exit\n")[2] or options  # without its --help


def list_options() -> list[tuple[str, str, str]]:
    """List the emulator's own options, each with the English text of its help and the values after it."""
    parser: argparse.ArgumentParser = import_module(PARSER).make_parser()
    parser.formatter_class = partial(argparse.HelpFormatter, width=100_000)
    return [each for each in ENTRY.findall(parser.format_help()) if "--help" not in each[0]]


def _print_translated_options() -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table.grid(padding=(0, 0, 0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for name, text, values in list_options():
        table.add_row(name, f"{_(text)} {values}")
    Console(highlight=False, markup=False).print(table)


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
    program: Any = import_module(PROGRAM)
    missing: str | None = program.find_missing_package()
    if missing is not None:
        raise missing_extra_failure("emulator", "emulator", missing)
    arguments = [*(options or []), *(["--verbose"] if run.options.verbose else [])]
    if run.options.api not in (None, Api.auto):
        arguments += ["--api", run.options.api]
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
        raise Failure(_("the emulator did not start"), _("Its own message is above."), status=status)
