"""Messages of errors, agents and controllers in the language of this process.

They are made and kept in English with their values in them: other programs read them, and the language of who reads
them is not known. Here they are recognized by their templates.
"""

from __future__ import annotations

import re
from functools import cache

from vision_ai_tools.cli.failures import Failure
from vision_ai_translations import get_language
from vision_ai_translations import gettext as _

from .message_templates import ERRORS, OUTCOMES, PHASES

FIELD = re.compile(r"\{(\w+)\}")
WORDS = frozenset({"code", "count", "id", "kind", "role", "scale", "store"})
"""Fields whose values have no spaces: otherwise "{kind} needs {arguments}" would take any sentence with "needs"."""

LONGEST = 600
"""Characters of a message that is looked at: an agent may send anything, and patterns take long on a long text."""


def translate_message(text: str) -> str:
    """Return a message in this process's language; what is not the fleet's own stays as it is.

    The values in it may be messages too: "The first scale, 0042/07, failed: withheld". What to do may follow it as a
    sentence of its own.
    """
    if get_language() == "en" or not 0 < len(text) <= LONGEST:
        return text
    for template, pattern in _compile_templates():
        if match := pattern.fullmatch(text):
            values = {name: translate_message(value) for name, value in match.groupdict().items()}
            return _(template, **values)
    sentences = text.split(". ", 1)
    translated = [translate_message(each) for each in sentences] if len(sentences) > 1 else sentences
    return text if translated == sentences else _("{what}. {fix}", what=translated[0], fix=translated[1])


def translate_phase(text: str) -> str:
    """Return the phase of a job in this process's language."""
    return _(text) if text in PHASES else text


def translate_failure(failure: Failure) -> Failure:
    """Put a failure into this process's language, where it says what an error of the fleet says."""
    if isinstance(failure.message, str):
        failure.message = translate_message(failure.message)
    failure.hint = translate_message(failure.hint)
    return failure


@cache
def _compile_templates() -> list[tuple[str, re.Pattern[str]]]:
    """Return what recognizes each template. The one that says most comes first."""
    templates = sorted((*ERRORS, *OUTCOMES), key=lambda each: -len(FIELD.sub("", each)))
    return [(each, re.compile(_make_pattern(each), re.DOTALL)) for each in templates]


def _make_pattern(template: str) -> str:
    parts = FIELD.split(template)
    return "".join(_make_group(part) if at % 2 else re.escape(part) for at, part in enumerate(parts))


def _make_group(name: str) -> str:
    return rf"(?P<{name}>\S+)" if name in WORDS else f"(?P<{name}>.+?)"
