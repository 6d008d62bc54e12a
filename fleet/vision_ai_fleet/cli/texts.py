"""Texts with a path in them, and those that the command line shares with the fleet's page."""

from __future__ import annotations

from pathlib import Path

from vision_ai_translations import get_language, translate_key
from vision_ai_translations import gettext as _


def insert_path(text: str, path: Path, **values: object) -> tuple[str | Path, ...]:
    """Translate a text that has `{path}`, so that the path is printed as it is."""
    before, after = _(text, path="{path}", **values).split("{path}", 1)
    return (before, path, after)


def get_page_text(key: str, english: str) -> str:
    """Return a text that the page has for this key, in this process's language.

    Args:
        key: Of the context `fleet`.
        english: What the command line prints in English, and where the page has no such text.
    """
    language = get_language()
    if language == "en":
        return english
    try:
        text = translate_key("fleet", key, language)
    except KeyError:
        return english
    return text if english[:1].isupper() else text[:1].lower() + text[1:]
