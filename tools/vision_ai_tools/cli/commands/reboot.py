"""`vision-ai reboot`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..failures import INTERRUPTED, Failure, only_with
from ..options import Run, command, seconds_with
from ..progress import shown
from .backup import POLL

if TYPE_CHECKING:
    from vision_ai import VisionAI

READY = 90.0

Wait = Annotated[bool, typer.Option("--wait", help="Wait until the module answers again.")]
ReadyWithin = Annotated[float | None, seconds_with("--wait", "--within", "how long at most", READY)]
ReadyPoll = Annotated[float | None, seconds_with("--wait", "--poll", "the pause between two looks", POLL)]


@command
def reboot(run: Run, wait: Wait = False, within: ReadyWithin = None, poll: ReadyPoll = None) -> None:
    """Restart the module.

    Afterwards the terminal's address, network sharing and proxy settings may be gone; `vision-ai doctor`
    finds that out.
    """
    only_with("--wait", wait, {"--within": within, "--poll": poll})
    with run.client() as module:
        module.reboot()
        ended(run, module, "the module restarts", wait=wait, within=within, poll=poll)


def ended(
    run: Run, module: VisionAI, told: str, *, wait: bool, within: float | None, poll: float | None
) -> None:
    """Answers after the module was told to restart, with `wait` when it is back."""
    if not wait:
        run.emit({"ready": False}, told)
        return
    timeout, pause = READY if within is None else within, POLL if poll is None else poll
    try:
        with shown(run.output) as show:
            info = module.wait_until_ready(timeout=timeout, poll=pause, progress=show)
    except KeyboardInterrupt:
        raise Failure(
            "interrupted; the module was told to restart all the same",
            "See whether it is back: vision-ai info",
            status=INTERRUPTED,
            kind="interrupted",
        ) from None
    run.emit({"ready": True, "info": info.to_dict()}, f"the module {info.sn} is back")
