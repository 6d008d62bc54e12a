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
import sys
from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Any, Literal, Self, cast, get_args

__all__ = [
    "DOMAIN",
    "LANGUAGES",
    "LOCALE",
    "N_",
    "PAGES",
    "Language",
    "Message",
    "find_language",
    "format_number",
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
"""LANGUAGE has a list of languages and goes first, except in the locale C; the others have a locale."""
_WINDOWS_LANGUAGES: dict[int, Language] = {0x04: "zh", 0x19: "ru"}
"""The lower ten bits of a language identifier of Windows, without the country."""
_language: Language = "en"


def find_language(environ: Mapping[str, str] = os.environ) -> Language:
    """Return the language that the environment asks for, as gettext finds it; English where it names no other.

    Windows sets none of these variables: there it is the language of the user's desktop.
    """
    languages, *locales = (environ.get(name, "") for name in _VARIABLES)
    locale = next(filter(None, locales), "")
    if sys.platform == "win32" and not (languages or locale):
        return _find_desktop_language()
    for name in ((languages if locale not in ("C", "POSIX") else "") or locale).split(":"):
        language = name.replace("-", "_").partition("_")[0].partition(".")[0].lower()
        if language in LANGUAGES:
            return language
    return "en"


def _find_desktop_language() -> Language:
    """Return the language of the desktop on Windows."""
    import ctypes

    number: int = cast(Any, ctypes).windll.kernel32.GetUserDefaultUILanguage()
    return _WINDOWS_LANGUAGES.get(number & 0x3FF, "en")


def set_language(language: Language) -> None:
    """Set the language of this process's command line."""
    global _language
    _language = language


def get_language() -> Language:
    """Return the language of this process's command line; English until it is set."""
    return _language


def gettext(text: str, /, **values: object) -> str:
    """Translate an English text into the language of this process. See `translate`."""
    return translate(text, _language, **values)


def ngettext(singular: str, plural: str, number: int, /, **values: object) -> str:
    """Translate an English text that depends on a number. See `translate_plural`."""
    return translate_plural(singular, plural, number, _language, **values)


def translate(text: str, language: Language, /, **values: object) -> str:
    """Translate an English text.

    Args:
        text: The message id, or a `Message`, which has its own values.
        language: English returns the text itself.
        values: Replace `{name}` in the text. Without any, braces stay as they are.
    """
    if isinstance(text, Message):
        return text.translate_into(language)
    translated = _load(language).gettext(text) if text and language != "en" else text
    return translated.format_map(values) if values else translated


def translate_plural(singular: str, plural: str, number: int, language: Language, /, **values: object) -> str:
    """Translate an English text that depends on a number, which is the value `number` of the texts.

    Args:
        singular: The English text for 1.
        plural: The English text for other numbers.
        number: A count.
        language: English returns one of the two texts.
        values: Replace `{name}` in the text.
    """
    if language == "en":
        text = singular if number == 1 else plural
    else:
        text = _load(language).ngettext(singular, plural, number)
    return text.format_map({"number": format_number(number, language), **values})


def format_number(number: int, language: Language) -> str:
    """Return a whole number with the separator of thousands that the language uses."""
    grouped = f"{number:,}"
    return grouped.replace(",", "\N{NO-BREAK SPACE}") if language == "ru" else grouped


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


class Message(str):
    """An English text with the values in it, which `translate` can put into another language later.

    For what both programs and people read, such as the text of an exception or a warning in a result: it is the
    English text, and a command line prints `_(text)`.
    """

    context: str
    """Empty where the template is the English text itself, not a key."""
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Make a message of an English text with `{name}` for each value. A value may be a message too."""
        return cls._make(template.format_map(values) if values else template, "", template, values)

    @classmethod
    def of_key(cls, context: str, key: str, /, **values: object) -> Self:
        """Make a message of a text that has a key. See `translate_key`."""
        return cls._make(translate_key(context, key, "en", **values), context, key, values)

    @classmethod
    def _make(cls, text: str, context: str, template: str, values: Mapping[str, object]) -> Self:
        message = super().__new__(cls, text)
        message.context, message.template, message.values = context, template, values
        return message

    def translate_into(self, language: Language) -> str:
        """Return the text in a language."""
        values = {
            name: each.translate_into(language) if isinstance(each, Message) else each
            for name, each in self.values.items()
        }
        if self.context:
            return translate_key(self.context, self.template, language, **values)
        return translate(self.template, language, **values)


def N_(text: str) -> str:
    """Mark an English text that is translated later."""
    return text


@cache
def _load(language: Language) -> GNUTranslations:
    """Load a catalog. That of English has only the texts with keys, so most command lines in English load none."""
    from importlib.resources import files  # English needs neither the files nor the time to import it

    catalog = files(__name__) / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    with catalog.open("rb") as file:  # also inside a zip file
        return GNUTranslations(file)
