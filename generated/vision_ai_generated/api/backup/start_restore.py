"""`POST /api/start_restore`"""

from __future__ import annotations

from typing import Any

from ...operation import Field, Operation


def _decode(data: Any) -> None:
    return None


OPERATION: Operation[None] = Operation(
    name="start_restore",
    method="POST",
    path="/api/start_restore",
    effect="destructive",
    response="envelope",
    returns="nothing",
    body="multipart",
    error_codes=(-6117, -6128, -6138, -6140, -6141, -6142, -6143, -6203, -6204, -6210, -6211, -6213),
    alternative_path="/api/restore",
    title_in_v2="Import templates",
    decode=_decode,
    fields=(Field(name="file", python_name="file", kind="file"),),
)
