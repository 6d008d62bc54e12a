"""The import rules of pyproject.toml: each is broken on purpose, by a new module that no rule mentions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
CONTRACTS = {contract["id"]: contract["name"] for contract in SETTINGS["importlinter"]["contracts"]}
SOURCES = SETTINGS["hatch"]["build"]["dev-mode-dirs"]

BREACHES = {
    "generated": ("vision_ai_generated", "import httpx"),
    "overrides": ("vision_ai", "import vision_ai_emulator"),
    "httpx": ("vision_ai/_subpackage", "def lazily():\n    import httpx"),
    "emulator": ("vision_ai_emulator", "from vision_ai_generated import operations"),
    "public-names": ("vision_ai_tools/cli", "from vision_ai import _redaction"),
    "tools": ("vision_ai_tools/_subpackage", "import vision_ai_emulator"),
    "fleet": ("vision_ai_fleet/_subpackage", "import vision_ai_emulator"),
    "fleet-agent": ("vision_ai_fleet/agent", "import nkeys"),
    "link": ("vision_ai_tools/link", "from vision_ai import DeviceError"),
    "cli": ("vision_ai_tools/doctor", "import rich"),
    "translations": ("vision_ai_translations", "from vision_ai_generated import operations"),
}
"""For each contract, the package of a new module and what the module imports."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What import-linter reports of each contract when every breach is in the source."""
    root = tmp_path_factory.mktemp("source")
    paths = [
        shutil.copytree(ROOT / source, root / source, ignore=shutil.ignore_patterns("__pycache__"))
        for source in SOURCES
    ]
    for contract, (package, text) in BREACHES.items():
        folder = next(path / package for path in paths if (path / Path(package).parts[0]).exists())
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
        (folder / f"breach_of_{contract.replace('-', '_')}.py").write_text(text)
    shutil.copy(ROOT / "pyproject.toml", root)
    run = subprocess.run(
        [LINT_IMPORTS, "--no-cache", "--no-logo"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), "COLUMNS": "1000"},
        capture_output=True,
        text=True,
        check=False,
    )
    broken = run.stdout.partition("Broken contracts")[2]
    headings = {contract: broken.find(f"\n{name}\n") for contract, name in CONTRACTS.items()}
    ends = sorted([*headings.values(), len(broken)])
    return {
        contract: broken[start : next(end for end in ends if end > start)] if start >= 0 else ""
        for contract, start in headings.items()
    }


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_contract_finds_its_breach_in_a_new_module(reports: dict[str, str], contract: str) -> None:
    assert f"breach_of_{contract.replace('-', '_')} -> " in reports[contract]
