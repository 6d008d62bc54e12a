"""Checks that no test of the direct transport leaves a socket open."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest


def open_sockets() -> set[str]:
    """Return the open sockets of this process."""
    found: set[str] = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = str(entry.readlink())
        except OSError:
            continue
        if target.startswith("socket:"):
            found.add(target)
    return found


@pytest.fixture(autouse=True)
def no_socket_is_left(only_this_computer: None) -> Iterator[None]:
    before = open_sockets()
    yield
    left = open_sockets() - before
    if left:
        gc.collect()  # the failure should name the sockets, not the warnings of the next test
    assert not left
