"""`GET /download/{filename}`"""

from __future__ import annotations

from typing import Any

from ...operation import Field, Operation


def _decode(data: Any) -> bytes:
    return data


OPERATION: Operation[bytes] = Operation(
    name="download_backup",
    method="GET",
    path="/download/{filename}",
    effect="read",
    response="binary",
    returns="one",
    media_type="application/octet-stream",
    error_codes=(-6202, -6210, -6213),
    title_in_v2="Export the templates",
    decode=_decode,
    fields=(Field(name="filename", python_name="filename", kind="string", location="path", min_length=1),),
)
