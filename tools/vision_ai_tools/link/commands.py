"""Commands as a user can type them: with sudo where that is needed, and found where sudo finds them."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

PROGRAM = "vision-ai"
FOUND_BY_SUDO = (Path("/usr/local/bin"), Path("/usr/bin"), Path("/bin"))
"""sudo looks for programs in these, and not where a virtual environment has them."""


def as_anyone(*words: str) -> str:
    """A command of `vision-ai`."""
    return shlex.join([PROGRAM if shutil.which(PROGRAM) else _full_path(), *words])


def as_root(*words: str) -> str:
    """A command of `vision-ai` that needs root."""
    if os.geteuid() == 0:
        return as_anyone(*words)
    program = Path(_full_path())
    return system(PROGRAM if program.parent in FOUND_BY_SUDO else str(program), *words)


def system(*words: str) -> str:
    """A command of the operating system that needs root."""
    return shlex.join(words if os.geteuid() == 0 else ["sudo", *words])


def _full_path() -> str:
    beside = Path(sys.executable).with_name(PROGRAM)
    return str(beside) if beside.exists() else shutil.which(PROGRAM) or PROGRAM
