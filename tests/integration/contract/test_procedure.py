"""Carry out the steps of CONTRIBUTING.md for new firmware in a copy of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from new_firmware import add_new_firmware
from ruamel.yaml import YAML
from shared_sources import list_project_files

from document import load

ROOT = Path(__file__).resolve().parents[3]
GIT = ("git", "-c", "user.name=Test", "-c", "user.email=test@example.org")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


class Copy:
    """A copy of the files in a new git repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for source in list_project_files():
            target = folder / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
        modules = Path("openapi/lint/node_modules")
        (folder / modules).symlink_to(ROOT / modules)
        for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "Start"]):
            subprocess.run([*GIT, *command], cwd=folder, check=True, env=ENVIRONMENT)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        folders = [str(self.folder / each) for each in ("generated", "overrides", "emulator", "tools")]
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            capture_output=True,
            text=True,
            env=ENVIRONMENT | {"PYTHONPATH": os.pathsep.join(folders)},
        )

    def run_tests(self, *arguments: str) -> str:
        """Run pytest and return its output."""
        return self.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments).stdout

    def change(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def complete_for_linters(document: dict[str, Any]) -> None:
    """Add what the linters require of a new operation, but the generator does not."""
    operation = document["paths"]["/api/set_light"]["post"]
    request = operation["requestBody"]["content"]["application/json"]
    request["examples"] = {"request": {"summary": "Brighter", "value": {"brightness": 40}}}
    response = operation["responses"]["200"]["content"]["application/json"]
    response["examples"] = {
        "success": {"summary": "The light", "value": {"code": 0, "data": {"brightness": 40}}},
        "broken": {"summary": "The lamp is broken", "value": {"code": -6301, "data": None}},
    }
    schemas = document["components"]["schemas"]
    schemas["DeviceInfo"]["required"].remove("temperature")  # older firmware does not send it
    code = deepcopy(schemas["GetCalibAnswer"]["properties"]["code"])
    schemas["SetLightAnswer"]["properties"]["code"] = code
    schemas["SetLightAnswer"]["properties"]["data"]["description"] = "The current light."


@pytest.mark.slow
def test_the_steps_of_contributing(linters: None, tmp_path: Path) -> None:
    procedure = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## New firmware\n")[1]
    steps = re.split(r"^(\d)\. ", procedure.split("\n## ")[0], flags=re.MULTILINE)[1:]
    numbered = dict(zip(map(int, steps[::2]), steps[1::2], strict=True))
    targets = {number: re.findall(r"`make ([a-z-]+)", text) for number, text in numbered.items()}
    assert targets == {
        0: ["conformance"],
        1: [],
        2: ["generate", "contract", "firmware-diff", "interop"],
        3: ["test"],
        4: [],
        5: ["vectors"],
        6: [],
    }
    copy = Copy(tmp_path / "copy")

    # Step 1: edit the contract.
    contract = copy.folder / "openapi" / "vision-ai.yaml"
    yaml = YAML()
    yaml.width = 110
    document = add_new_firmware(load(contract))
    complete_for_linters(document)
    yaml.dump(document, contract)

    # Step 2: generate, and compare.
    assert copy.run("openapi/codegen/generate.py", "--check").returncode != 0
    assert copy.run("openapi/codegen/generate.py").returncode == 0
    assert (copy.folder / "generated/vision_ai_generated/models/light.py").is_file()
    assert copy.run("openapi/codegen/generate.py", "--check").returncode == 0

    rejected = copy.run("openapi/tools/firmware_diff.py", "HEAD")
    assert rejected.returncode == 1
    assert "Set it to 2.1.0 or higher" in rejected.stderr
    assert document["info"]["version"] == "2.0.0"
    document["info"]["version"] = "2.1.0"
    yaml.dump(document, contract)
    accepted = copy.run("openapi/tools/firmware_diff.py", "HEAD")
    assert accepted.returncode == 0, accepted.stderr
    assert "`setLight`: new operation" in accepted.stdout
    assert "Breaking changes" not in accepted.stdout

    assert copy.run("openapi/tools/contract.py", "--check").returncode != 0
    written = copy.run("openapi/tools/contract.py")
    assert written.returncode == 0, written.stdout + written.stderr
    assert "/api/set_light" in (copy.folder / "openapi/dist/vision-ai-3.0-codegen.json").read_text()
    assert copy.run("openapi/tools/contract.py", "--check").returncode == 0

    # Step 3: the tests report what is missing in the table of operations and codes.
    assert "set_light" in copy.run_tests("tests/unit/openapi")
    table = "tests/unit/openapi/contract_checks.py"
    copy.change(table, "post /api/get_image  ", "post /api/set_light setLight set\npost /api/get_image  ")
    copy.change(table, "-6214 Sync request timed out\n", "-6214 Sync request timed out\n-6301 Lamp broken\n")
    assert "set_light" not in copy.run_tests("tests/unit/openapi", "-k", "operation")

    # Step 5: the tests of the vectors report what has no vector.
    output = copy.run_tests("tests/integration/vectors", "-k", "operation or code or contract")
    assert "setLight" in output and "-6301" in output

    # Step 6: the test of the README reports the missing operation.
    assert "set_light" in copy.run_tests("tests/integration/package/test_readme.py", "-k", "operation")
    row = "| `set_light(brightness, color_name)` | `POST /api/set_light` | set | `Light` | – |\n"
    copy.change("README.md", "| `get_image()` |", f"{row}| `get_image()` |")
    assert "failed" not in copy.run_tests("tests/integration/package/test_readme.py", "-k", "operation")
