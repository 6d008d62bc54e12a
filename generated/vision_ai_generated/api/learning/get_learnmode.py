"""`POST /api/get_learnmode`"""

from __future__ import annotations

from typing import Any

from ... import models
from ...operation import Operation
from ...types import (
    read_object,
)


def _decode(data: Any) -> models.LearnModeState:
    return models.LearnModeState.from_dict(
        data if type(data) is dict else read_object(data, "LearnModeState")
    )


OPERATION: Operation[models.LearnModeState] = Operation(
    name="get_learnmode",
    method="POST",
    path="/api/get_learnmode",
    effect="read",
    response="envelope",
    returns="one",
    error_codes=(-6210,),
    title_in_v2="Get the learning mode",
    decode=_decode,
)
