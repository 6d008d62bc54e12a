"""The options of every fleet command, and the run that a command gets for them."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple, TypeVar

import typer

from vision_ai_tools.cli.failures import FAILED, UNREACHABLE, Failure, missing_extra_failure
from vision_ai_tools.cli.options import BaseRun, make_command_decorator
from vision_ai_tools.cli.shared_options import PANEL, OutputOptions
from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from .messages import translate_failure
from .texts import insert_path

if TYPE_CHECKING:
    from vision_ai_fleet.client import Fleet
    from vision_ai_fleet.credentials import Credentials
    from vision_ai_fleet.engine.center import Center

T = TypeVar("T")

FOLDER_VARIABLE = "VISION_AI_FLEET"
OPERATOR_FILE = "operator.creds"
LOGGERS = ("vision_ai", "vision_ai_fleet")
REFUSED = "refuses these credentials"
"""In the engine's error for credentials that it does not accept."""
INTERNAL_NAME = re.compile(r"do not permit \S*[$*]\S*|do not permit reading \S*")
"""A subject of the engine in an error, which says nothing to people."""


@dataclass(frozen=True)
class FleetOptions(OutputOptions):
    """Where the center is, and who asks."""

    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder",
            metavar="DIR",
            help="Folder of a center on this computer. Default: $VISION_AI_FLEET, else a folder of this user.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ] = None
    credentials: Annotated[
        Path | None,
        typer.Option(
            "--credentials",
            metavar="FILE",
            help="Who you are, for a center elsewhere. Default: operator.creds of --folder.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ] = None
    server: Annotated[
        str | None,
        typer.Option(
            "--server",
            metavar="URL",
            help="Address of the center, such as tls://center:4222. Default: the one in the credentials.",
            show_default=False,
            rich_help_panel=PANEL,
        ),
    ] = None


class FleetRun(BaseRun[FleetOptions]):
    """The run of a fleet command."""

    loggers: ClassVar[tuple[str, ...]] = LOGGERS

    @property
    def folder(self) -> Path:
        """The folder of the center on this computer."""
        return self.options.folder or find_folder()

    def read_credentials(self) -> Credentials:
        """Return who asks, and where the center is.

        Raises:
            Failure: there are no credentials.
            InvalidInputError: the file holds none.
        """
        from vision_ai_fleet.credentials import Credentials

        path = self.options.credentials or self.folder / OPERATOR_FILE
        try:
            credentials = Credentials.read(path)
        except FileNotFoundError:
            raise Failure(
                insert_path(N_("there are no credentials of a fleet in {path}"), path),
                _(
                    "Start a center on this computer: vision-ai fleet up. For one elsewhere, add --credentials FILE."
                ),
                kind="credentials",
            ) from None
        return replace(credentials, server=self.options.server) if self.options.server else credentials

    def use(self, function: Callable[[Fleet], Awaitable[T]]) -> T:
        """Connect to the center, and return what the function returns."""
        credentials = self.read_credentials()
        try:
            from vision_ai_fleet.client import Fleet
        except ModuleNotFoundError as error:
            raise missing_extra_failure(self.command, "fleet", error.name) from error

        async def connect_and_use() -> T:
            async with Fleet.connect(credentials) as fleet:
                return await function(fleet)

        return asyncio.run(connect_and_use())

    @classmethod
    def describe_error(cls, error: BaseException) -> Failure:
        return translate_failure(describe_fleet_error(error) or super().describe_error(error))


def open_center(run: FleetRun) -> Center:
    """Open the center of this computer, which has the keys that identities are signed with.

    Raises:
        NotFoundError: there is none in the folder.
    """
    try:
        from vision_ai_fleet.engine.center import Center
    except ModuleNotFoundError as error:
        raise missing_extra_failure(run.command, "fleet", error.name) from error
    return Center.open(run.folder)


class Meaning(NamedTuple):
    """What an error of the fleet means to people and programs."""

    kind: str
    hint: str
    status: int = FAILED


def describe_fleet_error(error: BaseException) -> Failure | None:
    """Make a failure of an error of the fleet; None of another one."""
    from vision_ai_fleet import errors

    if not isinstance(error, errors.FleetError):
        return None
    meanings = {
        errors.CenterUnreachableError: Meaning(
            kind="center",
            hint=_("Check that the center runs, and your network: vision-ai fleet doctor"),
            status=UNREACHABLE,
        ),
        errors.ScaleOfflineError: Meaning(
            kind="offline",
            hint=_("Check that the scale is on, and that its agent runs: vision-ai agent status"),
            status=UNREACHABLE,
        ),
        errors.NotPermittedError: Meaning(
            kind="rights", hint=_("Use credentials of a role that may do it: --credentials FILE")
        ),
        errors.NotFoundError: Meaning(
            kind="missing", hint=_("Look at what there is: vision-ai fleet list, jobs, backups or files.")
        ),
        errors.ConflictError: Meaning(kind="conflict", hint=_("Look at it again, then repeat the command.")),
    }
    other = Meaning(kind="fleet", hint="")
    meaning = next((each for kind, each in meanings.items() if isinstance(error, kind)), other)
    if REFUSED in str(error):
        return Failure(
            _("the center refuses these credentials: they are void, or another center's"),
            _("Have new ones made: vision-ai fleet enrol, for a scale vision-ai fleet rotate"),
            kind="rights",
        )
    message = INTERNAL_NAME.sub("do not permit it", str(error))
    failure = Failure(message, error.hint or meaning.hint, status=meaning.status, kind=meaning.kind)
    failure.__cause__ = error
    return failure


fleet_command = make_command_decorator(FleetRun, FleetOptions)
"""Make a fleet command of a function."""


def find_folder() -> Path:
    """Return the folder of the center: $VISION_AI_FLEET, else one among this user's data."""
    given = os.environ.get(FOLDER_VARIABLE)
    if given:
        return Path(given)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "vision-ai" / "fleet"
