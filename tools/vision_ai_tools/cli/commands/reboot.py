"""`vision-ai reboot`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vision_ai_translations import gettext as _

from ..failures import INTERRUPTED, Failure, require_switch
from ..options import Run, command, make_seconds_option
from ..progress import show_progress
from .backup import POLL

if TYPE_CHECKING:
    from vision_ai import DeviceInfo, VisionAI

READY_WITHIN = 90.0
"""Seconds."""

Wait = Annotated[bool, typer.Option("--wait", help="Wait until the module responds again.")]
ReadyWithin = Annotated[
    float | None, make_seconds_option("--wait", "--within", "time limit of the wait", READY_WITHIN)
]
ReadyPoll = Annotated[
    float | None, make_seconds_option("--wait", "--poll", "time between two attempts", POLL)
]


@command
def reboot(run: Run, wait: Wait = False, within: ReadyWithin = None, poll: ReadyPoll = None) -> None:
    """Restart the module.

    A restart can remove this computer's network address on the link and its network sharing; `vision-ai
    doctor` checks them.
    """
    require_switch("--wait", wait, {"--within": within, "--poll": poll})
    with run.client() as module:
        module.reboot()
        finish_restart(run, module, _("the module is restarting"), wait=wait, within=within, poll=poll)


def finish_restart(
    run: Run, module: VisionAI, text: str, *, wait: bool, within: float | None, poll: float | None
) -> None:
    """Print the result of a command that restarts the module; with `wait` after the module is back."""
    if not wait:
        run.emit({"ready": False}, text)
        return
    timeout, pause = READY_WITHIN if within is None else within, POLL if poll is None else poll
    try:
        with show_progress(run.output) as progress:
            info = module.wait_until_ready(timeout=timeout, poll=pause, progress=progress)
    except KeyboardInterrupt:
        raise Failure(
            _("interrupted; the module is restarting nevertheless"),
            _("Check whether it is back: vision-ai info"),
            status=INTERRUPTED,
            kind="interrupted",
        ) from None
    run.emit({"ready": True, "info": info.to_dict()}, describe_ready_module(info))


def describe_ready_module(info: DeviceInfo) -> str:
    """Say that a module is ready, with its serial number if it has one."""
    return _("the module {serial} is ready", serial=info.sn) if info.sn else _("the module is ready")
