"""`vision-ai`, the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import pairwise

from vision_ai_translations import DOMAIN, LANGUAGES, LOCALE, Language, find_language, set_language

SAMPLES: dict[Language, str] = {"en": "a", "ru": "я", "zh": "中"}
"""A letter of each language."""


def main() -> int:
    """Run the program and return its exit status. Without the extra `cli`, say what to install."""
    if find_spec("typer") is None or find_spec("rich") is None:
        print("vision-ai: the command line is not part of the bare SDK.", file=sys.stderr)
        print("  Install it: pip install 'vision-ai-module[cli]'", file=sys.stderr)
        return 2
    use_language(_choose_language())
    from .app import main as run

    return run()


def _choose_language() -> Language:
    """Choose the language: English for JSON, which programs read, and where the output has no other letters."""
    language = find_argument(sys.argv[1:]) or find_language()
    try:
        SAMPLES[language].encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return "en"
    return "en" if "--json" in sys.argv else language


def find_argument(arguments: Sequence[str]) -> Language | None:
    """Find the last --lang of a command line that is not parsed yet."""
    found: Language | None = None
    for name, value in pairwise([*arguments, ""]):
        if name.startswith("--lang="):
            name, _, value = name.partition("=")
        for language in LANGUAGES:
            if name == "--lang" and value == language:
                found = language
    return found


def use_language(language: Language) -> None:
    """Set the language of this process. Typer looks up its own texts, some of them when it is imported."""
    set_language(language)
    os.environ["LANGUAGE"] = language
    if language != "en":
        import gettext

        gettext.bindtextdomain(DOMAIN, str(LOCALE))
        gettext.textdomain(DOMAIN)
