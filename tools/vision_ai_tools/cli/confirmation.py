"""Before what cannot be undone: the serial number of the module it is meant for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .failures import Failure, usage_failure
from .options import Run

if TYPE_CHECKING:
    from vision_ai import VisionAI

Yes = Annotated[
    str | None,
    typer.Option(
        "--yes",
        metavar="SERIAL",
        help="Do not ask; the module must have this serial number (vision-ai info shows it).",
        show_default=False,
    ),
]


def can_ask(run: Run, yes: str | None, *, options: str = "") -> None:
    """Raises a usage failure where nobody can be asked and nothing was said.

    `options` are those that make the command what cannot be undone.
    """
    if yes is None and not run.interactive:
        command = f"{run.command} {options}".strip()
        raise usage_failure(
            f"{command} cannot be undone, and nobody is at a terminal to be asked",
            f"Say for which module it is meant: vision-ai {command} … --yes SERIAL",
        )


def make_sure(run: Run, module: VisionAI, yes: str | None, consequence: str) -> None:
    """Lets only the serial number of this very module through."""
    serial = module.get_device_info().sn
    if not serial:
        raise Failure(
            "the module tells no serial number, so it cannot be told from another", "Nothing was done."
        )
    if yes is None:
        run.note(f"This is the module {serial}. {consequence}")
        yes = run.output.ask("Type its serial number to go on:").strip()
    if yes != serial:
        raise usage_failure(f"this is the module {serial}, not {yes!r}", "Nothing was done.")
