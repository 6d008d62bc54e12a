"""Commands that installed packages add to `vision-ai`: the entry points of the group `vision_ai.commands`.

An entry point names a `typer.Typer`, or a function made by `@command` or by a decorator of `make_command_decorator`:

    [project.entry-points."vision_ai.commands"]
    weigh = "my_package.commands:weigh"

The help lists them without importing them, and a package that cannot be imported is an error of its own command
alone. A name of `COMMANDS`, and one of the SDK's own distribution, cannot be taken by another package.
"""

from __future__ import annotations

import re
from contextlib import suppress
from importlib.metadata import Distribution, EntryPoint, distributions
from typing import Any, NamedTuple

from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from .failures import FAILED, Failure, missing_extra_failure
from .options import make_typer_command

GROUP = "vision_ai.commands"
OWN_DISTRIBUTION = "vision-ai-module"
NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
FLEET, OTHER_PACKAGES = N_("Fleet"), N_("Other packages")
OWN_HELP = {
    "agent": "Run the agent, which connects a scale to its fleet.",
    "fleet": "Control the scales of a chain.",
}
"""The lines of the SDK's own entry points. Each needs the extra of its name."""


class InstalledCommand(NamedTuple):
    """One command of an installed package, as the help lists it."""

    entry_point: EntryPoint
    distribution: str
    """The name of the package."""

    @property
    def name(self) -> str:
        return self.entry_point.name

    @property
    def panel(self) -> str:
        return FLEET if self._is_own else OTHER_PACKAGES

    @property
    def help(self) -> str:
        return OWN_HELP[self.name] if self._is_own else _("From {package}.", package=self.distribution)

    def load(self) -> Any:
        """Import what the entry point names, and make the command of it.

        Raises:
            Failure: it cannot be imported.
        """
        try:
            return make_typer_command(self.name, self.entry_point.load())
        except ModuleNotFoundError as error:
            if self._is_own:
                raise missing_extra_failure(self.name, self.name, error.name) from error
            raise self._make_failure(error) from error
        except Exception as error:  # whatever another package's module raises
            if self._is_own:
                raise
            raise self._make_failure(error) from error

    @property
    def _is_own(self) -> bool:
        return self.distribution == OWN_DISTRIBUTION and self.name in OWN_HELP

    def _make_failure(self, error: Exception) -> Failure:
        description = f"{type(error).__name__}: {error}"
        return Failure(
            _(
                "{command}, a command of {package}, cannot be imported: {error}",
                command="vision-ai " + self.name,
                package=self.distribution,
                error=description,
            ),
            _("Update {package}, or uninstall it.", package=self.distribution),
            status=FAILED,
            kind="package",
        )


def find_installed_commands() -> dict[str, InstalledCommand]:
    """Find the commands of installed packages by name, the SDK's own first, without importing them."""
    found: list[InstalledCommand] = []
    for each in distributions():
        with suppress(Exception):  # its metadata are damaged: it has no commands
            found += _list_commands(each)
    commands: dict[str, InstalledCommand] = {}
    for each in sorted(found, key=lambda each: (each.panel != FLEET, each.name)):
        commands.setdefault(each.name, each)
    return commands


def _list_commands(distribution: Distribution) -> list[InstalledCommand]:
    return [
        InstalledCommand(each, distribution.name)
        for each in distribution.entry_points.select(group=GROUP)
        if NAME.fullmatch(each.name)
    ]
