"""The texts of the help: found for the catalog of translations, and translated before the help is printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vision_ai_translations import N_, Language, get_language, translate

ATTRIBUTES = (
    "help",
    "short_help",
    "epilog",
    "rich_help_panel",
    "show_default",  # a description of the default
    "options_metavar",  # [OPTIONS], in the usage line
    "subcommand_metavar",  # COMMAND [ARGS]...
)
USAGE = N_("Usage: ")
HELP_OPTION = N_("Show this message and exit.")
"""What Typer's own code does not look up in the catalog."""


def find_help_texts(command: Any) -> Iterator[str]:
    """Find the texts of a command, of its parameters and of its subcommands, paragraph by paragraph."""
    for each in _find_commands(command):
        for _, _, text in _find_attributes(each):
            yield from filter(None, text.split("\n\n"))


def translate_help(command: Any) -> Any:
    """Translate the texts of a command, of its parameters and of its subcommands; return the command."""
    language = get_language()
    if language != "en":
        for each in _find_commands(command):
            for holder, name, text in list(_find_attributes(each)):
                setattr(holder, name, _translate_paragraphs(text, language))
            _translate_usage(each, language)
            _translate_help_option(each, language)
    return command


def _translate_paragraphs(text: str, language: Language) -> str:
    return "\n\n".join(translate(paragraph, language) for paragraph in text.split("\n\n"))


def _translate_usage(command: Any, language: Language) -> None:
    def format_usage(context: Any, formatter: Any) -> None:
        arguments = " ".join(command.collect_usage_pieces(context))
        formatter.write_usage(context.command_path, arguments, prefix=translate(USAGE, language))

    command.format_usage = format_usage


def _translate_help_option(command: Any, language: Language) -> None:
    """Translate the option --help, which is made when it is needed."""
    make_option = command.get_help_option

    def get_help_option(context: Any) -> Any:
        option = make_option(context)
        if option is not None:
            option.help = translate(HELP_OPTION, language)
        return option

    command.get_help_option = get_help_option


def _find_commands(command: Any) -> Iterator[Any]:
    """Find a command and its subcommands."""
    yield command
    for subcommand in getattr(command, "commands", {}).values():
        yield from _find_commands(subcommand)


def _find_attributes(command: Any) -> Iterator[tuple[Any, str, str]]:
    """Find the texts of a command and of its parameters, each with the object and the attribute that has it."""
    for holder in (command, *command.params):
        for name in ATTRIBUTES:
            text = getattr(holder, name, None)
            if isinstance(text, str) and text:
                yield holder, name, text
