"""Serves an emulator and runs the smoke set with another Python: `python run.py PYTHON [ARGUMENT …]`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from threading import Thread
from typing import IO

from vision_ai_emulator import Emulator, Settings, serve

SMOKE = Path(__file__).with_name("smoke.py")


def run_smoke_set(*command: str, left_out: Collection[str] = (), **environment: str) -> int:
    """Run it with that command for Python, without the checks left out, and return its exit code."""
    settings = Settings(backup_seconds=0.05, restore_seconds=0.08)
    environment = {**os.environ, "VISION_AI_URL": "http://127.0.0.1:9", **environment}
    with serve(Emulator(settings=settings)) as url:
        # Through a pipe: Windows' Python does not start under wine where its output is a file.
        process = subprocess.Popen(
            [*command, str(SMOKE), url, *(f"-{each}" for each in left_out)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        printer = Thread(target=_print_lines, args=(process.stdout,), daemon=True)
        printer.start()
        status = process.wait(1800)
        printer.join(5)  # wine's own programs hold the pipe open for a while
        return status


def _print_lines(output: IO[bytes]) -> None:
    for line in output:
        sys.stdout.buffer.write(line)
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(run_smoke_set(*sys.argv[1:]))
