"""Which event loop runs: asyncio's or trio's."""

from __future__ import annotations

import asyncio
import contextlib
import sys


def find_loop() -> object:
    """Return the running event loop: asyncio's, or the token of trio's; None where none runs."""
    trio = sys.modules.get("trio")
    if trio is not None:
        with contextlib.suppress(RuntimeError):
            return trio.lowlevel.current_trio_token()
    with contextlib.suppress(RuntimeError):
        return asyncio.get_running_loop()
    return None
