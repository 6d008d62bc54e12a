"""All texts of the page exist in both languages, and the page uses no others."""

from __future__ import annotations

import json
import re
from string import Formatter

import pytest

from vision_ai import ERROR_CODES
from vision_ai_tools.console.app import PAGE, prefers_chinese
from vision_ai_tools.doctor import STEPS
from vision_ai_tools.shared.texts import TEXTS_FILE

TEXTS = json.loads((PAGE / "texts.json").read_text(encoding="utf-8"))
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in (*PAGE.glob("*.js"), PAGE / "index.html")}
CHINESE = re.compile("[\u4e00-\u9fff]")
COMPOSED_KEYS = (
    *("link.", "unreachable.", "offline.", "job.", "doctor.", "device.", "serial.", "learn.done."),
    *("failure.", "code."),
)
"""Prefixes of keys that the page composes."""
SAME_IN_BOTH_LANGUAGES = ("SDK", "USB", "HTTP", "{meaning} ({code})", "{text}. {advice}")


def find_placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", TEXTS)
def test_page_text_exists_in_both_languages(key: str) -> None:
    texts = TEXTS[key]
    assert set(texts) == {"en", "zh"}
    assert all(text.strip() == text != "" for text in texts.values())
    assert find_placeholders(texts["en"]) == find_placeholders(texts["zh"])
    if key not in ("language", "language.label"):
        assert not CHINESE.search(texts["en"])
        assert CHINESE.search(texts["zh"]) or texts["en"] in SAME_IN_BOTH_LANGUAGES, "left in English"


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
    codes = json.loads(TEXTS_FILE.read_text(encoding="utf-8"))
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
    ("accept_language", "chinese"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", True),
        ("zh", True),
        ("ZH-Hant-TW", True),
        ("en-GB,en;q=0.9,zh;q=0.8", False),
        ("de-DE,de;q=0.9,zh;q=0.5,en;q=0.4", True),
        ("de", False),
        ("", False),
        ("en;q=0.2, zh;q=0.7", True),
        ("zh;q=0, en;q=0.1", False),
        ("zh;q=x,;;q=,*", False),
    ],
)
def test_first_language_is_the_browsers(accept_language: str, chinese: bool) -> None:
    assert prefers_chinese(accept_language) is chinese
