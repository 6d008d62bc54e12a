"""These tests read the site that `make docs` builds."""

from __future__ import annotations

import os

import pytest
from site_pages import SITE


@pytest.fixture(autouse=True, scope="session")
def built_site() -> None:
    if not (SITE / "index.html").is_file():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("the site is not built: make docs")
