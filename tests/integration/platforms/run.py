"""Serves an emulator and runs the smoke set with another Python: `python run.py PYTHON [ARGUMENT …]`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from vision_ai_emulator import Emulator, Settings, serve

SMOKE = Path(__file__).with_name("smoke.py")


def main(*command: str) -> int:
    """Run it with that command for Python and return its exit code."""
    settings = Settings(backup_seconds=0.05, restore_seconds=0.08)
    environment = {**os.environ, "VISION_AI_URL": "http://127.0.0.1:9"}
    with serve(Emulator(settings=settings)) as url:
        return subprocess.run(
            [*command, str(SMOKE), url], check=False, timeout=300, env=environment
        ).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
