"""The workflows of vision-ai.arazzo.yaml succeed with the emulator, and the gate fails if one does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract import CODEGEN_PROFILE, DIST, WORKFLOWS
from document import load
from linters import run_linter
from workflows import run_workflows

pytestmark = pytest.mark.slow


@pytest.fixture
def source(linters: None) -> str:
    return (DIST / CODEGEN_PROFILE).read_text(encoding="utf-8")


def test_the_workflows_succeed_with_the_emulator(source: str) -> None:
    result = run_workflows(WORKFLOWS, source)
    assert result.returncode == 0, result.stdout + result.stderr
    output = result.stdout + result.stderr
    assert "Retrying step poll" in output
    assert "4 passed, 4 total" in output


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("$response.body#/status == 3", "$response.body#/status == 7"),
        ("operationId: commitRegisteredItem", "operationId: deleteRegisteredItem"),
        ("sid: $steps.recognize.outputs.sid", "sid: unknown"),
        ("$file('backup.evo')", "not a backup"),
    ],
)
def test_a_workflow_that_fails_fails_the_gate(source: str, tmp_path: Path, old: str, new: str) -> None:
    text = WORKFLOWS.read_text(encoding="utf-8").replace("retryLimit: 600", "retryLimit: 3")
    assert old in text
    broken = tmp_path / WORKFLOWS.name
    broken.write_text(text.replace(old, new), encoding="utf-8")
    assert run_workflows(broken, source).returncode != 0


def test_a_workflow_with_an_unknown_keyword_is_rejected(linters: None, tmp_path: Path) -> None:
    broken = tmp_path / WORKFLOWS.name
    broken.write_text(WORKFLOWS.read_text(encoding="utf-8").replace("retryAfter:", "wait:"), encoding="utf-8")
    assert run_linter("redocly", [broken]).returncode != 0


def test_the_source_of_the_workflows_has_the_emulator_as_its_server() -> None:
    """A tool that runs the workflows without options must not change a module."""
    [source] = load(WORKFLOWS)["sourceDescriptions"]
    servers = load(WORKFLOWS.parent / source["url"])["servers"]
    assert [each["url"] for each in servers] == ["http://127.0.0.1:8172"]
