"""`vision-ai restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..confirmation import Yes, can_ask, make_sure
from ..options import Run, command
from ..progress import shown
from .backup import PATIENCE, POLL, Poll, Within


@command
def restore(
    run: Run,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")],
    yes: Yes = None,
    within: Within = PATIENCE,
    poll: Poll = POLL,
) -> None:
    """Put a backup back, in place of what the module has learned since.

    It asks for the module's serial number first, since this cannot be undone.
    """
    can_ask(run, yes)
    with file.open("rb") as backup, run.client() as module:
        make_sure(run, module, yes, f"What it has learned will be replaced by what is in {file}.")
        with shown(run.output) as show:
            module.restore(backup, poll=poll, timeout=within, progress=show)
    run.emit({"file": str(file)}, f"the module has taken over {file}")
