"""Chooses wheels for another platform, as pip does there, and downloads none of them.

    python resolve.py [--python-version 3.11] PLATFORM REQUIREMENT …

Prints `name version` for each. Fails with pip's messages where a package has no wheel for it and that Python. The
variables PIP_NO_INDEX and PIP_FIND_LINKS make pip choose from a folder.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pip._internal.cli.main import main as run_pip  # pip has no public interface
from pip._vendor.packaging import markers


class Target(NamedTuple):
    """A platform, as markers and the names of wheels describe it."""

    machine: str
    tags: tuple[str, ...]
    system: str = "Linux"
    platform: str = "linux"
    os_name: str = "posix"


def list_glibc_tags(machine: str) -> tuple[str, ...]:
    """Return the tags of wheels for a distribution such as Debian 12."""
    return (*(f"manylinux_2_{minor}_{machine}" for minor in range(36, 4, -1)), f"linux_{machine}")


TARGETS: Mapping[str, Target] = {
    "Linux armv7l": Target("armv7l", list_glibc_tags("armv7l")),
    "Linux i686": Target("i686", list_glibc_tags("i686")),
    "Linux x86_64": Target("x86_64", list_glibc_tags("x86_64")),
    "Linux aarch64": Target("aarch64", list_glibc_tags("aarch64")),
    "Linux aarch64, musl": Target("aarch64", ("musllinux_1_2_aarch64", "musllinux_1_1_aarch64")),
    "macOS arm64": Target("arm64", ("macosx_11_0_arm64", "macosx_11_0_universal2"), "Darwin", "darwin"),
    "Windows 32-bit": Target("x86", ("win32",), "Windows", "win32", "nt"),
    "Windows 64-bit": Target("AMD64", ("win_amd64",), "Windows", "win32", "nt"),
    "Windows ARM64": Target("ARM64", ("win_arm64",), "Windows", "win32", "nt"),
}
"""Platform → how to recognize it."""


def resolve(name: str, python_version: str, requirements: list[str]) -> int:
    """Print what pip would install there; return its exit code."""
    target = TARGETS[name]
    environment: Any = {
        **markers.default_environment(),
        "os_name": target.os_name,
        "platform_machine": target.machine,
        "platform_system": target.system,
        "python_full_version": f"{python_version}.0",
        "python_version": python_version,
        "sys_platform": target.platform,
    }
    markers.default_environment = lambda: environment
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = ["install", "--dry-run", "--quiet", "--ignore-installed", "--only-binary", ":all:"]
        command += ["--python-version", python_version, "--target", folder, "--report", str(report)]
        for tag in target.tags:
            command += ["--platform", tag]
        with contextlib.redirect_stdout(io.StringIO()):
            status = run_pip([*command, *requirements])
        if not status:
            for each in json.loads(report.read_bytes())["install"]:
                print(each["metadata"]["name"].lower(), each["metadata"]["version"])
    return status


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--python-version", default="3.11")
    parser.add_argument("platform", choices=TARGETS)
    parser.add_argument("requirements", nargs="+")
    arguments = parser.parse_args()
    sys.exit(resolve(arguments.platform, arguments.python_version, arguments.requirements))
