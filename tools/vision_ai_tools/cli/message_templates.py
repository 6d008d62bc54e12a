"""Translate messages that other code has made in English, by their templates.

The values stand in the messages already. The message ids are the templates: a message is matched with each of them,
and what stands at its placeholders is put into the translated template. A message of several sentences that has no
template is translated sentence by sentence. What has none stays in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from vision_ai_translations import get_language, translate

from .printable import join_sentences

NESTED = ("advice", "failure", "meaning", "problem", "reason", "results")
"""Placeholders that stand for messages too."""
WORDS = ("operation", "seconds", "status", "code", "number", "line", "least", "most", "type")
"""Placeholders that stand for one word."""
_SENTENCE_END = re.compile(r"(?<=[.?]) ")
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")


class MessageTemplates:
    """Templates in English. The first one that matches counts."""

    def __init__(self, templates: Iterable[str]) -> None:
        self._templates = tuple(templates)

    def translate(self, text: str) -> str:
        """Translate a message into the language of this process."""
        language = get_language()
        if language == "en":
            return text
        for template, pattern in self._patterns.items():
            match = pattern.fullmatch(text)
            if match is not None:
                values = match.groupdict()
                nested = {name: self._translate_nested(values[name]) for name in NESTED if name in values}
                return translate(template, language, **{**values, **nested})
        sentences = _SENTENCE_END.split(text)
        if len(sentences) > 1:
            return join_sentences(*map(self.translate, sentences))
        return translate(text, language)

    def _translate_nested(self, text: str) -> str:
        """Translate a reason, which may stand after its place ("http://127.0.0.1: timed out"), or several results."""
        translated = self.translate(text)
        if translated != text:
            return translated
        place, colon, reasons = text.rpartition(": ")
        return place + colon + ", ".join(map(self.translate, reasons.split(", ")))

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {template: _compile_pattern(template) for template in self._templates}


def _compile_pattern(template: str) -> re.Pattern[str]:
    """Make the pattern of the messages of a template."""
    return re.compile(_PLACEHOLDER.sub(_make_group, re.escape(template)), re.DOTALL)


def _make_group(placeholder: re.Match[str]) -> str:
    name = placeholder[1]
    return rf"(?P<{name}>\S+?)" if name in WORDS else f"(?P<{name}>.+?)"
