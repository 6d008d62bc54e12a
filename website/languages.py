"""Show the pages of docs/ru and docs/zh in their language: menu, buttons, and links to the same page in the others.

The English pages stand alone in the menu of an English page, and the translated ones in that of a translated page.
"""

from __future__ import annotations

import copy
import logging
import re
from typing import Any

from error_page import make_error_page
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

NAMES = {"en": "English", "ru": "Русский", "zh": "中文"}
"""The languages. The pages of a translation are a section of the navigation with this title."""
HOME = "website/index.md"
ALTERNATE = re.compile(r'<link rel="alternate" href="[^"]*" hreflang="[^"]*">')
FOLDER = re.compile(r"^(docs|reference)/(ru|zh)/")


def on_startup(command: str, dirty: bool) -> None:
    """Silence what jieba prints while it loads its dictionary."""
    logging.getLogger("jieba").setLevel(logging.WARNING)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the translated catalogs of error codes."""
    for language in ("ru", "zh"):
        name = f"reference/{language}/error-codes.md"
        files.append(File.generated(config, name, content=make_error_page(language)))
    return files


def on_nav(nav: Navigation, config: MkDocsConfig, files: Any) -> Navigation:
    """End the links to the next and the previous page where the language ends."""
    for page in nav.pages:
        following = page.next_page
        if following is not None and _find_language(page) != _find_language(following):
            page.next_page = following.previous_page = None
    return nav


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Any) -> str:
    """Let the search show an English page before its translations, for words that all of them have."""
    if _find_language(page) != "en":
        page.meta["search"] = {"boost": 0.5}
    return markdown


def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation
) -> dict[str, Any]:
    """Set the language of the theme, the menu, and the links to the other languages."""
    language = _find_language(page)
    config.theme["language"] = language
    pages = {each.file.src_uri: each for each in nav.pages}
    config.extra["alternate"] = [
        {"name": name, "lang": each, "link": _find_translation(page, each, pages).url}
        for each, name in NAMES.items()
    ]
    context["nav"] = menu = copy.copy(nav)
    menu.items = [item for item in nav.items if _find_section_language(item) == language]
    menu.homepage = pages[_name_translation(HOME, language)]
    return context


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Remove the links for which the theme's script would load a list of all pages, which a page from a file cannot."""
    return ALTERNATE.sub("", output)


def _find_language(page: Page) -> str:
    match = FOLDER.match(page.file.src_uri)
    return match[2] if match else "en"


def _find_section_language(item: Any) -> str:
    titles = {name: language for language, name in NAMES.items()}
    return titles.get(item.title, "en") if isinstance(item, Section) else "en"


def _find_translation(page: Page, language: str, pages: dict[str, Page]) -> Page:
    """Return the page in a language, or the language's first page if it is not translated."""
    name = FOLDER.sub(r"\1/", page.file.src_uri)
    english = HOME if name == "docs/README.md" else name
    return pages.get(_name_translation(english, language)) or pages[_name_translation(HOME, language)]


def _name_translation(name: str, language: str) -> str:
    if language == "en":
        return name
    if name == HOME:
        return f"docs/{language}/README.md"
    return re.sub(r"^(docs|reference)/", rf"\1/{language}/", name)
