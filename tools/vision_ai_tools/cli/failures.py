"""What goes wrong: told in two lines, what happened and what to do, and as an exit status."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any, cast

import typer

FAILED = 1
"""The module said no, its answer was lost or no answer, or a file of this computer could not be used."""
USAGE = 2
"""The command line is not possible; nothing was sent."""
UNREACHABLE = 3
"""The module cannot be reached."""
INTERRUPTED = 130
"""Ctrl-C."""


class Failure(Exception):
    """Ends a command: `what` happened, what to do (`mend`, may be empty), and the exit status."""

    def __init__(
        self, what: str, mend: str = "", *, status: int = FAILED, kind: str = "failed", **facts: Any
    ) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend
        self.status = status
        self.kind = kind
        """What sort of failure it is, for programs."""
        self.facts = facts
        """What else JSON tells of it."""


def usage_failure(what: str, mend: str = "") -> Failure:
    """For what a command line asks that is not possible."""
    return Failure(what, mend, status=USAGE, kind="usage")


def only_with(switch: str, is_on: bool, options: Mapping[str, object]) -> None:
    """Raises a usage failure for options that were given without the switch that they are for."""
    for name, value in options.items():
        if value is not None and not is_on:
            raise usage_failure(f"{name} is for {switch}", f"Add {switch}, or leave {name} out.")


ABOUT_A_MODULE = re.compile(r"\bvision-ai (?:doctor|info|reboot|recognize|items pending)\b(?! --help)")
"""Commands in hints that are for the module which was asked."""


def for_url(failure: Failure, url: str | None) -> Failure:
    """The failure, the commands in its hint for the module at the URL that was given."""
    if url is not None:
        shown = "URL" if "@" in url else shlex.quote(url)  # a password stays out of the hint
        failure.mend = ABOUT_A_MODULE.sub(lambda found: f"{found[0]} --url {shown}", failure.mend)
    return failure


UsageError = cast(type[typer.BadParameter], typer.BadParameter.__bases__[0])
"""What Typer raises for a command line that it cannot understand; where it stands depends on its version."""


def usage(error: typer.BadParameter) -> Failure:
    """A `UsageError` as a failure."""
    return usage_failure(error.format_message(), f"See {path_of(error)} --help")


def path_of(error: typer.BadParameter) -> str:
    """The command that it says it of, as "vision-ai items list"."""
    return "vision-ai" if error.ctx is None else error.ctx.command_path


def missing_module(command: str, extra: str, error: ModuleNotFoundError) -> Failure:
    """For a command whose extra is not installed."""
    return usage_failure(
        f"{f'vision-ai {command}'.strip()} needs more than is installed (there is no module {error.name!r}).",
        f"Install it: pip install 'vision-ai-module[{extra}]'",
    )


def explained(error: BaseException) -> Failure:
    """Any error as a failure."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, KeyboardInterrupt):
        return Failure("interrupted", status=INTERRUPTED, kind="interrupted")
    if isinstance(error, ModuleNotFoundError):
        return missing_module("", "cli", error)
    from . import error_hints

    return error_hints.of(error)
