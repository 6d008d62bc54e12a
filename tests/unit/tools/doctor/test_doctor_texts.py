"""Every finding has a code, and every code has a text in each language."""

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
from vision_ai_tools.doctor import STEPS, Finding, diagnose
from vision_ai_translations import PAGES, Language

TEXTS: dict[str, dict[str, str]] = json.loads((PAGES / "doctor.json").read_text(encoding="utf-8"))
PAGE = (Path(__file__).parents[4] / "docs/connection.md").read_text(encoding="utf-8")
SOURCES = [
    ast.parse(file.read_text(encoding="utf-8"))
    for package in (doctor, link)
    for file in sorted(Path(package.__file__).parent.rglob("*.py"))
]
PREFIXES = {code.partition(".")[0] for code in TEXTS}
CHINESE = re.compile("[\u4e00-\u9fff]")
CYRILLIC = re.compile("[а-яё]")
HALF_WIDTH = re.compile("[\u4e00-\u9fff}] ?[,;:!?.()]|[,;:!?()][\u4e00-\u9fff]")
"""Western punctuation between Chinese characters."""


def find_placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def find_codes_in_sources() -> Iterator[str]:
    for source in SOURCES:
        for node in ast.walk(source):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                prefix, dot, rest = node.value.partition(".")
                if dot and prefix in PREFIXES and re.fullmatch(r"[a-z0-9_]+", rest):
                    yield node.value


@pytest.mark.parametrize("code", TEXTS)
def test_text_exists_in_each_language(code: str) -> None:
    texts = TEXTS[code]
    assert set(texts) == set(get_args(Language))
    assert all(text.strip() == text != "" for text in texts.values())
    assert find_placeholders(texts["en"]) == find_placeholders(texts["zh"]) == find_placeholders(texts["ru"])
    assert not CHINESE.search(texts["en"] + texts["ru"])
    assert CYRILLIC.search(texts["ru"]), "left in English"
    assert CHINESE.search(texts["zh"]), "left in English"
    assert not HALF_WIDTH.search(texts["zh"])


def test_every_used_code_has_a_text_and_every_text_is_used() -> None:
    used = set(find_codes_in_sources())
    assert sorted(used - set(TEXTS)) == []
    assert sorted(set(TEXTS) - used) == []


def test_code_starts_with_its_step_or_a_shared_prefix() -> None:
    assert {*STEPS, "cable", "skipped"} == PREFIXES


def find_codes_that_are_not_problems() -> Iterator[str]:
    for source in SOURCES:
        for node in ast.walk(source):
            match node:
                case ast.Call(
                    args=[_, ast.Constant("right" | "unknown" | "skipped"), ast.Constant(code), *_]
                ):
                    yield str(code)
                case _:
                    pass


def test_documentation_lists_the_codes_of_all_problems() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and line.count("|") == 5]
    named = {code for row in rows for code in re.findall(r"`([a-z]+\.[a-z_]+)`", row.split("|")[4])}
    several_steps = {code for code in TEXTS if code.startswith(("cable.", "skipped."))}
    assert named == set(TEXTS) - several_steps - set(find_codes_that_are_not_problems())


def test_documented_finding_is_current() -> None:
    (example,) = re.findall(r"```json\n(.*)\n```", PAGE)
    finding = Finding("up", "wrong", "up.off", {"interface": "usb0"}, "sudo vision-ai link up")
    assert example == json.dumps(finding.to_dict())


def test_finding_in_both_languages() -> None:
    finding = Finding("up", "wrong", "up.off", {"interface": "usb0"}, "vision-ai link up")
    assert finding.what == finding.describe("en") == "usb0 is down."
    assert finding.describe("zh") == "usb0 未启用。"
    assert finding in {finding}


def test_findings_as_json_data(emulator: Emulator) -> None:
    emulator.fail_next(-6103, "get_image")
    data = diagnose(emulator.url).to_dict()
    assert set(data) == {"url", "well", "reached", "findings"}
    findings = {each["step"]: each for each in data["findings"]}
    assert findings["usb"] == {
        "step": "usb",
        "state": "skipped",
        "what": f"{emulator.url} is not connected over USB.",
        "fix": None,
        "code": "skipped.elsewhere",
        "values": {"url": emulator.url},
    }
    assert findings["camera"]["code"] == "camera.lost"
    values = findings["camera"]["values"]
    assert "CAMERA_LOST" in values.pop("error")
    assert values == {
        "error_code": "-6103",
        "error_name": "CAMERA_LOST",
        "error_category": "camera",
        "error_operation": "get_image",
    }
    assert json.loads(json.dumps(data)) == data
