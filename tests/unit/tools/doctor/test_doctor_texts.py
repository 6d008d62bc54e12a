"""Every finding has a code, and every code a sentence in both languages."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from vision_ai_emulator import Emulator
from vision_ai_tools import doctor, link
from vision_ai_tools.doctor import STEPS, Finding, examine
from vision_ai_tools.shared.texts import CATALOGUE, Language

TEXTS: dict[str, dict[str, str]] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
PAGE = (Path(__file__).parents[4] / "docs/connection.md").read_text(encoding="utf-8")
SOURCES = [
    ast.parse(file.read_text(encoding="utf-8"))
    for package in (doctor, link)
    for file in sorted(Path(package.__file__).parent.glob("*.py"))
]
BEGINNINGS = {code.partition(".")[0] for code in TEXTS}
CHINESE = re.compile("[\u4e00-\u9fff]")
HALF_WIDTH = re.compile("[\u4e00-\u9fff}] ?[,;:!?.()]|[,;:!?()][\u4e00-\u9fff]")
"""Western punctuation among Chinese signs."""


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def codes_in_the_sources() -> Iterator[str]:
    for source in SOURCES:
        for node in ast.walk(source):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                beginning, dot, rest = node.value.partition(".")
                if dot and beginning in BEGINNINGS and re.fullmatch(r"[a-z0-9_]+", rest):
                    yield node.value


@pytest.mark.parametrize("code", TEXTS)
def test_every_sentence_is_there_in_both_languages(code: str) -> None:
    texts = TEXTS[code]
    assert set(texts) == set(get_args(Language))
    assert all(text.strip() == text != "" for text in texts.values())
    assert placeholders(texts["en"]) == placeholders(texts["zh"])
    assert not CHINESE.search(texts["en"])
    assert CHINESE.search(texts["zh"]), "left in English"
    assert not HALF_WIDTH.search(texts["zh"])


def test_no_sentence_is_missing_and_none_is_left_over() -> None:
    used = set(codes_in_the_sources())
    assert sorted(used - set(TEXTS)) == []
    assert sorted(set(TEXTS) - used) == []


def test_a_code_begins_with_its_step_or_says_why_several_steps_have_the_same() -> None:
    assert {*STEPS, "cable", "skipped"} == BEGINNINGS


def not_wrong() -> Iterator[str]:
    for source in SOURCES:
        for node in ast.walk(source):
            match node:
                case ast.Call(
                    args=[_, ast.Constant("right" | "unknown" | "skipped"), ast.Constant(code), *_]
                ):
                    yield str(code)
                case _:
                    pass


def test_the_page_names_all_codes_of_what_can_be_wrong() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and line.count("|") == 5]
    named = {code for row in rows for code in re.findall(r"`([a-z]+\.[a-z_]+)`", row.split("|")[4])}
    several_steps = {code for code in TEXTS if code.startswith(("cable.", "skipped."))}
    assert named == set(TEXTS) - several_steps - set(not_wrong())


def test_the_page_shows_a_finding_as_it_is() -> None:
    (shown,) = re.findall(r"```json\n(.*)\n```", PAGE)
    finding = Finding("up", "wrong", "up.off", {"interface": "usb0"}, "sudo vision-ai link up")
    assert shown == json.dumps(finding.to_dict())


def test_a_finding_can_be_said_in_either_language() -> None:
    finding = Finding("up", "wrong", "up.off", {"interface": "usb0"}, "vision-ai link up")
    assert finding.what == finding.said("en") == "usb0 is switched off."
    assert finding.said("zh") == "usb0 未启用。"
    assert finding in {finding}


def test_findings_as_json(emulator: Emulator) -> None:
    emulator.fail_next(-6103, "get_image")
    told = examine(emulator.url).to_dict()
    assert set(told) == {"url", "well", "reached", "findings"}
    found = {each["step"]: each for each in told["findings"]}
    assert found["usb"] == {
        "step": "usb",
        "state": "skipped",
        "what": f"{emulator.url} is not on the USB cable.",
        "mend": None,
        "code": "skipped.elsewhere",
        "values": {"url": emulator.url},
    }
    assert found["camera"]["code"] == "camera.lost"
    values = found["camera"]["values"]
    assert "CAMERA_LOST" in values.pop("error")
    assert values == {"error_code": "-6103", "error_name": "CAMERA_LOST", "error_category": "camera"}
    assert json.loads(json.dumps(told)) == told
