"""Calls to a module through its agent: which operation a request is."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from vision_ai_generated import api
from vision_ai_generated.api import FORMS_IN_V2, OPERATIONS
from vision_ai_generated.operation import Operation


def find_call(method: str, path: str) -> Operation[Any] | None:
    """Return the operation of a request; None where the contract has none.

    Args:
        method: `GET` or `POST`.
        path: The path of the URL, such as `/api/get_device_info`.
    """
    start, _, name = path.partition("?")[0].rpartition("/")
    if start.endswith("/download") and name:
        return OPERATIONS["download_backup"] if method == "GET" else None
    return _make_table().get((method, path.partition("?")[0]))


@lru_cache(maxsize=1)
def _make_table() -> dict[tuple[str, str], Operation[Any]]:
    operations: list[Operation[Any]] = [*OPERATIONS.values()]
    operations += [getattr(api, constant) for constant in FORMS_IN_V2.values()]
    return {(each.method, each.path): each for each in operations}
