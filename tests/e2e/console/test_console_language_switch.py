"""The page in each language: its first language, the switch, and no text of another language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from console_page import VIEWS, ConsolePage
from playwright.sync_api import Browser, BrowserContext, expect

from vision_ai import BackupStatus, RestoreStatus, TransferError
from vision_ai_tools.console.errors import describe_error
from vision_ai_translations import PAGES

TEXTS = json.loads((PAGES / "console.json").read_text(encoding="utf-8"))
CHINESE = re.compile("[\u4e00-\u9fff]")
CYRILLIC = re.compile("[а-яё]")
STATES = {"en": "Connected", "ru": "Подключено", "zh": "已连接"}


def make_backup_status(number: int) -> BackupStatus:
    return BackupStatus.from_dict({"code": 0, "filename": "", "msg": "数据备份失败", "status": number})


def make_restore_status(number: int) -> RestoreStatus:
    return RestoreStatus.from_dict({"code": 0, "msg": "数据恢复失败", "status": number})


@pytest.fixture
def chinese_context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="zh-CN")
    yield context
    context.close()


@pytest.mark.parametrize(
    ("locale", "first"), [("zh-CN", "zh"), ("en-GB", "en"), ("ru-RU", "ru"), ("fr-FR", "en")]
)
def test_first_language_and_switch(browser: Browser, console: ConsolePage, locale: str, first: str) -> None:
    context = browser.new_context(locale=locale, viewport={"width": 1024, "height": 600})
    console.teach(apple="001")
    page = console.open_tab(context=context)
    languages = [first, *(each for each in STATES if each != first)]
    for language in languages:
        if language != first:
            page.locator("#language").select_option(language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("#state")).to_contain_text(STATES[language])
        for view in VIEWS:
            page.locator(f"nav a[href='#{view}']").click()
            expect(page.locator("body")).to_have_attribute("data-view", view)
            text = page.locator("body").inner_text().replace("中文", "").replace("Русский", "")
            assert all(TEXTS[f"view.{each}"][language] in text for each in VIEWS)
            assert not re.search(r"\b(view|area|teach|backup|device|recognize|pending)\.[a-z]", text), (
                "a key without a text"
            )
            if language != "zh":
                assert CHINESE.findall(text) == []
            if language != "ru":
                assert CYRILLIC.findall(text) == []
    # The browser remembers the selected language.
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", languages[-1])
    context.close()


def test_errors_and_progress_in_chinese(chinese_context: BrowserContext, console: ConsolePage) -> None:
    page = console.open_tab("backup", chinese_context)
    console.emulator.fail_next(-6203, "start_backup")
    page.get_by_role("button", name="创建备份").click()
    expect(page.locator("#job-text")).to_have_text(
        "模块写入文件失败（-6203）。可能已有备份或恢复正在进行。请等待其结束后重试。"
    )
    # The module's own progress messages are in Chinese.
    console.emulator.change(backup_seconds=1)
    console.emulator.freeze()  # the backup takes as long as the test needs
    page.get_by_role("button", name="创建备份").click()
    expect(page.locator("#job-text")).to_have_text("正在生成备份数据")
    console.emulator.step(1)
    expect(page.locator("#job-title")).to_contain_text("备份完成")


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (make_backup_status(6), "The module could not create the backup."),
        (make_restore_status(5), "The module could not restore the backup."),
        (make_restore_status(7), "The module could not verify the restored data."),
        (make_restore_status(9), "The module ended the transfer with status 9."),
    ],
    ids=["backup-6", "restore-5", "restore-7", "restore-9"],
)
def test_status_replaces_the_chinese_message_of_the_module(
    console: ConsolePage, status: BackupStatus | RestoreStatus, text: str
) -> None:
    page = console.open("backup")
    failure = describe_error(TransferError("备份失败", status=status))
    shown_text = page.evaluate(
        "async failure => (await import('./page/texts.js')).failureText(failure)", failure
    )
    assert shown_text.startswith(text)
    assert not CHINESE.search(shown_text)
