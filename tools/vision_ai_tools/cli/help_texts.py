"""The texts of the help: found for the catalog of translations, and translated before the help is printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vision_ai_translations import Language, get_language, translate

ATTRIBUTES = ("help", "short_help", "epilog", "rich_help_panel")


def find_help_texts(command: Any) -> Iterator[str]:
    """Find the texts of a command, of its parameters and of its subcommands, paragraph by paragraph."""
    for _, _, text in _find_attributes(command):
        yield from filter(None, text.split("\n\n"))


def translate_help(command: Any) -> Any:
    """Translate the texts of a command, of its parameters and of its subcommands; return the command."""
    language = get_language()
    if language != "en":
        for holder, name, text in list(_find_attributes(command)):
            setattr(holder, name, _translate_paragraphs(text, language))
    return command


def _translate_paragraphs(text: str, language: Language) -> str:
    return "\n\n".join(translate(paragraph, language) for paragraph in text.split("\n\n"))


def _find_attributes(command: Any) -> Iterator[tuple[Any, str, str]]:
    """Find the texts, each with the object and the attribute that has it."""
    for holder in (command, *command.params):
        for name in ATTRIBUTES:
            text = getattr(holder, name, None)
            if isinstance(text, str) and text:
                yield holder, name, text
    for subcommand in getattr(command, "commands", {}).values():
        yield from _find_attributes(subcommand)


def load_commands() -> Iterator[tuple[str, Any]]:
    """Load the program and all of its commands, and those of the SDK's other packages, each with its name."""
    from typer.main import get_command

    from .app import COMMANDS, load_command, make_program
    from .installed import OWN_HELP, find_installed_commands

    yield "vision-ai", get_command(make_program())
    for entry in COMMANDS:
        yield f"vision-ai {entry.name}", load_command(entry)
    installed = find_installed_commands()
    for name in OWN_HELP:
        yield f"vision-ai {name}", installed[name].load()
