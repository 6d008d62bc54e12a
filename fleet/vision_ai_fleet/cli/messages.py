"""Messages of errors, agents and controllers in the language of this process.

They are made and kept in English with their values in them: other programs read them, and the language of who reads
them is not known.
"""

from __future__ import annotations

from vision_ai_tools.cli.english_messages import TEMPLATES
from vision_ai_tools.cli.failures import Failure
from vision_ai_tools.cli.message_templates import MessageTemplates
from vision_ai_translations import gettext as _

from .message_templates import ERRORS, OUTCOMES, PHASES

_MESSAGES = MessageTemplates((*ERRORS, *OUTCOMES, *TEMPLATES))


def translate_message(text: str) -> str:
    """Translate a message into this process's language, also where the SDK on a scale has made it."""
    return _MESSAGES.translate(text)


def translate_phase(text: str) -> str:
    """Return the phase of a job in this process's language."""
    return _(text) if text in PHASES else text


def translate_failure(failure: Failure) -> Failure:
    """Put a failure into this process's language, where it says what an error of the fleet says."""
    if isinstance(failure.message, str):
        failure.message = translate_message(failure.message)
    failure.hint = translate_message(failure.hint)
    return failure
