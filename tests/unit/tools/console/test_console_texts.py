"""The page uses only texts that exist, and each of them. test_translations.py checks the texts themselves."""

from __future__ import annotations

import json
import re

import pytest

from vision_ai import ERROR_CODES
from vision_ai_tools.console.app import PAGE, select_language
from vision_ai_tools.doctor import STEPS
from vision_ai_translations import PAGES

TEXTS = json.loads((PAGES / "console.json").read_text(encoding="utf-8"))
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in (*PAGE.glob("*.js"), PAGE / "index.html")}
COMPOSED_KEYS = (
    *(
        "link.",
        "unreachable.",
        "offline.",
        "job.",
        "doctor.",
        "device.",
        "confirm.",
        "obstacle.",
        "learn.done.",
        "quality.reason.",
        "quality.too_few",
        "quality.never_right",
    ),
    *("failure.", "code."),
)
"""Prefixes of keys that the page composes."""


def test_every_used_key_has_a_text_and_every_page_text_is_used() -> None:
    used = set[str]()
    for source in SOURCES.values():
        used.update(re.findall(r'data-t(?:-label|-alt)?="([^"]+)"', source))
        used.update(re.findall(r'"([a-z_]+(?:\.[a-zA-Z0-9_ ]+)+)"', source.replace('.js"', "")))
        used.update(key for key in re.findall(r'\bt\("([^"]+)"', source))
        used.update(re.findall(r'[?:] "([a-z]+\.[a-z.]+)"', source))  # one of two, selected by a condition
    assert sorted(key for key in used if key not in TEXTS and not key.startswith("page/")) == []
    assert [key for key in TEXTS if key not in used and not key.startswith(COMPOSED_KEYS)] == []


def test_doctor_and_page_have_different_keys() -> None:
    """The page merges both tables."""
    codes = json.loads((PAGES / "doctor.json").read_text(encoding="utf-8"))
    assert not set(codes) & set(TEXTS)


def test_every_step_of_the_doctor_has_a_name() -> None:
    assert {key.removeprefix("doctor.step.") for key in TEXTS if key.startswith("doctor.step.")} == set(STEPS)


def test_every_failure_of_the_console_has_a_text() -> None:
    raised = set[str]()
    for path in PAGE.parent.glob("*.py"):
        raised.update(re.findall(r'ConsoleError\("(\w+)"', path.read_text(encoding="utf-8")))
    assert raised
    kinds = raised | {
        "input",
        "unsupported",
        "unreachable",
        "timeout",
        "lost",
        "invalid",
        "transfer",
        "device",
        "file",
    }
    for kind in kinds:
        assert f"failure.{kind}" in TEXTS or {f"failure.{kind}.usb", f"failure.{kind}.other"} <= set(TEXTS)


def test_texts_of_error_codes_have_existing_names() -> None:
    """The page shows the SDK's English text for a code that is new in the contract."""
    names = {entry.name for entry in ERROR_CODES.values()} | {"ALGORITHM_ERROR", "UNKNOWN"}
    assert {key.removeprefix("code.") for key in TEXTS if key.startswith("code.")} <= names


@pytest.mark.parametrize(
    ("accept_language", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh", "zh"),
        ("ZH-Hant-TW", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("de-DE,de;q=0.9,zh;q=0.5,en;q=0.4", "zh"),
        ("de", "en"),
        ("", "en"),
        ("en;q=0.2, zh;q=0.7", "zh"),
        ("zh;q=0, en;q=0.1", "en"),
        ("zh;q=x,;;q=,*", "en"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "ru"),
        ("uk;q=0.9, ru;q=0.8, zh;q=0.1", "ru"),
    ],
)
def test_first_language_is_the_browsers(accept_language: str, language: str) -> None:
    assert select_language(accept_language) == language
