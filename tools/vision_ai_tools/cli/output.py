"""What a command prints: for people on a terminal, or with --json one JSON object per line."""

from __future__ import annotations

import json
import logging
import math
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeAlias, cast

from vision_ai_translations import gettext as _

from .failures import Failure
from .printable import Printable, escape_json, has_bytes, join_parts, make_printable, print_parts

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

View: TypeAlias = "RenderableType | Printable | Callable[[], RenderableType | Printable] | None"

PIPE_WIDTH = 10_000
"""Columns where there is no terminal: lines in a file or a pipe are not wrapped."""


class Output:
    """Prints results to standard output, and progress, notes and failures to standard error.

    With --json a failure goes to standard output, so that a program reads one stream. Progress stays on
    standard error, as JSON lines.
    """

    def __init__(self, command: str, *, as_json: bool) -> None:
        self.command = command
        self.as_json = as_json

    @property
    def interactive(self) -> bool:
        """Whether there is a terminal to ask questions on."""
        return sys.stdin.isatty() and sys.stderr.isatty() and not self.as_json

    def print_result(self, value: object, view: View = None) -> None:
        """Print the value as JSON with --json, else the view."""
        if self.as_json:
            self.print_json_line("result", value)
            return
        content = view() if callable(view) else view
        if isinstance(content, str | Path | tuple):
            print_parts(content, sys.stdout)
        elif content is not None:
            print_view(content)

    def print_json_line(self, event: str, value: object, *, to: TextIO | None = None) -> None:
        """Print one line of JSON: `{"event": …, "command": …, <event>: value}`."""
        stream = to or sys.stdout
        is_utf8 = (stream.encoding or "").lower().replace("-", "") == "utf8"
        line = {"event": event, "command": self.command, event: value}
        print(escape_json(_dump_json(line, ensure_ascii=not is_utf8)), file=stream, flush=True)

    def print_note(self, text: Printable) -> None:
        """Print a remark on standard error; nothing with --json."""
        if not self.as_json:
            print_parts(text, sys.stderr)

    def ask(self, question: str) -> str:
        """Return what the user types, "" for Enter alone. Call it only where `interactive` is true.

        Raises:
            Failure: The input has ended (Ctrl-D).
        """
        try:
            print_parts(question, sys.stderr, end=" ")
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            print(file=sys.stderr)
            raise
        if not line:
            print(file=sys.stderr)
            raise Failure(_("the input has ended"), _("Run the command again, and answer its questions."))
        return line.rstrip("\n")

    def print_failure(self, failure: Failure, *, trace: bool = False) -> None:
        """Print what happened and what to do; with `trace` also where an unexpected error comes from."""
        if trace and failure.kind == "defect" and failure.__cause__ is not None:
            print_parts("".join(traceback.format_exception(failure.__cause__)), sys.stderr, end="")
        if self.as_json:
            self.print_json_line("error", failure.to_dict())
            return
        if sys.stderr.isatty() and not has_bytes(failure.message):
            make_console(stderr=True).print(make_failure_view(failure))
            return
        parts = failure.message if isinstance(failure.message, tuple) else (failure.message,)
        print_parts(("vision-ai: ", *parts), sys.stderr)
        if failure.hint:
            print_parts(f"  {failure.hint}", sys.stderr)

    def print_log(self, loggers: Iterable[str]) -> None:
        """Print these logs on standard error. The SDK leaves serial numbers and store names out of its own."""
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_PrintableFormatter("%(name)s: %(message)s"))
        for name in loggers:
            logger = logging.getLogger(name)
            logger.addHandler(handler)
            logger.setLevel(logging.DEBUG)


class _PrintableFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return make_printable(super().format(record), keep="\n\t")


def _dump_json(value: object, *, ensure_ascii: bool) -> str:
    """Encode a value; a number that is not finite, which JSON does not know, becomes null."""
    try:
        return json.dumps(value, ensure_ascii=ensure_ascii, allow_nan=False)
    except ValueError:
        return json.dumps(_make_finite(value), ensure_ascii=ensure_ascii, allow_nan=False)


def _make_finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {name: _make_finite(each) for name, each in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_make_finite(each) for each in cast("list[object]", value)]
    return value


def make_console(*, stderr: bool = False) -> Console:
    """Make Rich's console: colors and width of the terminal, plain long lines where there is none."""
    from rich.console import Console

    console = Console(stderr=stderr, highlight=False, markup=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    return console


def print_view(view: RenderableType) -> None:
    """Print a view on standard output. Whoever makes the view makes its texts safe, before they are laid out."""
    console = make_console()
    if console.is_terminal:
        console.print(view)
        return
    with console.capture() as captured:
        console.print(view)
    print_parts("\n".join(line.rstrip() for line in captured.get().splitlines()), sys.stdout)


def make_failure_view(failure: Failure) -> RenderableType:
    """Make a view of a failure, to be wrapped at the terminal's width."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    message = make_printable(join_parts(failure.message), keep="\n\t")
    lines: list[RenderableType] = [Text.assemble(("vision-ai: ", "bold red"), message)]
    if failure.hint:
        lines.append(Padding(make_printable(failure.hint), (0, 0, 0, 2)))
    return Group(*lines)


def make_facts(rows: Mapping[str, object]) -> RenderableType:
    """Make a view of names and values, one pair per line."""
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows.items():
        table.add_row(make_printable(name), make_printable(_format_value(value)))
    return table


def make_table(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> RenderableType:
    """Make a view of rows under a header."""
    from rich.table import Table

    table = Table(*columns, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        table.add_row(*(make_printable(_format_value(each)) for each in row))
    return table


def _format_value(value: object) -> str:
    """Return a value as text, a dash for one that the module did not send."""
    return "–" if value is None or value == "" else str(value)
