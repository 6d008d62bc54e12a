"""`GET /api/get_device_info`"""

from __future__ import annotations

from typing import Any

from ... import models
from ...operation import Operation
from ...types import (
    read_object,
)


def _decode(data: Any) -> models.DeviceInfo:
    return models.DeviceInfo.from_dict(data if type(data) is dict else read_object(data, "DeviceInfo"))


OPERATION: Operation[models.DeviceInfo] = Operation(
    name="get_device_info",
    method="GET",
    path="/api/get_device_info",
    effect="read",
    response="envelope",
    returns="one",
    error_codes=(-6210,),
    versions=("v2",),
    decode=_decode,
)
