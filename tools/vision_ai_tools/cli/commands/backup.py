"""`vision-ai backup`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..options import Run, command
from ..progress import shown

POLL = 1.0
PATIENCE = 600.0

Poll = Annotated[
    float, typer.Option("--poll", metavar="SECONDS", help="The pause between two looks at how far it is.")
]
Within = Annotated[float, typer.Option("--within", metavar="SECONDS", help="How long all of it may take.")]


@command
def backup(
    run: Run,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder for the file.")] = Path(),
    within: Within = PATIENCE,
    poll: Poll = POLL,
) -> None:
    """Make a backup of what the module has learned, download it, and say where it is.

    The file has its name only when it is whole. A file of that name is kept: the new one gets a number.
    """
    with run.client() as module, shown(run.output) as show:
        path = module.backup(folder, poll=poll, timeout=within, progress=show)
    run.emit({"file": str(path), "bytes": path.stat().st_size}, str(path))
