"""Findings of axe in a page, for the tests of all pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def find_violations(page: Page) -> list[str]:
    """Return the findings of axe, with the elements that they are about."""
    page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{each['impact']} {each['id']}: {node['html'][:150]} {node['failureSummary']}"
        for each in result["violations"]
        for node in each["nodes"]
    ]
