"""CONTRIBUTING's procedure for a new firmware, carried out in a copy of the repository, in its order."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[3]
GIT = ("git", "-c", "user.name=Test", "-c", "user.email=test@example.org")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


class Copy:
    """A copy of the repository's files, as a repository of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listed = subprocess.run(
            [*GIT, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for name in filter(None, listed.stdout.split("\0")):
            source, target = ROOT / name, folder / name
            if source.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        modules = Path("openapi/tools/node_modules")
        (folder / modules).symlink_to(ROOT / modules)
        for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "Today"]):
            subprocess.run([*GIT, *command], cwd=folder, check=True, env=ENVIRONMENT)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        places = [str(self.folder / each) for each in ("generated", "overrides", "emulator", "tools")]
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            capture_output=True,
            text=True,
            env=ENVIRONMENT | {"PYTHONPATH": os.pathsep.join(places)},
        )

    def tested(self, *arguments: str) -> str:
        """What pytest says."""
        return self.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments).stdout

    def change(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def news() -> Any:
    """The drill's edit of the contract."""
    path = ROOT / "tests" / "unit" / "codegen" / "test_drill.py"
    spec = importlib.util.spec_from_file_location("the_drill", path)
    assert spec is not None and spec.loader is not None
    drill = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(drill)
    return drill.with_news


def with_examples(document: dict[str, Any]) -> None:
    """What the linters want of a new operation, beside what the generator needs."""
    operation = document["paths"]["/api/set_light"]["post"]
    asked = operation["requestBody"]["content"]["application/json"]
    asked["examples"] = {"request": {"summary": "Brighter", "value": {"brightness": 40}}}
    answered = operation["responses"]["200"]["content"]["application/json"]
    answered["examples"] = {
        "success": {"summary": "The light", "value": {"code": 0, "data": {"brightness": 40}}},
        "broken": {"summary": "The lamp is broken", "value": {"code": -6301, "data": None}},
    }
    schemas = document["components"]["schemas"]
    schemas["DeviceInfo"]["required"].remove("temperature")  # an older firmware does not send it
    like_others = deepcopy(schemas["GetCalibAnswer"]["properties"]["code"])
    schemas["SetLightAnswer"]["properties"]["code"] = like_others
    schemas["SetLightAnswer"]["properties"]["data"]["description"] = "The light as it is now."


def test_the_steps_of_contributing(linters: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "openapi" / "codegen"))
    procedure = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## New firmware\n")[1]
    steps = re.split(r"^(\d)\. ", procedure.split("\n## ")[0], flags=re.MULTILINE)[1:]
    numbered = dict(zip(map(int, steps[::2]), steps[1::2], strict=True))
    named = {number: re.findall(r"`make ([a-z-]+)", text) for number, text in numbered.items()}
    assert named == {
        0: ["conformance"],
        1: [],
        2: ["generate", "contract", "firmware-diff", "interop"],
        3: ["test"],
        4: [],
        5: ["vectors"],
        6: [],
    }
    copy = Copy(tmp_path / "copy")

    # 1. The contract.
    contract = copy.folder / "openapi" / "vision-ai.yaml"
    yaml = YAML()
    yaml.width = 110
    document = news()(yaml.load(contract))
    with_examples(document)
    yaml.dump(document, contract)

    # 2. What follows from it, and what it does to others.
    assert copy.run("openapi/codegen/generate.py", "--check").returncode != 0
    assert copy.run("openapi/codegen/generate.py").returncode == 0
    assert (copy.folder / "generated/vision_ai_generated/models/light.py").is_file()
    assert copy.run("openapi/codegen/generate.py", "--check").returncode == 0

    refused = copy.run("openapi/tools/firmware_diff.py", "HEAD")
    assert refused.returncode == 1
    assert "set it to 1.1.0 or higher" in refused.stderr
    old = document["info"]["version"]
    assert old == "1.0.0"
    document["info"]["version"] = "1.1.0"
    yaml.dump(document, contract)
    passed = copy.run("openapi/tools/firmware_diff.py", "HEAD")
    assert passed.returncode == 0, passed.stderr
    assert "`setLight`: a new operation" in passed.stdout
    assert "Breaking" not in passed.stdout

    assert copy.run("openapi/tools/contract.py", "--check").returncode != 0
    written = copy.run("openapi/tools/contract.py")
    assert written.returncode == 0, written.stdout + written.stderr
    assert "/api/set_light" in (copy.folder / "openapi/dist/vision-ai-3.0-codegen.json").read_text()
    assert copy.run("openapi/tools/contract.py", "--check").returncode == 0

    # 3. The tests say what is missing beside it: the table of operations and codes.
    assert "set_light" in copy.tested("tests/unit/openapi")
    table = "tests/unit/openapi/test_contract.py"
    copy.change(table, "post /api/get_image  ", "post /api/set_light setLight set\npost /api/get_image  ")
    copy.change(table, " -6214\n", " -6214 -6301\n")
    assert "set_light" not in copy.tested("tests/unit/openapi", "-k", "operation")

    # 5. The vectors say what they do not show.
    unshown = copy.tested("tests/integration/vectors", "-k", "operation or code or contract")
    assert "setLight" in unshown and "-6301" in unshown

    # 6. So does the README.
    assert "set_light" in copy.tested("tests/integration/package/test_readme.py", "-k", "operation")
    row = "| `set_light(brightness, colour_name)` | `POST /api/set_light` | set | `Light` |\n"
    copy.change("README.md", "| `get_image()` |", f"{row}| `get_image()` |")
    assert "failed" not in copy.tested("tests/integration/package/test_readme.py", "-k", "operation")
