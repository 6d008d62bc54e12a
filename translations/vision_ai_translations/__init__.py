"""The texts that people read, in English, Russian and Chinese: one gettext catalog for everything in this repository.

An English text that stands in the code is its own message id: `_("Saved to {path}.", path=path)`. A text that a code
selects, such as a finding of the doctor, or that a page in a browser shows, has a key in a context:
`translate_key("doctor", "usb.missing", "ru")`; its English is in `locale/en`.

Command lines have one language for the whole process: `set_language`, `gettext` and `ngettext`. Servers and reports
name the language of each text: `translate`. What programs read, such as JSON, exceptions and log lines, stays in
English.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Literal, get_args

__all__ = [
    "DOMAIN",
    "LANGUAGES",
    "LOCALE",
    "N_",
    "PAGES",
    "Language",
    "find_language",
    "get_language",
    "gettext",
    "ngettext",
    "set_language",
    "translate",
    "translate_key",
    "translate_plural",
]

Language = Literal["en", "ru", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DOMAIN = "vision_ai"
LOCALE = Path(__file__).parent / "locale"
"""The folder of the catalogs, as gettext expects it."""
PAGES = Path(__file__).parent / "pages"
"""The folder of the texts for pages in a browser: a JSON file for each context, {key: {language: text}}."""
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_language: Language = "en"


def find_language(environ: Mapping[str, str] = os.environ) -> Language:
    """Return the language that the environment asks for, as gettext finds it; English where it names no other."""
    value = next((environ[name] for name in _VARIABLES if environ.get(name)), "")
    for name in value.split(":"):
        language = name.replace("-", "_").partition("_")[0].partition(".")[0].lower()
        if language in LANGUAGES:
            return language
    return "en"


def set_language(language: Language) -> None:
    """Set the language of this process's command line."""
    global _language
    _language = language


def get_language() -> Language:
    """Return the language of this process's command line; English until it is set."""
    return _language


def gettext(text: str, **values: object) -> str:
    """Translate an English text into the language of this process. See `translate`."""
    return translate(text, _language, **values)


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """Translate an English text that depends on a number. See `translate_plural`."""
    return translate_plural(singular, plural, number, _language, **values)


def translate(text: str, language: Language, **values: object) -> str:
    """Translate an English text.

    Args:
        text: The message id.
        language: English returns the text itself.
        values: Replace `{name}` in the text. Without any, braces stay as they are.
    """
    translated = _load(language).gettext(text) if text else text
    return translated.format_map(values) if values else translated


def translate_plural(singular: str, plural: str, number: int, language: Language, **values: object) -> str:
    """Translate an English text that depends on a number, which is the value `number` of the texts.

    Args:
        singular: The English text for 1.
        plural: The English text for other numbers.
        number: A count.
        language: English returns one of the two texts.
        values: Replace `{name}` in the text.
    """
    return _load(language).ngettext(singular, plural, number).format_map({"number": f"{number:,}", **values})


def translate_key(context: str, key: str, language: Language, **values: object) -> str:
    """Return the text for a key.

    Args:
        context: What the key belongs to, such as "doctor".
        key: The text's name in the context.
        language: Of the text.
        values: Replace `{name}` in the text.

    Raises:
        KeyError: The context has no such key.
    """
    text = _load(language).pgettext(context, key)
    if text == key:
        raise KeyError(f"no text for {key!r} of {context!r}")
    return text.format_map(values)


def N_(text: str) -> str:
    """Mark an English text that is translated later."""
    return text


@cache
def _load(language: Language) -> NullTranslations:
    """Load a catalog. That of English has only the texts with keys."""
    return translation(DOMAIN, LOCALE, [language])
