"""`GET /api/get_result`"""

from __future__ import annotations

from typing import Any

from ... import models
from ...operation import Operation
from ...types import (
    read_object,
)


def _decode(data: Any) -> models.RecognitionResult:
    return models.RecognitionResult.from_dict(
        data if type(data) is dict else read_object(data, "RecognitionResult")
    )


OPERATION: Operation[models.RecognitionResult] = Operation(
    name="get_result",
    method="GET",
    path="/api/get_result",
    effect="read",
    response="envelope",
    returns="one",
    error_codes=(-6103, -6128, -6209, -6210),
    versions=("v2",),
    decode=_decode,
)
