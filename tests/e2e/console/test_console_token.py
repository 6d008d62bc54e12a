"""The token and the security policy in a browser."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import httpx
from console_page import CONNECTED, ConsolePage, open_console
from playwright.sync_api import BrowserContext, expect
from shared_console import serve_console


def test_token_disappears_from_the_address_bar(context: BrowserContext, tmp_path: Path) -> None:
    with open_console(context, tmp_path, require_token=True) as console:
        page = console.open()
        expect(page).to_have_url(f"http://{urlsplit(console.server.url).netloc}/#recognize")
        assert page.evaluate("document.cookie") == ""
        page.reload()
        expect(page.locator("#state")).to_have_text(CONNECTED)
        expect(page.locator("#picture")).to_be_visible()


def test_console_with_a_new_token_is_explained(
    console: ConsolePage, context: BrowserContext, tmp_path: Path
) -> None:
    module_url = console.emulator_server.url
    page = context.new_page()
    with serve_console(module_url, tmp_path, require_token=True) as first:
        page.goto(f"{first.url}#device")
        expect(page.locator("#state")).to_contain_text("Connected")
        port = urlsplit(first.url).port or 0
    expect(page.locator("#banner")).to_contain_text("If the console requires a token, open the address")
    with serve_console(module_url, tmp_path, port, require_token=True) as second:
        expect(page.get_by_role("button", name="Restart the module…")).to_be_disabled()
        # As pressed in the moment before the page noticed.
        page.evaluate("async () => { await (await import('./page/actions.js')).runAction('restart'); }")
        expect(page.locator("#notices")).to_contain_text("Open the address that the console printed again.")
        page.goto(second.url)
        expect(page.locator("#state")).to_contain_text("Connected")
        page.close()


def test_security_policy_is_in_force(console: ConsolePage) -> None:
    page = console.open()
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'ran = 1'}))")
    assert page.evaluate("typeof ran") == "undefined"
    console.expect_complaint("Content Security Policy")
    headers = httpx.get(console.server.url, trust_env=False).headers
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
