"""dist/vision-ai.pyz: one file that runs without the sources."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "dist" / "vision-ai.pyz"
MEGABYTES = 25


def run(folder: Path, *arguments: str) -> str:
    """Run it in a folder without the sources, and return what it prints."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VISION_AI"))},
        "SHIV_ROOT": str(folder / "shiv"),
    }
    command = [sys.executable, str(PROGRAM), *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_it_is_small() -> None:
    assert PROGRAM.stat().st_size < MEGABYTES * 1_000_000


def test_it_runs_the_command_line_against_its_own_emulator(tmp_path: Path) -> None:
    result = json.loads(run(tmp_path, "info", "--url", "emulator:", "--json"))
    assert result["result"]["firmware"] == "9.9.4.2"


def test_it_has_the_console_and_the_emulator(tmp_path: Path) -> None:
    assert "browser" in run(tmp_path, "console", "--help")
    assert "--port" in run(tmp_path, "emulator", "--help")


def test_another_python_is_refused(tmp_path: Path) -> None:
    program = tmp_path / "preamble.py"
    text = (ROOT / "packaging/pyz/preamble.py").read_text(encoding="utf-8")
    program.write_text(text.replace("{platform}", "win_amd64").replace("{python}", "3.13"), encoding="utf-8")
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Python 3.13 on win_amd64" in done.stderr
