"""`vision-ai image`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vision_ai_translations import gettext as _
from vision_ai_translations import ngettext

from ..failures import usage_failure
from ..options import Run, command
from ..output_files import check_picture_file
from ..repetition import EverySeconds, Times, Watch, repeat

if TYPE_CHECKING:
    from vision_ai import Image, VisionAI

STANDARD_OUTPUT = "-"


@command
def image(
    run: Run,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file to write, or - for standard output.")],
    watch: Watch = False,
    every: EverySeconds = None,
    times: Times = None,
) -> None:
    """Save the camera's picture, a JPEG of 1280×720 pixels, to a file.

    The file is replaced atomically: another program that reads it never sees half a picture.
    """
    to_standard_output = file == STANDARD_OUTPUT
    if to_standard_output and run.json:
        raise usage_failure(
            _("a picture and JSON cannot both go to standard output"),
            _("Name a file, or leave out --json."),
        )
    if to_standard_output and sys.stdout.isatty():
        raise usage_failure(
            _("a terminal cannot display a picture"),
            _("Name a file, or use a pipe: {command}", command="vision-ai image - | …"),
        )
    target = Path(file) if to_standard_output else check_picture_file(file)

    def take_picture(module: VisionAI) -> None:
        picture = module.get_image()
        if to_standard_output:
            sys.stdout.buffer.write(picture)
            sys.stdout.buffer.flush()
        else:
            _save(run, picture, target)

    with run.client() as module:
        repeat(run, lambda: take_picture(module), watch=watch, every=every, times=times)


def _save(run: Run, picture: Image, file: Path) -> None:
    path = picture.save(file)
    size = {"width": picture.width, "height": picture.height, "bytes": len(picture)}
    bytes_ = ngettext("{number} byte", "{number} bytes", len(picture))
    run.emit({"file": str(path), **size}, (path, f"  {picture.width}×{picture.height}, {bytes_}"))
