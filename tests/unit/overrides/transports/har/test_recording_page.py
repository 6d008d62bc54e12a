"""The page about recordings does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

from vision_ai._redaction import SECRET_HEADERS
from vision_ai_emulator import Emulator

ROOT = Path(__file__).parents[5]
PAGE = ROOT / "docs" / "recording.md"


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    emulator = Emulator()
    monkeypatch.setenv("VISION_AI_URL", emulator.url)
    monkeypatch.chdir(tmp_path)
    parser = CodeBlockParser(language="python", evaluator=PythonEvaluator())
    document = Sybil(parsers=[parser], path=str(ROOT), pattern="docs/recording.md").parse(PAGE)
    examples = list(document.examples())
    assert len(examples) == 3
    for example in examples:
        example.evaluate()
    assert (tmp_path / "day.har").read_text(encoding="utf-8").count('"startedDateTime"') == 6


def test_every_redacted_header_is_in_the_table() -> None:
    row = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if "Authorization" in line)
    assert {name.lower() for name in re.findall(r"`([A-Za-z-]+)`", row)} - {"hidden"} == SECRET_HEADERS
