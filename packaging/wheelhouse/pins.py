"""What has to be installed on a platform: the tested versions, with their hashes.

`pip download --platform` chooses the files for another platform, but evaluates environment markers for this one:
colorama, for example, would be missing on Windows. So uv resolves for all platforms at once, and the markers of its
result are evaluated here, for the target.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from packaging.markers import Marker

from .targets import Target

ROOT = Path(__file__).resolve().parents[2]
PINS = ROOT / "requirements" / "runtime.txt"
LINE = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+?)(?: ; (?P<marker>.+?))?(?: \\)?$", re.MULTILINE
)
"""A pin, as uv writes it."""


class WheelhouseError(Exception):
    """The wheels cannot be bundled. The message says what to do."""


def read_extras(path: Path = ROOT / "pyproject.toml") -> dict[str, list[str]]:
    """Return the extras that users install, and the requirements of each."""
    project: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    extras: dict[str, list[str]] = project["optional-dependencies"]
    every = extras["all"][0]
    return {name: extras[name] for name in every[every.index("[") + 1 : -1].split(",")}


def choose_pins(extras: Iterable[str], target: Target, python_version: str) -> dict[str, str]:
    """Return each package that the extras need on that platform, with its line of the pins.

    Raises:
        WheelhouseError: the extras need a package that is not pinned, or the resolution failed.
    """
    markers = target.make_markers(python_version)
    pins = read_pins(PINS.read_text(encoding="utf-8"))
    needed = [
        each["name"]
        for each in LINE.finditer(resolve(extras))
        if each["marker"] is None or Marker(each["marker"]).evaluate(markers)
    ]
    missing = [name for name in needed if name not in pins]
    if missing:
        raise WheelhouseError(f"{PINS.name} does not pin {', '.join(missing)}: run `make lock`")
    return {name: pins[name] for name in needed}


def resolve(extras: Iterable[str]) -> str:
    """Return what uv resolves for all platforms, with markers and the pinned versions."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--no-annotate"]
    options = ["--no-header", "--python", sys.executable, "--constraint", str(PINS)]
    chosen = [part for extra in extras for part in ("--extra", extra)]
    process = subprocess.run(
        [*command, *options, *chosen, str(ROOT / "pyproject.toml")],
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        raise WheelhouseError(f"uv could not resolve the extras:\n{process.stderr}")
    return process.stdout


def read_pins(text: str) -> dict[str, str]:
    """Return each package's pin with its hashes, without its marker."""
    pins: dict[str, str] = {}
    for block in re.split(r"\n(?=\S)", text):
        if found := LINE.match(block):
            hashes = block.partition("\n")[2]
            pins[found["name"]] = f"{found['name']}=={found['version']} \\\n{hashes}".rstrip() + "\n"
    return pins
