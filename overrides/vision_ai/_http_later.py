"""httpx, and what needs it, loaded when it is wanted."""

from __future__ import annotations

import os
import threading
from typing import Any

_loading = threading.RLock()
# A fork waits meanwhile: a child without the thread that imports would wait for that import for ever.
os.register_at_fork(
    before=_loading.acquire, after_in_parent=_loading.release, after_in_child=_loading.release
)


def load() -> None:
    """Loads all of it that a call may need. It takes a while: call it where that does not matter."""
    with _loading:
        from . import _form, _http
        from ._direct import presented

        _ = _form, _http, presented


class _Httpx:
    """For annotations, which programs may evaluate."""

    def __getattr__(self, name: str) -> Any:
        from . import _http

        return getattr(_http, name)


httpx = _Httpx()
