"""`vision-ai feedback`."""

from __future__ import annotations

from typing import Annotated

import typer

from vision_ai_translations import gettext as _

from ..catalog_files import CatalogFile, find_name, read_optional_catalog
from ..options import Run, command


@command
def feedback(
    run: Run,
    sid: Annotated[
        str, typer.Argument(metavar="SID", help="The `sid` of the recognition, from `recognize --json`.")
    ],
    id: Annotated[str, typer.Argument(metavar="ID", help="The number of the product that was chosen.")],
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="The name of that product. Default: the name in the catalog.",
            show_default=False,
        ),
    ] = None,
    in_top: Annotated[
        bool, typer.Option("--in-top/--not-in-top", help="Whether the product was among the guesses.")
    ] = True,
    catalog: CatalogFile = None,
) -> None:
    """Send the module the product that the clerk chose after a recognition.

    `vision-ai recognize --confirm ID` recognizes and sends the feedback in one command.
    """
    if name is None:
        name = find_name(id, read_optional_catalog(catalog))
    with run.client() as module:
        module.result_feedback(sid=sid, id=id, name=name, intop=in_top)
    run.emit(
        {"sid": sid, "id": id, "name": name, "intop": in_top},
        _("sent to the module: it was {id} {name}", id=id, name=name),
    )
