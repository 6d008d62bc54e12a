"""The pages of docs/ru and docs/zh keep in step with the English ones: what one gains, the others need too."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from page_outline import compare_code, find_line_breaks, read_sections

from vision_ai_translations import PAGES as TRANSLATIONS
from vision_ai_translations import Language, translate_key

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
PAGES = sorted(page.name for page in (DOCS / "ru").glob("*.md"))
TRANSLATED = [name for name in PAGES if (DOCS / name).exists()]
INSTALL = re.compile(r"^## Install\n.*?(?=^## )", re.MULTILINE | re.DOTALL)
LANGUAGES: tuple[Language, ...] = ("ru", "zh")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
FINDING = re.compile(r"^[✓✗?–] (\w+)(?: …)? +(.+)$", re.MULTILINE)

EXAMPLE = """# Title

Run `go` ([a page](page.md)).

```python
print("text")  # a comment
```

## Section

```sh
vision-ai info  # a comment
```
"""


def read(*names: str) -> str:
    return DOCS.joinpath(*names).read_text(encoding="utf-8")


def translate_finding(step: str, text: str, language: Language) -> str:
    """Translate what the doctor prints about a step: find its text, and the values in it."""
    for key, texts in json.loads((TRANSLATIONS / "doctor.json").read_text(encoding="utf-8")).items():
        if not key.startswith((f"{step}.", "skipped.")):
            continue
        names = PLACEHOLDER.findall(texts["en"])
        words = map(re.escape, PLACEHOLDER.split(texts["en"])[::2])
        if match := re.fullmatch("(.+?)".join(words), text):
            return translate_key("doctor", key, language, **dict(zip(names, match.groups(), strict=True)))
    raise AssertionError(f"the doctor does not print {text!r}")


def find_differences(english: str, translated: str) -> list[str]:
    """Compare a page with its translation, section by section."""
    old, new = read_sections(english), read_sections(translated)
    if [each.level for each in old] != [each.level for each in new]:
        titles = [each.heading for each in new]
        return [f"{each.heading!r} has no counterpart in {titles}" for each in old[len(new) :]] or [
            "other headings"
        ]
    differences = compare_code(english, translated)
    for before, after in zip(old, new, strict=True):
        if before.blocks != after.blocks:
            differences.append(f"{after.heading}: {after.blocks} instead of {before.blocks}")
        if missing := before.names - after.names:
            differences.append(f"{after.heading}: without {sorted(missing)}")
        if sorted(before.links) != sorted(after.links):
            differences.append(f"{after.heading}: links {after.links} instead of {before.links}")
    return differences


def test_each_language_has_the_same_pages() -> None:
    assert [page.name for page in sorted((DOCS / "zh").glob("*.md"))] == PAGES
    assert {"README.md", "install.md", "connection.md", "console.md", "build-a-till.md"} <= set(PAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TRANSLATED)
def test_translation_keeps_in_step(name: str, language: str) -> None:
    assert find_differences(read(name), read(language, name)) == []


@pytest.mark.parametrize("name", sorted(set(PAGES) - set(TRANSLATED)))
def test_pages_without_an_english_one_are_the_same_in_both_languages(name: str) -> None:
    assert find_differences(read("ru", name), read("zh", name)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_installation_has_what_the_readme_says(language: str) -> None:
    section = INSTALL.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert section
    first, *_ = read(language, "install.md").partition("\n## ")
    assert find_differences(section[0].replace("## ", "# ", 1), f"{first}\n") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_transcripts_of_the_doctor_have_its_words(language: Language) -> None:
    english, translated = (
        FINDING.findall(text) for text in (read("connection.md"), read(language, "connection.md"))
    )
    assert len(english) == len(translated) > 20
    for (step, text), (translated_step, translated_text) in zip(english, translated, strict=True):
        assert (translated_step, translated_text) == (step, translate_finding(step, text, language))


@pytest.mark.parametrize("name", PAGES)
def test_chinese_paragraphs_are_one_line(name: str) -> None:
    assert find_line_breaks(read("zh", name)) == []


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("## Section", "## Other\n\n## Section", "has no counterpart"),
        ("Run `go`", "Run `go --fast`", "without ['go --fast']"),
        ("(page.md)", "(other.md)", "links"),
        ("info  #", "info --json  #", "vision-ai info"),
        ('print("text")', 'print("text", 1)', "another program"),
        ('print("text")', 'print("texts")', "text"),
        ("\n## Section", "\nA paragraph.\n\n## Section", "instead of"),
        ("```sh\n", "<!-- served emulator -->\n```sh\n", "other comments"),
    ],
)
def test_a_change_of_the_english_page_is_found(old: str, new: str, difference: str) -> None:
    assert find_differences(EXAMPLE, EXAMPLE) == []
    changed = EXAMPLE.replace(old, new)
    assert changed != EXAMPLE
    assert difference in " ".join(find_differences(changed, EXAMPLE))


def test_texts_and_comments_may_be_translated() -> None:
    translated = EXAMPLE.replace('"text"', '"текст"').replace("a comment", "комментарий")
    assert find_differences(EXAMPLE, translated) == []
