"""`vision-ai feedback`."""

from __future__ import annotations

from typing import Annotated

import typer

from ..options import Run, command


@command
def feedback(
    run: Run,
    sid: Annotated[
        str, typer.Argument(metavar="SID", help="The recognition's `sid`, as `recognize --json` has it.")
    ],
    id: Annotated[str, typer.Argument(metavar="ID", help="The number of the product that was chosen.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name.")],
    in_top: Annotated[
        bool, typer.Option("--in-top/--not-in-top", help="Whether it was among the guesses.")
    ] = True,
) -> None:
    """Tell the module what the clerk chose after an earlier recognition.

    `vision-ai recognize --confirm ID` does both at once.
    """
    with run.client() as module:
        module.result_feedback(sid=sid, id=id, name=name, intop=in_top)
    run.emit(
        {"sid": sid, "id": id, "name": name, "intop": in_top}, f"the module knows that it was {id} {name}"
    )
