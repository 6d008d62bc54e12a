"""`vision-ai restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vision_ai_translations import gettext as _

from ..confirmation import Yes, confirm_serial_number, require_confirmation
from ..options import Run, command
from ..printable import format_parts
from ..progress import show_progress
from .backup import POLL, WITHIN, Poll, Within


@command
def restore(
    run: Run,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")],
    yes: Yes = None,
    within: Within = WITHIN,
    poll: Poll = POLL,
) -> None:
    """Replace everything the module has learned with the contents of a backup.

    This cannot be undone. The command asks for the module's serial number first.
    """
    require_confirmation(run, yes)
    with file.open("rb") as backup, run.client() as module:
        confirm_serial_number(
            run,
            module,
            yes,
            _("The backup {file} will replace everything that it has learned.", file=file),
            "start_restore",
        )
        with show_progress(run.output) as progress:
            module.restore(backup, poll=poll, timeout=within, progress=progress)
    run.emit({"file": str(file)}, format_parts(_("the module has restored {file}"), file=file))
