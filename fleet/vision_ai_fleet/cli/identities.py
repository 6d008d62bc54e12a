"""`vision-ai fleet enrol`, `revoke`, `rotate` and `identities`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vision_ai_tools.cli.failures import usage_failure
from vision_ai_tools.cli.output import make_table

from .options import FleetRun, fleet_command
from .times import format_time

if TYPE_CHECKING:
    from rich.console import RenderableType

    from vision_ai_fleet.credentials import Credentials
    from vision_ai_fleet.engine.center import Center
    from vision_ai_fleet.engine.identities import Identity


def open_center(run: FleetRun) -> Center:
    """Open the center of this computer, which has the keys that identities are signed with.

    Raises:
        NotFoundError: there is none in the folder.
    """
    from vision_ai_fleet.engine.center import Center

    return Center.open(run.folder)
