"""`POST /api/get_backup_status`"""

from __future__ import annotations

from typing import Any

from ... import models
from ...operation import Operation
from ...types import (
    read_object,
)


def _decode(data: Any) -> models.BackupStatus:
    return models.BackupStatus.from_dict(data if type(data) is dict else read_object(data, "BackupStatus"))


OPERATION: Operation[models.BackupStatus] = Operation(
    name="get_backup_status",
    method="POST",
    path="/api/get_backup_status",
    effect="read",
    response="bare",
    returns="one",
    error_codes=(-6203, -6204, -6210),
    title_in_v2="Get the status of an export",
    decode=_decode,
)
