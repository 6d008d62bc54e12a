"""`vision-ai backup`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..options import Run, command
from ..progress import show_progress

POLL = 1.0
WITHIN = 600.0
"""Seconds."""

Poll = Annotated[float, typer.Option("--poll", metavar="SECONDS", help="Time between two status queries.")]
Within = Annotated[
    float, typer.Option("--within", metavar="SECONDS", help="Time limit of the whole command.")
]


@command
def backup(
    run: Run,
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder for the file.")] = Path(),
    within: Within = WITHIN,
    poll: Poll = POLL,
) -> None:
    """Make a backup of what the module has learned, download it, and print its path.

    The file appears under its name only when it is complete. An existing file is kept: the new one gets a
    number.
    """
    with run.client() as module, show_progress(run.output) as progress:
        path = module.backup(folder, poll=poll, timeout=within, progress=progress)
    run.emit({"file": str(path), "bytes": path.stat().st_size}, path)
