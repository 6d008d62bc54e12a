"""`vision-ai reset`."""

from __future__ import annotations

from .backup import POLL, Poll
from .options import Run, command
from .reboot import READY, ReadyWithin, Wait, ended
from .sure import Yes, can_ask, make_sure


@command
def reset(
    run: Run, yes: Yes = None, wait: Wait = False, within: ReadyWithin = READY, poll: Poll = POLL
) -> None:
    """Return the module to its factory settings.

    The store's association and everything it has learned are gone then, and only a backup brings them back.
    It asks for the module's serial number first.
    """
    can_ask(run, yes)
    with run.client() as module:
        make_sure(run, module, yes, "Its store and everything it has learned will be gone.")
        module.reset_device()
        ended(run, module, "the module returns to its factory settings", wait=wait, within=within, poll=poll)
