"""What tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one file of tests: Playwright's event loop must be gone before other tests use theirs."""
    from shared_browser import chromium  # imports Playwright, which most tests go without

    with chromium("127.0.0.1") as browser:
        yield browser
