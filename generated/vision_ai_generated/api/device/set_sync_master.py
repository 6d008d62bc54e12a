"""`POST /api/set_sync_master`"""

from __future__ import annotations

from typing import Any

from ...operation import Field, Operation


def _decode(data: Any) -> None:
    return None


OPERATION: Operation[None] = Operation(
    name="set_sync_master",
    method="POST",
    path="/api/set_sync_master",
    effect="set",
    response="envelope",
    returns="nothing",
    body="json",
    error_codes=(-6200, -6203, -6210, -6213),
    versions=("v2",),
    decode=_decode,
    fields=(
        Field(name="upload", python_name="upload", kind="boolean"),
        Field(name="download", python_name="download", kind="boolean"),
    ),
)
