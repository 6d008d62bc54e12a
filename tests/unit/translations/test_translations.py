"""The catalog of translations: how a text is looked up, and that the catalog is complete."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from vision_ai_translations import (
    DOMAIN,
    LANGUAGES,
    LOCALE,
    Language,
    get_language,
    gettext,
    ngettext,
    set_language,
    translate,
    translate_key,
    translate_plural,
)

ROOT = Path(__file__).parents[3]
CYRILLIC, CHINESE = re.compile("[\u0400-\u04ff]"), re.compile("[\u3400-\u9fff]")


@pytest.fixture
def language() -> Iterator[None]:
    """Restore the language of the process."""
    before = get_language()
    yield
    set_language(before)


def test_a_text_is_translated_and_its_values_are_put_in() -> None:
    text = "Find the cause: {command}"
    assert translate(text, "en", command="vision-ai doctor") == "Find the cause: vision-ai doctor"
    assert translate(text, "ru", command="vision-ai doctor") == "Найдите причину: vision-ai doctor"
    assert translate(text, "zh", command="vision-ai doctor") == "查找原因：vision-ai doctor"
    assert translate(text, "ru") == "Найдите причину: {command}"
    assert translate("Nobody translates {this}.", "ru", this="that") == "Nobody translates that."
    assert translate("", "ru") == ""


def test_values_may_have_braces_and_any_name() -> None:
    assert translate("{text} is not a size", "en", text="{x}", language="y") == "{x} is not a size"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1 шаблон"),
        (2, "2 шаблона"),
        (5, "5 шаблонов"),
        (11, "11 шаблонов"),
        (21, "21 шаблон"),
        (0, "0 шаблонов"),
        (1022, "1\N{NO-BREAK SPACE}022 шаблона"),
    ],
)
def test_russian_has_three_plural_forms(number: int, text: str) -> None:
    assert translate_plural("{number} template", "{number} templates", number, "ru") == text


def test_plural_forms_of_the_other_languages() -> None:
    forms = ("{number} template", "{number} templates")
    assert [translate_plural(*forms, number, "en") for number in (0, 1, 1500)] == [
        "0 templates",
        "1 template",
        "1,500 templates",
    ]
    assert [translate_plural(*forms, number, "zh") for number in (1, 5)] == ["1 个模板", "5 个模板"]


def test_a_process_has_one_language(language: None) -> None:
    set_language("ru")
    assert get_language() == "ru"
    assert gettext("Try again.") == "Повторите."
    assert ngettext("{number} picture", "{number} pictures", 2) == "2 снимка"
    set_language("en")
    assert gettext("Try again.") == "Try again."


def test_a_text_with_a_key() -> None:
    assert translate_key("console", "cancel", "en") == "Cancel"
    assert translate_key("console", "cancel", "ru") == "Отмена"
    for language in LANGUAGES:
        with pytest.raises(KeyError, match=r"no\.such"):
            translate_key("console", "no.such", language)
        with pytest.raises(KeyError):
            translate_key("no such context", "cancel", language)


def test_english_loads_no_catalog() -> None:
    program = (
        "import vision_ai_translations as t; t.gettext('Try again.'); t.ngettext('{number} a', '{number} b', 2);"
        "print(t._load.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"


def test_the_catalog_is_complete_and_current() -> None:
    """Nothing is missing, unused or not compiled."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "translations" / "update.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == ""


def test_each_translation_has_the_placeholders_of_its_message() -> None:
    assert {language: find_wrong_placeholders(read(language)) for language in LANGUAGES} == {
        "en": [],
        "ru": [],
        "zh": [],
    }


def test_a_wrong_placeholder_is_found() -> None:
    catalog = Catalog("ru")
    catalog.add("in {file}", "в {file}")
    catalog.add("on {host}", "на {хост}")
    catalog.add("at {time}", "в")
    catalog.add(("{number} call", "{number} calls"), ("{number} вызов", "{number} вызова", "вызовов"))
    assert find_wrong_placeholders(catalog) == ["on {host}", "at {time}", "{number} call"]


def test_keyed_texts_have_the_placeholders_of_their_english_text() -> None:
    english = {(each.context, each.id): each for each in read("en") if each.context}
    assert english
    for language in LANGUAGES:
        translated = {(each.context, each.id): each for each in read(language) if each.context}
        assert translated.keys() == english.keys()
        differing = [
            key
            for key, each in translated.items()
            if find_placeholders(str(each.string)) != find_placeholders(str(english[key].string))
        ]
        assert differing == []


def test_the_languages_are_not_mixed() -> None:
    assert [
        each.id for each in read("en") if CYRILLIC.search(get_text(each)) or CHINESE.search(get_text(each))
    ] == []
    assert [each.id for each in read("ru") if CHINESE.search(get_text(each))] == []
    assert [each.id for each in read("zh") if CYRILLIC.search(get_text(each))] == []


def find_wrong_placeholders(catalog: Catalog) -> list[str]:
    """Find the messages without a key of which a translation has other placeholders than the English plural."""
    return [
        get_ids(message)[0]
        for message in catalog
        if message.id
        and not message.context
        and any(
            find_placeholders(each) != find_placeholders(get_ids(message)[-1]) for each in get_texts(message)
        )
    ]


def find_placeholders(text: str) -> set[str]:
    """Find the names in braces. A text that is no template, such as help with braces of JSON, has none."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return set()


def get_ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (str(message.id),)


def get_texts(message: Message) -> list[str]:
    found = message.string
    return list(found) if isinstance(found, (tuple, list)) else [str(found)]


def get_text(message: Message) -> str:
    return "\n".join(get_texts(message))


def read(language: Language) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=language)
