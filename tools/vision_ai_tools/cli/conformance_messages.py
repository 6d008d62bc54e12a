"""What a conformance run says in English, translated for the terminal. Its report stays in English."""

from __future__ import annotations

from vision_ai_translations import N_

from .english_messages import translate_message
from .message_templates import MessageTemplates

PROGRESS = (
    N_("reading the device information"),
    N_("sending a command that no firmware has"),
    N_("reading, round {number} of {rounds}"),
    N_("recognizing the empty pan"),
    N_("writing the calibration area and learning mode back unchanged"),
    N_("registering a picture, field names: {names}"),
    N_("deleting the picture, field names: {names}"),
    N_("cleaning up"),
    N_("making a backup"),
    N_("downloading the backup"),
    N_("waiting, status {status}"),
    N_("restoring the backup, in chunks"),
    N_("restoring the backup, {form}"),
    N_("restarting the module"),
    N_("resetting the module to its factory settings"),
    N_("reading what is not known of V2, in the forms of V1"),
    N_("writing the speed of the recognition back unchanged, and the time"),
    N_("adding a template"),
    N_("deleting the templates"),
)
_MESSAGES = MessageTemplates(PROGRESS)


def translate_report_text(text: str) -> str:
    """Translate a text of a run into the language of this process."""
    translated = _MESSAGES.translate(text)
    return translate_message(text) if translated == text else translated
