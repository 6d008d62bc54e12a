"""Translate messages that other code has made in English, by their templates.

The values stand in the messages already. The message ids are the templates: a message is matched with each of them,
and what stands at its placeholders is put into the translated template. A message of several sentences that has no
template is translated part by part. What has none stays in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import islice

from vision_ai_translations import get_language, translate
from vision_ai_translations import gettext as _

from .printable import join_sentences

NESTED = ("advice", "failure", "meaning", "problem", "reason", "results", "title")
"""Placeholders that stand for messages too."""
WORDS = (
    *("code", "count", "kind", "least", "line", "most", "number", "operation", "role", "scale", "seconds"),
    *("status", "store", "type"),
)
"""Placeholders that stand for one word: otherwise "{kind} needs {arguments}" takes any sentence with "needs"."""
LONGEST = 2000
"""Characters of a message that is looked at: patterns take long on a long text, and other computers send any."""
MOST_SENTENCES = 20
"""Sentences of a message that is translated part by part: each part is matched with all templates."""
MOST_PLACES = 5
"""Places before a reason, each of which ends with a colon, that are looked behind."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_SENTENCE_END = re.compile(r"(?<=[.?]) ")


class MessageTemplates:
    """Templates in English. Of several that match, the one with the longest beginning of its own counts."""

    def __init__(self, templates: Iterable[str]) -> None:
        self._templates = tuple(templates)

    def translate(self, text: str) -> str:
        """Translate a message into the language of this process."""
        if get_language() == "en" or not 0 < len(text) <= LONGEST:
            return text
        translated = self._translate_whole(text)
        if translated is not None:
            return translated
        ends = list(_SENTENCE_END.finditer(text))
        if not 0 < len(ends) < MOST_SENTENCES:
            return text
        for end in ends:
            first, rest = text[: end.start()], text[end.end() :]
            translated = self._translate_whole(first)
            if translated is not None:
                return join_sentences(translated, self.translate(rest))
            # A failure and what to do about it: the first has no period of its own.
            translated = self._translate_whole(first.removesuffix("."))
            if translated is not None:
                return _("{what}. {fix}", what=translated, fix=self.translate(rest))
        first, rest = text[: ends[0].start()], text[ends[0].end() :]
        translated = self.translate(rest)
        return text if translated == rest else join_sentences(first, translated)

    def _translate_whole(self, text: str) -> str | None:
        """Translate a text that has a template of its own; None for another."""
        language = get_language()
        for template, pattern in self._patterns.items():
            match = pattern.fullmatch(text)
            if match is not None:
                values = match.groupdict()
                nested = {name: self._translate_nested(values[name]) for name in NESTED if name in values}
                return translate(template, language, **{**values, **nested})
        translated = translate(text, language)
        return None if translated == text else translated

    def _translate_nested(self, text: str) -> str:
        """Translate a reason, which may stand after its place ("http://127.0.0.1: timed out"), or several results."""
        for start in (0, *(colon.end() for colon in islice(re.finditer(": ", text), MOST_PLACES))):
            translated = self.translate(text[start:])
            if translated != text[start:]:
                return text[:start] + translated
        return ", ".join(map(self.translate, text.split(", ")))

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        templates = sorted(self._templates, key=_measure_text, reverse=True)
        return {template: _compile_pattern(template) for template in templates}


def _measure_text(template: str) -> tuple[int, int]:
    """Count the characters before the first placeholder, and those outside of all."""
    return len(template.partition("{")[0]), len(_PLACEHOLDER.sub("", template))


def _compile_pattern(template: str) -> re.Pattern[str]:
    """Make the pattern of the messages of a template."""
    parts = _PLACEHOLDER.split(template)
    pattern = "".join(_make_group(part) if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile(pattern, re.DOTALL)


def _make_group(name: str) -> str:
    return rf"(?P<{name}>\S+?)" if name in WORDS else f"(?P<{name}>.+?)"
