"""`POST /api/get_restore_status`"""

from __future__ import annotations

from typing import Any

from ... import models
from ...operation import Operation
from ...types import (
    read_object,
)


def _decode(data: Any) -> models.RestoreStatus:
    return models.RestoreStatus.from_dict(data if type(data) is dict else read_object(data, "RestoreStatus"))


OPERATION: Operation[models.RestoreStatus] = Operation(
    name="get_restore_status",
    method="POST",
    path="/api/get_restore_status",
    effect="read",
    response="bare",
    returns="one",
    error_codes=(-6138, -6140, -6141, -6142, -6143, -6203, -6204, -6210, -6211),
    title_in_v2="Get the status of an import",
    decode=_decode,
)
