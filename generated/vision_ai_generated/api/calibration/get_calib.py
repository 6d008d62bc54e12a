"""`POST /api/get_calib`"""

from __future__ import annotations

from typing import Any

from ... import models
from ...operation import Operation
from ...types import (
    read_object,
)


def _decode(data: Any) -> models.CalibrationArea:
    return models.CalibrationArea.from_dict(
        data if type(data) is dict else read_object(data, "CalibrationArea")
    )


OPERATION: Operation[models.CalibrationArea] = Operation(
    name="get_calib",
    method="POST",
    path="/api/get_calib",
    effect="read",
    response="envelope",
    returns="one",
    error_codes=(-6210,),
    null_result=(("left", 0), ("top", 0), ("width", 0), ("height", 0)),
    title_in_v2="Get the calibration area",
    decode=_decode,
)
