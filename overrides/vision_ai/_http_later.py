"""`httpx`, loaded when something of it is asked for: for annotations, which programs may evaluate."""

from __future__ import annotations

from typing import Any


class _Httpx:
    def __getattr__(self, name: str) -> Any:
        from . import _http

        return getattr(_http, name)


httpx = _Httpx()
