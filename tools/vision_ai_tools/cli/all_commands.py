"""All commands, imported at once: for what reads the help of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from .app import COMMANDS, load_command, make_program
from .installed import OWN_HELP, find_installed_commands


def load_commands() -> Iterator[tuple[str, Any]]:
    """Load the program and all of its commands, and those of the SDK's other packages, each with its name."""
    yield "vision-ai", get_command(make_program())
    for entry in COMMANDS:
        yield f"vision-ai {entry.name}", load_command(entry)
    installed = find_installed_commands()
    for name in OWN_HELP:
        yield f"vision-ai {name}", installed[name].load()
