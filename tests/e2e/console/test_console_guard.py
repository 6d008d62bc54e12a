"""Who may use the console: not pages of other sites, and over the network only who has the token."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from console_bench import Bench, bench_in, console_for
from playwright.sync_api import BrowserContext, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from vision_ai_emulator import Emulator, serve
from vision_ai_tools.console.guard import is_loopback
from vision_ai_tools.console.server import ConsoleServer

ORDER = {"key": "1", "arguments": {"id": "1", "name": "One"}}


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture(params=[False, True], ids=["open", "token"])
def console(request: pytest.FixtureRequest, emulator: Emulator, tmp_path: Path) -> Iterator[ConsoleServer]:
    with serve(emulator) as url, console_for(url, tmp_path, ask_for_token=request.param) as console:
        yield console


@pytest.fixture
def locked(emulator: Emulator, tmp_path: Path) -> Iterator[ConsoleServer]:
    """A console that asks for a token."""
    with serve(emulator) as url, console_for(url, tmp_path, ask_for_token=True) as console:
        yield console


@pytest.fixture
def client(console: ConsoleServer) -> Iterator[httpx.Client]:
    """Somebody who has come in."""
    with httpx.Client(base_url=address(console), trust_env=False) as client:
        assert client.get(console.url).status_code == 200
        yield client


def address(console: ConsoleServer) -> str:
    return f"http://{urlsplit(console.url).netloc}"


def tab_of(console: ConsoleServer, client: httpx.Client | None = None, **headers: str) -> connect:
    """The WebSocket of a tab."""
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items()) if client else ""
    given = {"Cookie": cookies, **headers} if cookies else headers
    parts = urlsplit(console.url)
    # The library writes this header itself, from the address that it is told.
    host = given.pop("Host", parts.netloc)
    connection = socket.create_connection((parts.hostname, parts.port))
    return connect(f"ws://{host}/tab", sock=connection, proxy=None, additional_headers=given)


def handshake(console: ConsoleServer, client: httpx.Client | None = None, **headers: str) -> int:
    """The status that the WebSocket's handshake is answered with."""
    try:
        with tab_of(console, client, **headers) as tab:
            assert tab.recv()
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def test_who_comes_from_here_is_let_in(console: ConsoleServer, client: httpx.Client) -> None:
    port = urlsplit(console.url).port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}", "localhost:9999"):
        assert client.get("/", headers={"Host": host}).status_code == 200, host
        assert client.get("/", headers={"Host": host, "Origin": f"http://{host}"}).status_code == 200, host
    assert client.get("/page/texts.json", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert client.post("/orders/take_picture", json=ORDER).json()["done"]["image_id"]
    assert handshake(console, client) == 101
    assert handshake(console, client, Origin=address(console)) == 101


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_another_name_for_this_machine_is_refused(
    console: ConsoleServer, client: httpx.Client, host: str
) -> None:
    for path in ("/", "/page/app.js", "/backups/x"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code in (400, 403), path
    assert client.post("/orders/take_picture", json=ORDER, headers={"Host": host}).status_code in (400, 403)


def test_another_address_is_refused_where_only_this_machine_is_served(
    emulator: Emulator, tmp_path: Path
) -> None:
    with console_for("emulator:", tmp_path) as console:
        assert httpx.get(console.url, headers={"Host": "192.0.2.7"}, trust_env=False).status_code == 403


def test_another_name_for_this_machine_gets_no_socket(console: ConsoleServer, client: httpx.Client) -> None:
    assert handshake(console, client, Host="evil.example") == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost"},
    ],
    ids=lambda headers: headers["Origin"],
)
def test_pages_of_other_sites_are_refused(
    console: ConsoleServer, client: httpx.Client, emulator: Emulator, headers: dict[str, str]
) -> None:
    assert client.post("/orders/take_picture", json=ORDER, headers=headers).status_code == 403
    assert client.put("/backups/x", content=b"x", headers=headers).status_code == 403
    assert client.get("/", headers=headers).status_code == 403
    assert handshake(console, client, **headers) == 403
    assert "register_item" not in emulator.acted


def test_what_other_sites_embed_is_refused_but_links_work(client: httpx.Client) -> None:
    for site in ("cross-site", "same-site"):
        embedded = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}
        assert client.get("/page/icon.svg", headers=embedded).status_code == 403
        assert client.get("/", headers=embedded).status_code == 403
        link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
        assert client.get("/", headers=link).status_code == 200
        assert client.get("/backups/x", headers=link).status_code == 403


def test_a_form_of_another_site_cannot_order(client: httpx.Client, emulator: Emulator) -> None:
    body = b'{"key": "1", "arguments": {"id": "1", "name": "One"}}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = client.post("/orders/take_picture", content=body, headers={"Content-Type": kind})
        assert answer.status_code == 415, kind
    assert "register_item" not in emulator.acted


def test_without_the_token_nothing_is_had(locked: ConsoleServer, emulator: Emulator) -> None:
    with httpx.Client(base_url=address(locked), trust_env=False) as stranger:
        for path in (
            "/",
            "/page/app.js",
            "/templates/1",
            "/backups/x",
            "/?token=",
            "/?token=wrong",
            "/?token=wr%C3%B6ng",
        ):
            answer = stranger.get(path)
            assert answer.status_code == 401, path
            assert "token" in answer.text
        token = urlsplit(locked.url).query
        assert stranger.get(f"/page/app.js?{token}").status_code == 401, "the token opens the page only"
        assert stranger.post("/orders/take_picture", json=ORDER).status_code == 401
        stranger.cookies.set(f"vision-ai-console-{urlsplit(locked.url).port}", "wrong")
        assert stranger.get("/").status_code == 401
        assert handshake(locked, stranger) == 401
    assert handshake(locked) == 401
    assert emulator.acted == {}


def test_the_token_becomes_a_cookie_that_scripts_and_other_sites_do_not_get(locked: ConsoleServer) -> None:
    with httpx.Client(base_url=address(locked), trust_env=False) as client:
        answer = client.get(locked.url)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"vision-ai-console-{urlsplit(locked.url).port}=")
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
        again = client.get("/")
        assert again.status_code == 200
        assert "set-cookie" not in again.headers
        assert handshake(locked, client) == 101


def test_tokens_are_long_and_never_the_same(emulator: Emulator, tmp_path: Path) -> None:
    tokens: set[str] = set()
    for _ in range(3):
        with console_for("emulator:", tmp_path, ask_for_token=True) as console:
            tokens.add(urlsplit(console.url).query.removeprefix("token="))
    assert len(tokens) == 3
    assert min(map(len, tokens)) >= 22


def test_who_listens_for_others_asks_for_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if others could reach 127.0.0.1: no test listens where they really can."""
    monkeypatch.setattr("vision_ai_tools.console.server.is_loopback", lambda host: False)
    with console_for("emulator:", tmp_path) as console:
        assert "/?token=" in console.url
        assert httpx.get(address(console), trust_env=False).status_code == 401


def test_only_this_machine_goes_without_a_token() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "localhost", "LocalHost")))
    assert not any(
        map(is_loopback, ("0.0.0.0", "::", "192.168.1.5", "172.22.0.7", "example.org", "", "localhost.x"))
    )


def test_in_a_browser_the_token_leaves_the_address(context: BrowserContext, tmp_path: Path) -> None:
    with bench_in(context, tmp_path, ask_for_token=True) as bench:
        page = bench.page
        page.goto(bench.console.url)
        expect(page.locator("#state")).to_have_text("Connected · 12345678")
        expect(page).to_have_url(f"{address(bench.console)}/")
        assert page.evaluate("document.cookie") == ""
        page.reload()
        expect(page.locator("#state")).to_have_text("Connected · 12345678")
        expect(page.locator("#picture")).to_be_visible()


def test_a_console_with_another_token_says_where_to_go(context: BrowserContext, tmp_path: Path) -> None:
    with bench_in(context, tmp_path) as bench:
        module = bench.server.url
        page = context.new_page()
        with console_for(module, tmp_path, ask_for_token=True) as first:
            page.goto(f"{first.url}#device")
            expect(page.locator("#state")).to_contain_text("Connected")
            port = urlsplit(first.url).port or 0
        expect(page.locator("#banner")).to_contain_text("If it asks for a token, open the address that it")
        with console_for(module, tmp_path, port, ask_for_token=True) as second:
            page.get_by_role("button", name="Restart the module").click()
            expect(page.locator("#notices")).to_contain_text("Open the address again that it printed.")
            page.goto(second.url)
            expect(page.locator("#state")).to_contain_text("Connected")
            page.close()


def test_the_page_gets_by_with_a_strict_security_policy(bench: Bench) -> None:
    page = bench.open()
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'ran = 1'}))")
    assert page.evaluate("typeof ran") == "undefined", "the policy is not in force"
    bench.forgive("Content Security Policy")
    headers = httpx.get(bench.console.url, trust_env=False).headers
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_files_outside_the_folders_are_out_of_reach(client: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "backups").mkdir()
    for path in (
        "/page/../app.py",
        "/page/%2e%2e/app.py",
        "/backups/..%2fsecret",
        "/backups/%2e%2e",
        "/backups/.x",
    ):
        assert client.get(path).status_code == 404, path


def test_strange_messages_of_a_tab_are_passed_over(console: ConsoleServer, client: httpx.Client) -> None:
    with tab_of(console, client) as tab:
        assert "link" in json.loads(tab.recv())
        for message in (
            "",
            "garbage",
            "[1]",
            "1",
            '{"looksAt": 5}',
            '{"looksAt": [[], {}, null, 1]}',
            b"bytes",
        ):
            tab.send(message)
        tab.send('{"looksAt": ["picture"]}')
        while not isinstance(picture := tab.recv(timeout=20), bytes):
            pass
        assert picture.startswith(b"\xff\xd8\xff")


def test_strange_orders_are_refused(client: httpx.Client) -> None:
    for body in (b"", b"{", b"[]", b"1", b"{}", b'{"key": 1, "arguments": {}}', b'{"key": "1"}', b"\xff"):
        answer = client.post("/orders/confirm", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400, body
    nothing = {"key": "2", "arguments": {}}
    assert client.post("/orders/no_such", json=nothing).json() == {
        "failure": {"kind": "no_such_action", "name": "no_such"}
    }
    huge = {"key": "3", "arguments": {"id": "x" * 100_000}}
    assert client.post("/orders/take_picture", json=huge).status_code == 413
    wrong = {"key": "4", "arguments": {"left": "x", "top": None, "width": [], "height": {}}}
    assert client.post("/orders/save_area", json=wrong).json()["failure"]["kind"] == "input"
