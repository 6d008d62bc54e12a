"""Nothing of these tests may leave this computer, or leave a socket open."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(params=["sync", "async"])
def flavor(request: pytest.FixtureRequest) -> str:
    """Which of the two transports."""
    return request.param


@pytest.fixture(autouse=True)
def only_this_computer(nothing_leaves_this_computer: None) -> None:
    """Applies to every test of this folder."""


def open_sockets() -> set[str]:
    """Return the sockets of this process."""
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
def no_socket_stays_open(only_this_computer: None) -> Iterator[None]:
    before = open_sockets()
    yield
    left = open_sockets() - before
    if left:
        gc.collect()  # the failure should name the sockets, not the warnings of the next test
    assert not left
