"""The dependencies of pyproject.toml as Debian's packages, with their bounds.

    python3 -m debian.dependencies pyproject.toml

changes the file to what Debian has, so that the metadata of the distribution agree with the control file.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

NAMES = {"attrs": "python3-attr", "nats-py": "python3-nats", "pillow": "python3-pil", "python3": "python3"}
"""PyPI's name → Debian's package, where that is not python3-NAME."""
CHANGES = {
    r'^ +"httptools>=.*\n': "",
    r'"typer>=[\d.]+,': '"typer>=0.15.2,',
}
"""What differs in Debian: its httptools is older than the SDK needs, so that httpx carries the calls; its typer
0.15 goes with its click 8.1, while pip would choose a newer click, which needs typer 0.16."""
NOT_IN_DEBIAN = ("duckdb",)
RELATIONS = {">=": ">=", "<": "<<"}
VARIABLES = {
    "python3-vision-ai": ("sdk", "emulator"),
    "vision-ai": ("cli", "console", "emulator", "agent", "report"),
}
"""Package → whose dependencies its control file names: those of the bare SDK and of the extras."""
REQUIREMENT = re.compile(r"([\w.-]+)((?:[<>]=?[\d.]+,?)*)(?:; .*)?")


def adapt(text: str) -> str:
    """Return pyproject.toml as it is for Debian."""
    for pattern, replacement in CHANGES.items():
        text, count = re.subn(pattern, replacement, text, flags=re.MULTILINE)
        if not count:
            raise ValueError(f"{pattern} is not in pyproject.toml")
    return text


def make_relations(requirement: str) -> list[str]:
    """Return the relations of a control file for a requirement such as `httpx>=0.27,<1`."""
    match = REQUIREMENT.fullmatch(requirement)
    if match is None:
        raise ValueError(f"{requirement}: the Debian package knows no such requirement")
    name, bounds = match[1], match[2]
    if name in NOT_IN_DEBIAN:
        return []
    package = NAMES.get(name, f"python3-{name}")
    relations: list[str] = []
    for bound in filter(None, bounds.split(",")):
        operator = bound.rstrip("0123456789.")
        version = bound.removeprefix(operator)
        # 1~ comes before all that Debian makes of a version 1.
        relations.append(f"{package} ({RELATIONS[operator]} {version}{'~' if operator == '<' else ''})")
    return relations or [package]


def make_substvars(project: dict[str, Any]) -> dict[str, str]:
    """Return the lines for each package's substvars file, from the table [project] of pyproject.toml."""
    extras: dict[str, list[str]] = project["optional-dependencies"]
    # What the command line needs is required anyway.
    own = {name: [each for each in extra if each not in extras["cli"]] for name, extra in extras.items()}
    own["cli"] = extras["cli"]
    own["sdk"] = [f"python3{project['requires-python']}", *project["dependencies"]]
    files = {package: {name: own[name] for name in names} for package, names in VARIABLES.items()}
    return {
        package: "".join(f"{name}:Depends={_join(each)}\n" for name, each in variables.items())
        for package, variables in files.items()
    }


def _join(requirements: Iterable[str]) -> str:
    return ", ".join(relation for each in requirements for relation in make_relations(each))


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(adapt(file.read_text(encoding="utf-8")), encoding="utf-8")
