"""The page about recordings: each of its examples runs on its own, and its table is complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

from vision_ai._redaction import SECRET_HEADERS

ROOT = Path(__file__).parents[5]
PAGE = ROOT / "docs" / "recording.md"
ENTRIES = {"day.har": 6, "apple.har": 4, "one-product.har": 4}
"""Entries of a recording that an example makes."""


def parse_examples() -> list[Example]:
    parser = CodeBlockParser(language="python", evaluator=PythonEvaluator())
    document = Sybil(parsers=[parser], path=str(ROOT), pattern="docs/recording.md").parse(PAGE)
    return list(document.examples())


def test_the_page_has_examples() -> None:
    assert len(parse_examples()) == 4


@pytest.mark.parametrize("number", range(4))
def test_each_example_runs_on_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int) -> None:
    monkeypatch.setenv("VISION_AI_URL", "emulator:")
    monkeypatch.chdir(tmp_path)
    example = parse_examples()[number]
    example.evaluate()
    for recording in tmp_path.glob("*.har"):
        count = recording.read_text(encoding="utf-8").count('"startedDateTime"')
        assert count == (ENTRIES[recording.name] if number < 3 else 1)


def test_every_redacted_header_is_in_the_table() -> None:
    row = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if "Authorization" in line)
    assert {name.lower() for name in re.findall(r"`([A-Za-z-]+)`", row)} - {"hidden"} == SECRET_HEADERS
