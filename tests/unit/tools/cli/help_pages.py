"""Render what docs/command-line.md shows of the program: its help pages, and pictures of its output."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text
from shared_cli import run_cli
from shared_cli_server import open_terminal

from vision_ai_tools.cli.app import COMMANDS
from vision_ai_tools.cli.installed import OWN_HELP

ROOT = Path(__file__).parents[4]
PAGE = ROOT / "docs" / "command-line.md"
PICTURES = ROOT / "docs" / "pictures"
HEADING = "## The help of every command\n"
COLUMNS = 80
PROGRAM_FOLDER = f"{Path(sys.executable).parent}/"
"""Hints name the program with its path."""
PORT = "8172"
"""The emulator's default."""

GLOBAL_PANEL = re.compile(r"╭─ Global options.*?╯\n", re.DOTALL)
LISTED = re.compile(r"^│ ([a-z][a-z-]*)  ", re.MULTILINE)
FLEET_COMMANDS = tuple(OWN_HELP)
"""Of this project, in a package of their own."""
REMARKS_AND_FONTS = re.compile(r"<!--.*?-->\s*|@font-face \{.*?\}\s*", re.DOTALL)
MOVES = re.compile(r"\x1b\[(\d*)([A-Z])|\x1b\[\?25[lh]")


def get_help(*command: str) -> str:
    """Return a help page at 80 columns."""
    shown = run_cli(*command, "--help")
    assert shown.status == 0, shown.err
    return "\n".join(line.rstrip() for line in shown.out.strip().splitlines()) + "\n"


def render_help_chapter() -> str:
    """Render the last chapter: the program's own page in full, the others without the global options."""
    return "\n".join([HEADING, *_render_sections()])


def _render_sections() -> Iterator[str]:
    yield f"```text\n{get_help()}```\n"
    for name in (*(entry.name for entry in COMMANDS), *FLEET_COMMANDS):
        yield from _render_command(name)


def _render_command(*words: str) -> Iterator[str]:
    """Render a command's page, and those of its subcommands."""
    page = get_help(*words)
    yield _render_section(" ".join(words), page)
    _, _, panels = GLOBAL_PANEL.sub("", page).partition("╭─ Options")
    _, _, commands = panels.partition("╯")  # all panels after the options list commands
    for name in LISTED.findall(commands):
        yield from _render_command(*words, name)


def _render_section(name: str, page: str) -> str:
    return f"### vision-ai {name}\n\n```text\n{GLOBAL_PANEL.sub('', page).rstrip()}\n```\n"


def render_page(help_chapter: str) -> str:
    """Render the whole page with a new last chapter."""
    written_by_hand, heading, _ = PAGE.read_text().partition(HEADING)
    assert heading, f"{PAGE} has lost its chapter {HEADING!r}"
    return written_by_hand + help_chapter


def render_screens(*commands: str, url: str, cwd: Path) -> Text:
    """Run commands on a terminal and render their output, each below its command line."""
    shown = Text()
    for command in commands:
        shown.append("$ ", "dim").append(f"vision-ai {command}\n", "bold")
        with open_terminal(*command.split(), url=url, cwd=cwd, columns=COLUMNS) as program:
            program.finish()
        output = program.screen.replace(PROGRAM_FOLDER, "").replace(url.rpartition(":")[2], PORT)
        shown.append(Text.from_ansi(_apply_cursor_moves(output))).append("\n\n")
    shown.rstrip()
    return shown


def _apply_cursor_moves(output: str) -> str:
    """Return the final screen, where lines were drawn over."""
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


def render_svg(screen: Text, title: str) -> str:
    """Render a picture that loads nothing from elsewhere."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(screen)
    return REMARKS_AND_FONTS.sub("", console.export_svg(title=title, unique_id="screen"))
