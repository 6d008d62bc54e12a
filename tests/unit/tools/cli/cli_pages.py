"""What docs/command-line.md shows of the program, made by the program: help pages and pictures of screens."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from cli_program import terminal, vision_ai
from rich.console import Console
from rich.text import Text

from vision_ai_tools.cli.app import COMMANDS

ROOT = Path(__file__).parents[4]
PAGE = ROOT / "docs" / "command-line.md"
PICTURES = ROOT / "docs" / "pictures"
HEADING = "## The help of every command\n"
COLUMNS = 80

GLOBAL_PANEL = re.compile(r"╭─ Global options.*?╯\n", re.DOTALL)
LISTED = re.compile(r"^│ ([a-z][a-z-]*)  ", re.MULTILINE)
REMARKS_AND_FONTS = re.compile(r"<!--.*?-->\s*|@font-face \{.*?\}\s*", re.DOTALL)
MOVES = re.compile(r"\x1b\[(\d*)([A-Z])|\x1b\[\?25[lh]")


def help_of(*command: str) -> str:
    """A help page at 80 columns."""
    shown = vision_ai(*command, "--help")
    assert shown.status == 0, shown.err
    return "\n".join(line.rstrip() for line in shown.out.strip().splitlines()) + "\n"


def help_pages() -> str:
    """The last chapter: the program's own page in full, the others without the global options."""
    return "\n".join([HEADING, *_chapters()])


def _chapters() -> Iterator[str]:
    yield f"```text\n{help_of()}```\n"
    for line in COMMANDS:
        page = help_of(line.name)
        yield _chapter(line.name, page)
        _, _, commands = page.partition("╭─ Commands")
        for name in LISTED.findall(commands):
            yield _chapter(f"{line.name} {name}", help_of(line.name, name))


def _chapter(name: str, page: str) -> str:
    return f"### vision-ai {name}\n\n```text\n{GLOBAL_PANEL.sub('', page).rstrip()}\n```\n"


def page_with(help_chapter: str) -> str:
    """The whole page, its last chapter anew."""
    written_by_hand, heading, _ = PAGE.read_text().partition(HEADING)
    assert heading, f"{PAGE} has lost its chapter {HEADING!r}"
    return written_by_hand + help_chapter


def screen(*commands: str, url: str, cwd: Path) -> Text:
    """The program's screens one below the other, each under its command line."""
    shown = Text()
    for command in commands:
        shown.append("$ ", "dim").append(f"vision-ai {command}\n", "bold")
        with terminal(*command.split(), url=url, cwd=cwd, columns=COLUMNS) as program:
            program.end()
        shown.append(Text.from_ansi(_settled(program.screen))).append("\n\n")
    shown.rstrip()
    return shown


def _settled(output: str) -> str:
    """What stands on the screen at the end, where lines were drawn over."""
    lines = [""]
    row = 0
    for piece in re.split(r"(\r\n|\n|\r|\x1b\[\d*[AK]|\x1b\[\?25[lh])", output):
        if piece in ("\r\n", "\n"):
            row += 1
            if row == len(lines):
                lines.append("")
        elif move := MOVES.fullmatch(piece):
            if move[2] == "A":
                row = max(row - int(move[1] or 1), 0)
            elif move[2] == "K":
                lines[row] = ""
        elif piece != "\r":
            lines[row] += piece
    return "\n".join(lines).rstrip()


def svg(shown: Text, title: str) -> str:
    """A picture of it that loads nothing from anywhere."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(shown)
    return REMARKS_AND_FONTS.sub("", console.export_svg(title=title, unique_id="screen"))
