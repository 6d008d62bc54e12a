"""The dependencies of pyproject.toml as Debian's packages, with their bounds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

NAMES = {"python3": "python3", "attrs": "python3-attr", "nats-py": "python3-nats", "pillow": "python3-pil"}
"""PyPI's name → Debian's package, where that is not python3-NAME."""
NOT_IN_DEBIAN = ("duckdb", "httptools")
"""Debian has no DuckDB for Python, and an httptools that the SDK refuses: httpx carries the calls."""
RELATIONS = {">=": ">=", "<": "<<"}
EXTRAS = {
    "python3-vision-ai": ("emulator",),
    "vision-ai": ("cli", "console", "emulator", "agent", "report"),
}
"""Package → the extras that its control file names."""
REQUIREMENT = re.compile(r"([\w.-]+)((?:[<>]=?[\d.]+,?)*)(?:; .*)?")


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
    sdk = {"sdk": [f"python3{project['requires-python']}", *project["dependencies"]]}
    files = {
        package: {**(sdk if package == "python3-vision-ai" else {}), **{each: extras[each] for each in names}}
        for package, names in EXTRAS.items()
    }
    return {
        package: "".join(f"{name}:Depends={_join(each)}\n" for name, each in variables.items())
        for package, variables in files.items()
    }


def _join(requirements: Iterable[str]) -> str:
    return ", ".join(relation for each in requirements for relation in make_relations(each))
