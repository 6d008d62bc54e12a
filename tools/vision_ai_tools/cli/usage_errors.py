"""The messages of a command line that Typer cannot parse, translated: Typer itself has them in English only."""

from __future__ import annotations

from vision_ai_translations import N_

from .message_templates import MessageTemplates

TEMPLATES = (
    N_("Missing argument {name}."),
    N_("Missing argument {name}. Choose from:{values}"),
    N_("Missing option {name}."),
    N_("Missing option {name}. Choose from:{values}"),
    N_("No such option: {name} (Possible options: {names})"),
    N_("No such option: {name}"),
    N_("{problem}. Did you mean {names}?"),
    N_("Invalid value for {name}: {problem}"),
    N_("Invalid value: {problem}"),
    N_("{value} is not a valid int."),
    N_("{value} is not a valid int range."),
    N_("{value} is not a valid float."),
    N_("{value} is not a valid float range."),
    N_("{value} is not in the range {range}."),
    N_("{value} is not one of {values}."),
    N_("Option {name} requires an argument."),
    N_("Option {name} does not take a value."),
    N_("Got unexpected extra argument(s) ({values})"),
)
_MESSAGES = MessageTemplates(TEMPLATES)


def translate_usage_error(message: str) -> str:
    """Translate a message of Typer into the language of this process."""
    return _MESSAGES.translate(message)
