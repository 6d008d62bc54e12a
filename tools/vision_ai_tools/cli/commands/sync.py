"""`vision-ai sync`."""

from __future__ import annotations

from typing import Annotated

import typer

from vision_ai_translations import N_
from vision_ai_translations import gettext as _

from ..options import Run, command, make_group

SENTENCES = {
    (True, True): N_(
        "the module is the master: it shares what it has learned, and takes what others have learned"
    ),
    (True, False): N_(
        "the module is the master: it shares what it has learned, and does not take what others have learned"
    ),
    (False, True): N_(
        "the module is the master: it does not share what it has learned, and takes what others have learned"
    ),
    (False, False): N_(
        "the module is the master: it does not share what it has learned, and does not take what others have"
        " learned"
    ),
}
"""The result by whether the master uploads and downloads."""

app = make_group("Set up the synchronization between scales. Only modules that speak V2 have it.")


@app.command("master")
@command
def master(
    run: Run,
    upload: Annotated[
        bool, typer.Option("--upload/--no-upload", help="Share what the module has learned.")
    ] = True,
    download: Annotated[
        bool, typer.Option("--download/--no-download", help="Take what other modules have learned.")
    ] = True,
) -> None:
    """Make the module the master of the synchronization.

    The other modules have to reach it through this computer, at the port that `vision-ai info` shows.
    """
    with run.client() as module:
        module.set_sync_master(upload=upload, download=download)
    run.emit(
        {"upload": upload, "download": download},
        _(SENTENCES[upload, download]),
    )
