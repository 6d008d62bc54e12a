"""`GET /api/get_image`"""

from __future__ import annotations

from typing import Any

from ...operation import Operation


def _decode(data: Any) -> bytes:
    return data


OPERATION: Operation[bytes] = Operation(
    name="get_image",
    method="GET",
    path="/api/get_image",
    effect="read",
    response="binary",
    returns="one",
    media_type="image/jpeg",
    error_codes=(-6103, -6210),
    versions=("v2",),
    decode=_decode,
)
