"""`vision-ai reset`."""

from __future__ import annotations

from ..confirmation import Yes, can_ask, make_sure
from ..failures import only_with
from ..options import Run, command
from .reboot import ReadyPoll, ReadyWithin, Wait, ended


@command
def reset(
    run: Run, yes: Yes = None, wait: Wait = False, within: ReadyWithin = None, poll: ReadyPoll = None
) -> None:
    """Return the module to its factory settings.

    The store's association and everything it has learned are gone then. A backup brings back what it has
    learned, but only once the vendor's tool has activated the module for the same store (else -6141).

    It asks for the module's serial number first.
    """
    only_with("--wait", wait, {"--within": within, "--poll": poll})
    can_ask(run, yes)
    with run.client() as module:
        make_sure(run, module, yes, "Its store and everything it has learned will be gone.")
        module.reset_device()
        ended(run, module, "the module returns to its factory settings", wait=wait, within=within, poll=poll)
