"""The pages of docs/ru and docs/zh keep in step with the English ones: what one gains, the others need too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from page_outline import compare_code, find_line_breaks, read_sections

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
PAGES = sorted(page.name for page in (DOCS / "ru").glob("*.md"))
TRANSLATED = [name for name in PAGES if (DOCS / name).exists()]
INSTALL = re.compile(r"^## Install\n.*?(?=^## )", re.MULTILINE | re.DOTALL)
LANGUAGES = ("ru", "zh")

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
    english = INSTALL.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert english
    translated, *_ = read(language, "install.md").partition("\n## ")
    assert compare_code(english[0], translated) == []
    [_, before], [_, after] = read_sections(english[0]), read_sections(translated)
    assert before.names <= after.names
    assert before.blocks.count("row") == after.blocks.count("row")


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
