"""The languages have one word for one thing, in the console, the fleet's page, the report and the doctor."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from vision_ai_translations import DOMAIN, LOCALE, Language, translate

CONTRACT = Path(__file__).parents[3] / "openapi" / "dist"

SHORT_OR_OF_TWO_MEANINGS = {
    "Number": "of a product, and of changes",
    "Backup": "a tab, which is short, and a job",
    "Backups": "a tab, which is short, and a title",
    "Restore": "a button, and a job",
}
"""English texts that may have two translations, and why."""
OTHER_WORDS = {
    "ru": ("область калибровки", "области калибровки", "алгоритм", "эталон", "перезапуск модуля"),
    "zh": ("标定区域", "模版", "称盘", "电子秤"),
}
"""Words for what the catalogs call область распознавания, движок, шаблон, перезагрузка; 识别区域, 模板, 秤盘, 秤."""


def read_messages(language: str) -> Iterator[Message]:
    with (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        yield from (each for each in read_po(file) if each.id)


@pytest.mark.parametrize("language", ["ru", "zh"])
def test_the_same_english_text_has_the_same_translation(language: str) -> None:
    english = {(each.context, each.id): str(each.string) for each in read_messages("en")}
    translations = defaultdict[str, set[str]](set)
    for each in read_messages(language):
        if each.context:
            translations[english[each.context, each.id]].add(str(each.string))
    assert len(translations) > 400
    several = {text: each for text, each in translations.items() if len(each) > 1}
    assert {text: each for text, each in several.items() if text not in SHORT_OR_OF_TWO_MEANINGS} == {}


@pytest.mark.parametrize("language", OTHER_WORDS)
def test_one_word_for_one_thing(language: str) -> None:
    texts = [str(each.string) for each in read_messages(language)]
    assert len(texts) > 1000
    assert [each for each in texts if any(word in each.lower() for word in OTHER_WORDS[language])] == []


@pytest.mark.parametrize("language", ["ru", "zh"])
def test_meanings_of_error_codes_are_those_of_the_contract(language: Language) -> None:
    """Teams that use other languages of programming take them from the contract."""
    document = json.loads((CONTRACT / "error-codes.json").read_text(encoding="utf-8"))
    entries = [*document["codes"], *document["ranges"]]
    assert len(entries) > 30
    for each in entries:
        assert translate(each["meaning"], language) == each["meanings"][language]
