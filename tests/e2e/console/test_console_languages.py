"""Both languages have all texts, and the page shows no text that is not among them."""

from __future__ import annotations

import json
import re
from string import Formatter

import pytest
from console_bench import VIEWS, Bench
from playwright.sync_api import Browser, expect

from vision_ai import ERROR_CODES, DeviceError
from vision_ai_tools.console.app import PAGE, prefers_chinese
from vision_ai_tools.doctor import STEPS
from vision_ai_tools.shared.texts import CATALOGUE

TEXTS = json.loads((PAGE / "texts.json").read_text(encoding="utf-8"))
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in (*PAGE.glob("*.js"), PAGE / "index.html")}
CHINESE = re.compile("[\u4e00-\u9fff]")
MADE_OF_PARTS = (
    *("link.", "gone.", "offline.", "job.", "doctor.", "device.", "serial.", "learn.done."),
    *("failure.", "advice.", "code."),
)
"""Beginnings of keys that the page puts together."""
SAME_IN_BOTH = ("SDK", "USB", "HTTP", "{meaning} ({code})")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", TEXTS)
def test_every_text_is_there_in_both_languages(key: str) -> None:
    texts = TEXTS[key]
    assert set(texts) == {"en", "zh"}
    assert all(text.strip() == text != "" for text in texts.values())
    assert placeholders(texts["en"]) == placeholders(texts["zh"])
    if key not in ("language", "language.label"):
        assert not CHINESE.search(texts["en"])
        assert CHINESE.search(texts["zh"]) or texts["en"] in SAME_IN_BOTH, "left in English"


def test_no_text_is_missing_and_none_is_left_over() -> None:
    used = set[str]()
    for source in SOURCES.values():
        used.update(re.findall(r'data-t(?:-label|-alt)?="([^"]+)"', source))
        used.update(re.findall(r'"([a-z_]+(?:\.[a-zA-Z0-9_ ]+)+)"', source.replace('.js"', "")))
        used.update(key for key in re.findall(r'\bt\("([^"]+)"', source))
        # One of two, chosen by a condition.
        used.update(re.findall(r'[?:] "([a-z]+\.[a-z.]+)"', source))
    assert sorted(key for key in used if key not in TEXTS and not key.startswith("page/")) == []
    left_over = [key for key in TEXTS if key not in used and not key.startswith(MADE_OF_PARTS)]
    assert left_over == []


def test_the_doctors_sentences_get_in_the_way_of_no_text_of_the_page() -> None:
    """The page has both in one table."""
    codes = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    assert not set(codes) & set(TEXTS)


def test_every_step_of_the_doctor_has_a_name() -> None:
    assert {key.removeprefix("doctor.step.") for key in TEXTS if key.startswith("doctor.step.")} == set(STEPS)


def test_every_failure_of_the_console_has_words() -> None:
    raised = set[str]()
    for path in PAGE.parent.glob("*.py"):
        raised.update(re.findall(r'Refused\("(\w+)"', path.read_text(encoding="utf-8")))
    assert raised
    kinds = raised | {"input", "unreachable", "timeout", "lost", "invalid", "transfer", "device", "file"}
    assert {f"failure.{kind}" for kind in kinds} <= set(TEXTS)
    assert {f"advice.{cls.category}" for cls in DeviceError.__subclasses__()} <= set(TEXTS)


def test_error_codes_have_the_catalogues_names() -> None:
    """A code that is new in the contract is told in the contract's English; none here may be misspelt."""
    known = {entry.name for entry in ERROR_CODES.values()} | {"ALGORITHM_ERROR"}
    told = {key.removeprefix("code.") for key in TEXTS if key.startswith("code.")}
    assert told <= known


@pytest.mark.parametrize(
    ("accepted", "chinese"),
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
def test_the_first_language_is_the_browsers(accepted: str, chinese: bool) -> None:
    assert prefers_chinese(accepted) is chinese


@pytest.mark.parametrize(("locale", "first"), [("zh-CN", "zh"), ("en-GB", "en"), ("fr-FR", "en")])
def test_the_page_speaks_it_and_can_be_switched(
    browser: Browser, bench: Bench, locale: str, first: str
) -> None:
    context = browser.new_context(locale=locale, viewport={"width": 1024, "height": 600})
    page = bench.watch(context.new_page())
    bench.teach(apple="001")
    page.goto(bench.console.url)
    languages = ("en", "zh") if first == "en" else ("zh", "en")
    for language in languages:
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("#state")).to_contain_text({"en": "Connected", "zh": "已连接"}[language])
        for view in VIEWS:
            page.locator(f"nav a[href='#{view}']").click()
            expect(page.locator("body")).to_have_attribute("data-view", view)
            shown = page.locator("body").inner_text()
            texts = {key: TEXTS[key][language] for key in (f"view.{each}" for each in VIEWS)}
            assert all(text in shown for text in texts.values())
            assert not re.search(r"\b(view|area|teach|backup|device|recognise|pending)\.[a-z]", shown), (
                "a bare key"
            )
            if language == "en":
                assert CHINESE.findall(shown.replace("中文", "")) == []
        if language == first:
            page.get_by_role("button", name=TEXTS["language.label"][language]).click()
    # The choice is kept.
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", languages[1])
    context.close()


def test_errors_are_told_in_chinese_too(browser: Browser, bench: Bench) -> None:
    context = browser.new_context(locale="zh-CN")
    page = bench.watch(context.new_page())
    page.goto(f"{bench.console.url}#backup")
    bench.emulator.fail_next(-6203, "start_backup")
    page.get_by_role("button", name="创建备份").click()
    expect(page.locator("#job-text")).to_have_text(
        "模块写入文件失败（-6203）。请重试；若再次出现，请重启模块。"
    )
    # The module's own progress messages are Chinese, and are shown.
    bench.emulator.change(backup_seconds=5)
    page.get_by_role("button", name="创建备份").click()
    expect(page.locator("#job-text")).to_have_text("正在生成备份数据")
    expect(page.locator("#job-title")).to_contain_text("备份完成")
    context.close()
