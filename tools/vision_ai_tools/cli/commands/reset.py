"""`vision-ai reset`."""

from __future__ import annotations

from vision_ai_translations import gettext as _

from ..confirmation import Yes, confirm_serial_number, require_confirmation
from ..failures import require_switch
from ..options import Run, command
from .reboot import ReadyPoll, ReadyWithin, Wait, finish_restart


@command
def reset(
    run: Run, yes: Yes = None, wait: Wait = False, within: ReadyWithin = None, poll: ReadyPoll = None
) -> None:
    """Reset the module to its factory settings.

    This deletes the store it belongs to and everything it has learned. To restore a backup afterwards, first
    activate the module for the same store with the vendor's tool; otherwise the restore fails with -6141.

    The command asks for the module's serial number first.
    """
    require_switch("--wait", wait, {"--within": within, "--poll": poll})
    require_confirmation(run, yes)
    with run.client() as module:
        confirm_serial_number(
            run,
            module,
            yes,
            _("Its store and everything that it has learned will be deleted."),
            "reset_device",
        )
        module.reset_device()
        text = _("the module is resetting to its factory settings")
        finish_restart(run, module, text, wait=wait, within=within, poll=poll)
