"""`vision-ai wait`."""

from __future__ import annotations

from typing import Annotated

import typer

from ..options import Run, command
from ..progress import show_progress
from .backup import POLL, Poll
from .reboot import READY_WITHIN, describe_ready_module

SetClock = Annotated[
    bool,
    typer.Option("--set-clock/--no-set-clock", help="Set the clock of a module that speaks V2."),
]


@command
def wait(run: Run, poll: Poll = POLL, set_clock: SetClock = True) -> None:
    """Wait until the module is ready, for example after the scale was switched on.

    It then sets the clock of a module that speaks V2, which forgets the time when it restarts.

    --timeout is the time limit of the whole wait; its default here is 90 seconds.

    Exit status: 0 if the module is ready, 3 if it was not ready in time.
    """
    timeout = READY_WITHIN if run.options.timeout is None else run.options.timeout
    with run.client(set_clock=set_clock) as module, show_progress(run.output) as progress:
        info = module.wait_until_ready(timeout=timeout, poll=poll, progress=progress)
    run.emit({"ready": True, "info": info.to_dict()}, describe_ready_module(info))
