"""The public names of this version beside those of the last release."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from .source import VERSION_FILE, ReleaseError, Source, find_last_release, is_released_elsewhere

PACKAGES = {
    "vision_ai": "overrides",
    "vision_ai_emulator": "emulator",
    "vision_ai_pytest": "tools",
    "vision_ai_generated": "generated",
}
"""The packages whose names are promised, and where they are."""
GENERATED = "generated/vision_ai_generated/"
PROMISED_OF_GENERATED = tuple(GENERATED + name for name in ("operations.py", "models/", "error_codes.py"))
"""What users have of the generated package: the clients inherit the operations, and `vision_ai` exports the models."""
CHANGE = re.compile(r"\S+\.py:\d+: ")
"""How griffe begins the line of a breaking change."""


def check_api(source: Source) -> str:
    """Return what was found out.

    Raises:
        ReleaseError: names changed in a way that breaks programs, and the version does not say so, or it is no new one.
    """
    if is_released_elsewhere(source):
        raise ReleaseError(
            f"{source.version} is the version of an earlier commit: set a new one in {VERSION_FILE}"
        )
    last = find_last_release(source)
    if last is None:
        return f"{source.version} is the first release: its public names are the baseline of the next one"
    breakages = [
        line for package, folder in PACKAGES.items() for line in _compare(source.root, package, folder, last)
    ]
    if breakages and not may_break(last.removeprefix("v"), source.version):
        raise ReleaseError(
            f"these changes since {last} break programs, so {source.version} must be a new major version:\n"
            + "\n".join(breakages)
        )
    return f"{len(breakages)} breaking changes of public names since {last}"


def may_break(last: str, version: str) -> bool:
    """Whether semantic versioning lets a version break what worked with the last one."""
    (major, minor), (new_major, new_minor) = (
        [int(part) for part in re.findall(r"\d+", each)[:2]] for each in (last, version)
    )
    return new_major > major or (major == new_major == 0 and new_minor > minor)


def _compare(root: Path, package: str, folder: str, last: str) -> list[str]:
    command = [sys.executable, "-m", "griffe", "check", package, "--search", folder, "--search", "generated"]
    process = subprocess.run(
        [*command, "--against", last, "--format", "oneline"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in (process.stdout + process.stderr).splitlines() if CHANGE.match(line)]
    if process.returncode and not lines:
        raise ReleaseError(f"griffe could not compare {package} with {last}:\n{process.stderr}")
    return [
        line for line in lines if not line.startswith(GENERATED) or line.startswith(PROMISED_OF_GENERATED)
    ]
