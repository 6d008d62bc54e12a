"""`vision-ai reboot`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .backup import POLL, Poll
from .options import Run, command
from .progress import shown

if TYPE_CHECKING:
    from vision_ai import VisionAI

READY = 90.0

Wait = Annotated[bool, typer.Option("--wait", help="Wait until the module answers again.")]
ReadyWithin = Annotated[
    float, typer.Option("--within", metavar="SECONDS", help="With --wait: how long at most.")
]


@command
def reboot(run: Run, wait: Wait = False, within: ReadyWithin = READY, poll: Poll = POLL) -> None:
    """Restart the module.

    Afterwards the terminal's address, network sharing and proxy settings may be gone; `vision-ai doctor`
    finds that out.
    """
    with run.client() as module:
        module.reboot()
        ended(run, module, "the module restarts", wait=wait, within=within, poll=poll)


def ended(run: Run, module: VisionAI, told: str, *, wait: bool, within: float, poll: float) -> None:
    """Answers after the module was told to restart, with `wait` when it is back."""
    if not wait:
        run.emit({"ready": False}, told)
        return
    with shown(run.output) as show:
        info = module.wait_until_ready(timeout=within, poll=poll, progress=show)
    run.emit({"ready": True, "info": info.to_dict()}, f"the module {info.sn} is back")
