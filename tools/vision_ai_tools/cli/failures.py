"""What ends a command without a result: a message, a hint, and an exit status."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any, cast

import typer

from vision_ai_translations import gettext as _

from .printable import Printable, join_parts

FAILED = 1
"""The module returned an error, its response was lost or late, or a file of this computer is not usable."""
USAGE = 2
"""The command line is not valid. Nothing was sent."""
UNREACHABLE = 3
"""The module cannot be reached."""
INTERRUPTED = 130
"""Ctrl-C."""


class Failure(Exception):
    """Ends a command. `message` says what happened, `hint` what to do (may be empty)."""

    def __init__(
        self,
        message: Printable,
        hint: str = "",
        *,
        status: int = FAILED,
        kind: str = "failed",
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.status = status
        self.kind = kind
        """The kind of failure, for programs."""
        self.details = details
        """More fields for the JSON form."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        message = join_parts(self.message)
        return {"kind": self.kind, "message": message, "hint": self.hint, "exit": self.status, **self.details}


def usage_failure(message: Printable, hint: str = "") -> Failure:
    """Make the failure for a command line that is not valid."""
    return Failure(message, hint, status=USAGE, kind="usage")


def require_switch(switch: str, is_on: bool, options: Mapping[str, object]) -> None:
    """Raise a usage failure for options that have no effect without a switch that was not given."""
    for name, value in options.items():
        if value is not None and not is_on:
            raise usage_failure(
                _("{option} works only with {switch}", option=name, switch=switch),
                _("Add {switch}, or leave out {option}.", option=name, switch=switch),
            )


COMMANDS_FOR_A_MODULE = re.compile(
    r"\bvision-ai (?:backup|conformance|doctor|info|reboot|recognize|items (?:list|pending))\b(?! --help)"
)
"""Commands in hints that need the URL of the same module."""


def add_url_to_hint(failure: Failure, url: str | None) -> Failure:
    """Make the commands in the hint address the module at the URL that was given."""
    if url is not None:
        argument = "URL" if "@" in url else shlex.quote(url)  # keeps a password out of the hint
        failure.hint = COMMANDS_FOR_A_MODULE.sub(lambda match: f"{match[0]} --url {argument}", failure.hint)
    return failure


UsageError = cast(type[typer.BadParameter], typer.BadParameter.__bases__[0])
"""What Typer raises for a command line that it cannot parse. Its module depends on Typer's version."""


def convert_usage_error(error: typer.BadParameter) -> Failure:
    """Make a failure of a `UsageError`."""
    from .usage_errors import translate_usage_error  # its table is not needed before an error

    message = translate_usage_error(error.format_message())
    return usage_failure(message, _("See {command}", command=get_command_path(error) + " --help"))


def get_command_path(error: typer.BadParameter) -> str:
    """Return the command that the error is about, for example "vision-ai items list"."""
    return "vision-ai" if error.ctx is None else error.ctx.command_path


def missing_extra_failure(command: str, extra: str, package: str | None) -> Failure:
    """Make the failure for a command whose extra is not installed."""
    program = f"vision-ai {command}".strip()
    remedy = f"pip install 'vision-ai-module[{extra}]'"
    return usage_failure(
        _("{program} needs a package that is not installed ({package})", program=program, package=package),
        _("Install it: {command}", command=remedy),
    )
