"""A browser plays a recording back: Chromium, with Playwright's reader of HAR files."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page
from shared_browser import chromium

from vision_ai import VisionAI
from vision_ai_emulator import Emulator

FETCH = """async ([path, type, body]) => {
    const bytes = body === null ? undefined : Uint8Array.from(atob(body), (each) => each.charCodeAt(0));
    const headers = type === null ? {} : {"Content-Type": type};
    const method = path.startsWith("/download/") ? "GET" : "POST";
    const response = await fetch(path, {method, headers, body: bytes});
    const content = new Uint8Array(await response.arrayBuffer());
    return [response.status, response.headers.get("content-type"), Array.from(content)];
}"""

PICTURE_SIZE = """async () => {
    const response = await fetch("/api/get_image", {method: "POST"});
    const picture = await createImageBitmap(await response.blob());
    return [picture.width, picture.height];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that cannot connect to this computer: all responses come from the recording."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def har(tmp_path: Path) -> Path:
    """A recording of JSON, a picture, a backup and a form, with secrets: it has the bytes of all bodies."""
    emulator = Emulator(pan="banana", backup_seconds=0.02, restore_seconds=0.02)
    path = tmp_path / "day.har"
    with VisionAI(emulator.url, record=path, record_secrets=True) as module:
        module.get_device_info()
        module.set_calib(left=444, top=39, width=348, height=482)
        module.learn(id="7", name="Banane – reif", pictures=1)
        module.get_image()
        module.restore(module.backup(tmp_path, poll=0.01), poll=0.01)
    return path


@pytest.fixture
def page(browser: Browser, har: Path) -> Iterator[Page]:
    """A page of a module that exists only in the recording."""
    context = browser.new_context()
    context.route_from_har(har, not_found="abort")
    context.route("http://module/", lambda route: route.fulfill(body="<title>a till</title>"))
    page = context.new_page()
    page.goto("http://module/")
    yield page
    context.close()


def entries(har: Path) -> list[dict[str, Any]]:
    return json.loads(har.read_text(encoding="utf-8"))["log"]["entries"]


def content(part: dict[str, Any]) -> bytes:
    return b64decode(part["text"]) if part.get("encoding") == "base64" else part["text"].encode()


def fetch(page: Page, path: str, type: str | None = None, body: str | None = None) -> tuple[int, str, bytes]:
    """Let the page send a request: the status, the type and the content of the response."""
    status, content_type, received = page.evaluate(FETCH, [path, type, body])
    return status, content_type, bytes(received)


def test_every_response_is_served_byte_for_byte(page: Page, har: Path) -> None:
    first: dict[str, dict[str, Any]] = {}
    for entry in entries(har):
        first.setdefault(entry["request"]["url"].removeprefix("http://module"), entry)
    without_body = {path: entry for path, entry in first.items() if "postData" not in entry["request"]}
    assert {"/api/get_device_info", "/api/get_image", "/api/get_backup_status"} <= set(without_body)
    for path, entry in without_body.items():
        recorded = entry["response"]
        assert fetch(page, path) == (200, recorded["content"]["mimeType"], content(recorded["content"])), path


def test_the_picture_can_be_displayed(page: Page) -> None:
    assert page.evaluate(PICTURE_SIZE) == [1280, 720]


def test_requests_are_matched_by_their_bodies(page: Page, har: Path) -> None:
    requests = {entry["request"]["url"].rpartition("/")[2]: entry["request"] for entry in entries(har)}
    assert "encoding" not in requests["set_calib"]["postData"]
    assert requests["start_restore"]["postData"]["encoding"] == "base64"
    for name in ("set_calib", "start_restore"):
        data = requests[name]["postData"]
        path, sent = f"/api/{name}", content(data)
        status, _, received = fetch(page, path, data["mimeType"], b64encode(sent).decode())
        assert (status, json.loads(received)["code"]) == (200, 0)
        with pytest.raises(Error, match="Failed to fetch"):
            fetch(page, path, data["mimeType"], b64encode(sent.replace(b"e", b"E")).decode())
