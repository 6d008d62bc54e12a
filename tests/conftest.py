"""Fixtures for tests of several folders."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def nothing_leaves_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that connects to another computer, and hide a VISION_AI_URL of the environment.

    A folder that wants it for all its tests says so with an autouse fixture of its own.
    """
    monkeypatch.delenv("VISION_AI_URL", raising=False)

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if isinstance(address, tuple) and not ipaddress.ip_address(address[0]).is_loopback:
                raise AssertionError(f"a test tried to reach {address}")
            return original(self, address)

        return connect

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one file of tests: Playwright's event loop must be gone before other tests use theirs."""
    from shared_browser import chromium  # imports Playwright, which most tests go without

    with chromium("127.0.0.1") as browser:
        yield browser


@pytest.fixture(autouse=True, scope="session")
def texts_are_in_english() -> Iterator[None]:
    """Make programs that a test starts print English, whatever the language of this computer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANGUAGE", "en")
        yield
