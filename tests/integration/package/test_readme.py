"""README.md: its examples run, and its tables agree with the contract."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from sybil import Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

from vision_ai import AsyncVisionAI, VisionAI, errors
from vision_ai_emulator import Emulator

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENT = YAML(typ="safe").load(ROOT / "openapi" / "vision-ai.yaml")


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Emulator:
    emulator = Emulator(backup_seconds=0.1, restore_seconds=0.1, reboot_seconds=0.1)
    monkeypatch.setenv("VISION_AI_URL", emulator.url)
    monkeypatch.chdir(tmp_path)
    return emulator


def test_each_example_runs_on_its_own(emulator: Emulator, tmp_path: Path) -> None:
    parser = CodeBlockParser(language="python", evaluator=PythonEvaluator())
    document = Sybil(parsers=[parser], path=str(ROOT), pattern="README.md").parse(ROOT / "README.md")
    examples = list(document.examples())
    assert len(examples) >= 5
    for example in examples:
        document.namespace.clear()
        example.evaluate()
    assert (tmp_path / "pan.jpg").read_bytes().startswith(b"\xff\xd8\xff")
    assert list(tmp_path.glob("*.evo"))
    called = {path for _, path in emulator.requests}
    assert {"/api/get_result", "/api/start_restore", "/api/reboot"} <= called


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the rows under a heading whose first cell is code."""
    section = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_table_of_operations_agrees_with_the_contract() -> None:
    listed = {
        (endpoint.strip("`"), effect, re.match(r"`(\w+)", method)[1])  # type: ignore[index]
        for method, endpoint, effect, *_ in (row for row in rows("Operations") if len(row) == 4)
    }
    contract = {
        (f"{verb.upper()} {path}", operation["x-effect"], snake(operation["operationId"]))
        for path, item in DOCUMENT["paths"].items()
        for verb, operation in item.items()
        if not operation.get("deprecated")
    }
    assert listed == contract


def snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda letter: "_" + letter[1].lower(), name)


def test_every_method_in_the_tables_exists_on_both_clients() -> None:
    for method, *_ in rows("Operations"):
        name = re.match(r"`(\w+)", method)[1]  # type: ignore[index]
        assert callable(getattr(VisionAI, name))
        assert callable(getattr(AsyncVisionAI, name))


def test_every_error_is_mentioned() -> None:
    for name in errors.__all__:
        assert f"`{name}`" in README, name


def test_the_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    assert targets >= {"demo", "test", "emulator", "generate", "check-generated"}
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
