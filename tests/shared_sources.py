"""The files of the project, in a clone of the repository and in an unpacked source distribution."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
MADE_FOLDERS = {"__pycache__", "build", "dist", "node_modules"}


def list_project_files(suffix: str = "") -> list[Path]:
    """List the files whose names end with the suffix, without what commands have made."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        paths = []
        for folder, folders, names in os.walk(ROOT):
            folders[:] = [each for each in folders if each not in MADE_FOLDERS and not each.startswith(".")]
            paths += [Path(folder, name) for name in names]
    return sorted(path for path in paths if path.name.endswith(suffix) and path.is_file())
