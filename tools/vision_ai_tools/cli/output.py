"""What a command says: to people on a terminal, or in JSON, one object on one line for each thing said."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TextIO, TypeAlias

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from .failures import Failure

View: TypeAlias = "RenderableType | Callable[[], RenderableType] | None"

WIDEST = 10_000
"""Columns where nobody looks: lines in a file or a pipe are not broken."""


class Output:
    """Results go to standard output; progress, notes and failures to standard error.

    In JSON a failure goes to standard output: whoever asks reads one place. Progress stays where it is, as
    JSON lines.
    """

    def __init__(self, command: str, *, as_json: bool) -> None:
        self.command = command
        self.as_json = as_json

    @property
    def interactive(self) -> bool:
        return sys.stdin.isatty() and sys.stderr.isatty() and not self.as_json

    def result(self, value: object, view: View = None) -> None:
        if self.as_json:
            self.line("result", value)
            return
        shown = view() if callable(view) else view
        if isinstance(shown, str):
            print(shown, flush=True)
        elif shown is not None:
            show(shown)

    def line(self, event: str, value: object, *, to: TextIO | None = None) -> None:
        """One line of JSON, `{"event": …, "command": …, <event>: value}`."""
        stream = to or sys.stdout
        readable = (stream.encoding or "").lower().replace("-", "") == "utf8"
        told = {"event": event, "command": self.command, event: value}
        print(json.dumps(told, ensure_ascii=not readable), file=stream, flush=True)

    def note(self, text: str) -> None:
        if not self.as_json:
            print(text, file=sys.stderr, flush=True)

    def ask(self, question: str) -> str:
        """What a person types; empty for Enter alone. Only where `interactive` says that there is one."""
        try:
            print(question, end=" ", file=sys.stderr, flush=True)
            return sys.stdin.readline().rstrip("\n")
        except KeyboardInterrupt:
            print(file=sys.stderr)
            raise

    def failure(self, failure: Failure, *, trace: bool = False) -> None:
        if trace and failure.kind == "defect" and failure.__cause__ is not None:
            traceback.print_exception(failure.__cause__)
        if self.as_json:
            told: dict[str, Any] = {"kind": failure.kind, "message": failure.what, "hint": failure.mend}
            self.line("error", {**told, "exit": failure.status, **failure.facts})
            return
        if sys.stderr.isatty():
            _shown_failure(failure)
            return
        print(f"vision-ai: {failure.what}", file=sys.stderr)
        if failure.mend:
            print(f"  {failure.mend}", file=sys.stderr, flush=True)

    def show_calls(self) -> None:
        """The SDK's own log lines, with serial numbers and store names left out by the SDK."""
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
        logger = logging.getLogger("vision_ai")
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)


def console(*, stderr: bool = False) -> Console:
    """Rich's console: colours and widths of the terminal, plain unbroken lines where there is none."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, markup=False)
    if not made.is_terminal:
        made.width = WIDEST
    return made


def show(view: RenderableType) -> None:
    """Prints on standard output."""
    here = console()
    if here.is_terminal:
        here.print(view)
        return
    with here.capture() as captured:
        here.print(view)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()), flush=True)


def _shown_failure(failure: Failure) -> None:
    """The same two lines, broken at the terminal's width."""
    from rich.padding import Padding
    from rich.text import Text

    here = console(stderr=True)
    here.print(Text.assemble(("vision-ai: ", "bold red"), failure.what))
    if failure.mend:
        here.print(Padding(failure.mend, (0, 0, 0, 2)))


def facts(rows: Mapping[str, object]) -> RenderableType:
    """Names and values, one below the other."""
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows.items():
        table.add_row(name, str(value))
    return table


def table(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> RenderableType:
    """Rows under a head."""
    from rich.table import Table

    made = Table(*columns, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in made.columns:
        column.overflow = "fold"
    for row in rows:
        made.add_row(*map(str, row))
    return made
