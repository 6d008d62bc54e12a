"""The messages of a command line that Typer cannot parse, translated: Typer itself has them in English only."""

from __future__ import annotations

import re
from functools import cache

from vision_ai_translations import N_
from vision_ai_translations import gettext as _

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
"""The first that a message matches is the one. A problem is itself such a message."""


def translate_usage_error(message: str) -> str:
    """Translate a message of Typer. One that is not known stays as it is."""
    for template in TEMPLATES:
        match = _compile(template).fullmatch(message)
        if match:
            values = match.groupdict()
            if "problem" in values:
                values["problem"] = translate_usage_error(values["problem"])
            return _(template, **values)
    return message


@cache
def _compile(template: str) -> re.Pattern[str]:
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(template))
    return re.compile(pattern, re.DOTALL)
