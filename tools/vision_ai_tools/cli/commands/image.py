"""`vision-ai image`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..failures import usage_failure
from ..options import Run, command
from ..output_files import checked
from ..repetition import EverySeconds, Times, repeated

if TYPE_CHECKING:
    from vision_ai import Image, VisionAI

STANDARD_OUTPUT = "-"


@command
def image(
    run: Run,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Where to save it; - writes it to standard output.")
    ],
    watch: Annotated[bool, typer.Option("--watch", help="Again and again, until Ctrl-C.")] = False,
    every: EverySeconds = None,
    times: Times = None,
) -> None:
    """Save the camera's picture, a JPEG of 1280×720 pixels, to a file.

    The file is replaced in one step: whoever reads it meanwhile never finds half a picture.
    """
    to_standard_output = file == STANDARD_OUTPUT
    if to_standard_output and run.json:
        raise usage_failure(
            "a picture and JSON cannot both go to standard output", "Name a file, or leave --json out."
        )
    if to_standard_output and sys.stdout.isatty():
        raise usage_failure(
            "a picture is nothing for a terminal", "Name a file, or pipe it: vision-ai image - | …"
        )
    target = Path(file) if to_standard_output else checked(file)

    def once(module: VisionAI) -> None:
        picture = module.get_image()
        if to_standard_output:
            sys.stdout.buffer.write(picture)
            sys.stdout.buffer.flush()
        else:
            _saved(run, picture, target)

    with run.client() as module:
        repeated(run, lambda: once(module), watch=watch, every=every, times=times)


def _saved(run: Run, picture: Image, file: Path) -> None:
    path = picture.save(file)
    size = {"width": picture.width, "height": picture.height, "bytes": len(picture)}
    run.emit({"file": str(path), **size}, f"{path}  {picture.width}×{picture.height}, {len(picture):,} bytes")
