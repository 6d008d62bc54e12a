"""The options that commands share: their classes, and how a command takes them.

A class of options is a frozen dataclass. Each field is annotated with its `typer.Option`, and is None or false
where the option was not given. Shared options may stand before or after the name of a command; the later ones win.
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar, cast, get_type_hints

import typer

from vision_ai_translations import gettext as _

from .failures import usage_failure

_HOST_AND_PORT = re.compile(
    r"(?:(?!(?:emulator|replay|unix):)[A-Za-z0-9._-]+:[1-9][0-9]{0,4}|\[[0-9A-Fa-f:.]+\](?::[0-9]+)?"
    r"|localhost|[0-9]+(?:\.[0-9]+){3})(?:/.*)?"
)
"""An address without a scheme: http is meant."""
PANEL = "Global options (before or after the command)"


class Api(StrEnum):
    """The version of the module's API."""

    auto = "auto"
    v1 = "v1"
    v2 = "v2"


class Lang(StrEnum):
    """The language of texts for people."""

    en = "en"
    ru = "ru"
    zh = "zh"


@dataclass(frozen=True)
class OutputOptions:
    """The options of every command."""

    json: Annotated[
        bool, typer.Option("--json", help="Print results as JSON lines.", rich_help_panel=PANEL)
    ] = False
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Print every call.", rich_help_panel=PANEL),
    ] = False
    lang: Annotated[
        Lang | None,
        typer.Option(
            "--lang",
            help="Language of texts: English, Russian or Chinese. Default: that of $LANG. JSON is in English.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ] = None
    """main() applies it, before the help is made."""

    @classmethod
    def from_arguments(cls, arguments: Sequence[str]) -> Self:
        """Find what can be known of them in a command line that cannot be parsed."""
        return cls(json="--json" in arguments)


@dataclass(frozen=True)
class GlobalOptions(OutputOptions):
    """The options of every command for one module."""

    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            metavar="URL",
            help="Address of the module: http://host, host:port, emulator: … Default: $VISION_AI_URL, "
            "else http://172.22.0.6.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ] = None
    timeout: Annotated[
        float | None,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help="Time limit of one call, retries included. Default: 15.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ] = None
    record: Annotated[
        Path | None,
        typer.Option(
            "--record",
            metavar="FILE",
            help="Record all requests and responses in a HAR file.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ] = None
    api: Annotated[
        Api | None,
        typer.Option(
            "--api",
            help="Version of the module's API. Default: auto, which finds out.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ] = None


OptionsT = TypeVar("OptionsT", bound=OutputOptions)


def take_options(context: typer.Context, arguments: dict[str, Any], options_type: type[OptionsT]) -> OptionsT:
    """Remove the shared options from a command's arguments and merge them with those given before the command."""
    names = [each.name for each in fields(options_type)]
    given = {name: arguments.pop(name) for name in names}
    earlier = cast(OutputOptions, context.obj or OutputOptions())
    merged = options_type(**{**_find_given(earlier, options_type, context), **_drop_missing(given)})
    context.obj = merged
    return cast(OptionsT, _complete_url(merged)) if isinstance(merged, GlobalOptions) else merged


def _find_given(
    earlier: OutputOptions, options_type: type[OutputOptions], context: typer.Context
) -> dict[str, Any]:
    """Return the options that were given before the command.

    Raises:
        Failure: the command does not take one of them.
    """
    given = _drop_missing({each.name: getattr(earlier, each.name) for each in fields(earlier)})
    for name in given.keys() - {each.name for each in fields(options_type)}:
        raise usage_failure(
            _("{command} takes no {option}", command=context.command_path, option="--" + name),
            _("Leave out {option}.", option="--" + name),
        )
    return given


def _drop_missing(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value is not False}


def _complete_url(options: GlobalOptions) -> GlobalOptions:
    url = options.url or os.environ.get("VISION_AI_URL", "")
    return replace(options, url=f"http://{url}") if _HOST_AND_PORT.fullmatch(url) else options


def set_signature(
    wrapper: Callable[..., None],
    function: Callable[..., None],
    options_type: type[OutputOptions],
    *,
    skip: int,
) -> Callable[..., None]:
    """Give the wrapper the function's parameters and the shared options: Typer reads the signature."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())[skip:]
    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    hints = get_type_hints(options_type, include_extras=True)
    inherited = [each.name for each in fields(OutputOptions)]
    shared = [
        inspect.Parameter(
            each.name, inspect.Parameter.KEYWORD_ONLY, annotation=hints[each.name], default=each.default
        )
        for each in sorted(fields(options_type), key=lambda each: each.name in inherited)
    ]
    own = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
    parameters = [context, *own, *shared]
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # inspect reads it
    wrapper.__annotations__ = {each.name: each.annotation for each in parameters}
    return wrapper
