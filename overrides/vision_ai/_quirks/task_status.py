"""When a backup or a restore is over (A12), and whether a restore succeeded (A17).

The text's rule decides when one is over, not the numbers that it happens to list, so that an unknown number still ends
or continues the wait correctly.
"""

from __future__ import annotations

from vision_ai_generated import models

BACKUP_OVER_FROM = 3
RESTORE_OVER_FROM = 4


def backup_is_over(status: models.BackupStatus) -> bool:
    """`status == 0 || status >= 3`."""
    return int(status.status) == 0 or int(status.status) >= BACKUP_OVER_FROM


def restore_is_over(status: models.RestoreStatus) -> bool:
    """`status == 0 || status >= 4`."""
    return int(status.status) == 0 or int(status.status) >= RESTORE_OVER_FROM


def restore_succeeded(number: int, previous: int | None) -> bool:
    """Return whether a restore that is over was completed.

    Args:
        number: The status with which it was over.
        previous: The status before it, if the module responded to each query in between. With a 0 after it, the restore
            has ended and not failed, because a failure has a number of its own: firmware may forget it when it is
            complete. A module that could not be asked in between may have restarted instead.
    """
    return number == models.RestoreState.COMPLETED or (number == 0 and previous is not None)
