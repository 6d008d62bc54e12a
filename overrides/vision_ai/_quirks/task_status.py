"""When a backup or a restore is over (A12): the text's rule decides, not the numbers that it happens to list, so
that an unknown number still ends or continues the wait correctly."""

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
