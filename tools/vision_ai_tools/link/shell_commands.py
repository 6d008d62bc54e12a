"""Commands that a user can copy into a shell: with sudo where needed, and with a path that sudo finds."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

PROGRAM = "vision-ai"
SUDO_FOLDERS = (Path("/usr/local/bin"), Path("/usr/bin"), Path("/bin"))
"""sudo finds programs in these folders, but not in a virtual environment."""


def is_root() -> bool:
    """Whether this process is root's. On Windows nobody is."""
    get_user: Any = getattr(os, "geteuid", None)
    return get_user is not None and get_user() == 0


def format_command(*words: str) -> str:
    """Format a `vision-ai` command."""
    return shlex.join([PROGRAM if shutil.which(PROGRAM) else get_program_path(), *words])


def format_root_command(*words: str) -> str:
    """Format a `vision-ai` command that needs root."""
    if is_root():
        return format_command(*words)
    program = Path(get_program_path())
    return format_system_command(PROGRAM if program.parent in SUDO_FOLDERS else str(program), *words)


def format_system_command(*words: str) -> str:
    """Format a command of the operating system that needs root."""
    return shlex.join(words if is_root() else ["sudo", *words])


def get_program_path() -> str:
    beside_python = Path(sys.executable).with_name(PROGRAM)
    return str(beside_python) if beside_python.exists() else shutil.which(PROGRAM) or PROGRAM
