"""Run the programs that read and change the kernel's rules."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TypeAlias

from vision_ai_translations import Message

from ..errors import LinkError

SECONDS = 30.0
CompletedProcess: TypeAlias = "subprocess.CompletedProcess[str]"


def find_program(name: str) -> str | None:
    """Find a program of the system; its folders are not in every user's PATH."""
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin")))


def run(*words: str, text: str | None = None) -> CompletedProcess:
    """Run a program, with this text as its input.

    Raises:
        LinkError: it cannot be run, or it does not end.
    """
    try:
        return subprocess.run(
            words,
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise LinkError(Message("{program} cannot be run: {error}", program=words[0], error=error)) from error


def run_or_raise(*words: str, text: str | None = None) -> str:
    """Run a program and return what it prints.

    Raises:
        LinkError: it fails.
    """
    process = run(*words, text=text)
    if process.returncode:
        reason = " ".join(process.stderr.split()) or f"exit status {process.returncode}"
        raise LinkError(
            Message("{program} refused: {reason}", program=Path(words[0]).name, reason=reason[:300]),
            _advise(reason),
        )
    return process.stdout


def _advise(reason: str) -> str:
    if "not permitted" in reason or "Permission denied" in reason:
        return Message("In a container, grant the capability NET_ADMIN.")
    return ""
