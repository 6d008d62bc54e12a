"""The manual page vision-ai(1), from the help of all commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from datetime import UTC, datetime
from typing import Any

from typer.main import get_command

from vision_ai_tools.cli.app import ABOUT, make_program

HEAD = """\
.TH VISION-AI 1 "{date}" "vision-ai {version}" "User Commands"
.SH NAME
vision-ai \\- control a produce recognition module of a retail scale
.SH SYNOPSIS
.B vision-ai
.RI [ options ]
.I command
.RI [ arguments ]
.SH DESCRIPTION
{about}
.SH OPTIONS
Before or after the command:
{options}
.SH COMMANDS
"""
TAIL = """\
.SH EXIT STATUS
.TP
.B 0
The command did what it was told.
.TP
.B 1
The module returned an error, or a file could not be read or written.
.TP
.B 2
The command line is not valid; nothing was sent.
.TP
.B 3
The module cannot be reached.
.SH ENVIRONMENT
.TP
.B VISION_AI_URL
The address of the module, where \\-\\-url does not give it.
.SH FILES
.TP
.I /etc/vision\\-ai/agent.toml
Settings of the agent that
.B vision\\-ai\\-agent.service
runs. The credentials of the scale belong beside it, in
.IR scale.creds .
.TP
.I /usr/lib/udev/rules.d/75\\-vision\\-ai.rules
Recognizes a module that is connected over USB.
.B vision\\-ai\\-link.service
sets up its network interface, where that service is enabled.
"""


def make_manual(version: str, seconds: int) -> str:
    """Return the page in roff. Its date is given in seconds since 1970-01-01 UTC."""
    group: Any = get_command(make_program())
    context = group.make_context("vision-ai", [], resilient_parsing=True)
    common = frozenset(name for each in group.get_params(context) for name in each.opts)
    commands = "".join(
        _render_command(f"vision-ai {name}", *_load(group, context, name), common)
        for name in _list(group, context)
    )
    return (
        HEAD.format(
            date=f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}",
            version=version,
            about=_render_text(ABOUT),
            options="\n".join(_render_options(group, context)),
        )
        + commands
        + TAIL
    )


def _list(group: Any, context: Any) -> list[str]:
    return [name for name in group.list_commands(context) if not group.get_command(context, name).hidden]


def _load(group: Any, parent: Any, name: str) -> tuple[Any, Any]:
    _, command, _ = group.resolve_command(parent, [name])
    return command, command.make_context(name, [], parent=parent, resilient_parsing=True)


def _render_command(path: str, command: Any, context: Any, common: Set[str]) -> str:
    """Render a command without the options that all have in common, and after it those that it groups."""
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [
        f".SS {_escape(path)} {_escape(usage)}",
        _render_text(command.help or ""),
        *_render_options(command, context, common),
    ]
    text = "\n".join(lines) + "\n"
    for name in _list(command, context) if hasattr(command, "list_commands") else []:
        text += _render_command(f"{path} {name}", *_load(command, context, name), common)
    return text


def _render_options(command: Any, context: Any, common: Set[str] = frozenset()) -> Iterator[str]:
    for each in command.get_params(context):
        record = each.get_help_record(context)
        if record and record[1] and not common & set(each.opts):
            yield f".TP\n.B {_escape(record[0])}\n{_render_text(record[1])}"


def _render_text(text: str) -> str:
    """Render paragraphs."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\b", "").strip())
    return "\n.PP\n".join(_escape(" ".join(each.split())) for each in paragraphs)


def _escape(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
