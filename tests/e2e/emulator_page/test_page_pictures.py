"""Screenshots for the documentation: the emulator's page, and a till that uses the emulator."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from page_support import PageDriver
from playwright.sync_api import BrowserContext, Page, expect

WRITE = "VISION_AI_PICTURES"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """The folder for screenshots: that of the documentation only if a variable says so."""
    return ROOT / "docs" / "pictures" if os.environ.get(WRITE) else tmp_path


def take_screenshot(page: Page, folder: Path, name: str) -> None:
    file = folder / f"{name}.png"
    page.screenshot(path=file)
    assert file.read_bytes().startswith(b"\x89PNG")


@contextmanager
def run_web_till(url: str) -> Iterator[str]:
    """Run examples/web_till.py on a free port, and yield its address."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    command = [sys.executable, str(ROOT / "examples" / "web_till.py"), url, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            process.stdout.readline()
            with httpx.Client(transport=httpx.HTTPTransport(retries=10)) as client:
                client.get(f"http://127.0.0.1:{port}/products")  # it listens a moment after it says so
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def test_screenshot_of_the_page(driver: PageDriver, pictures: Path) -> None:
    driver.teach(pear="002", banana="003", apple="001")
    page = driver.open()
    page.set_viewport_size({"width": 1280, "height": 860})
    driver.post("get_result")
    expect(page.locator("#guess-list .guess-name").first).to_have_text("Apple")
    take_screenshot(page, pictures, "emulator-page")


def test_screenshot_of_a_till(driver: PageDriver, context: BrowserContext, pictures: Path) -> None:
    driver.teach(pear="002", banana="003", apple="001")
    with run_web_till(driver.server.url) as address:
        page = context.new_page()
        page.set_viewport_size({"width": 640, "height": 310})
        page.goto(address)
        expect(page.locator("#guesses button").first).to_contain_text("Apple")
        take_screenshot(page, pictures, "till")
