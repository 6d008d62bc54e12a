"""Who may use the console: no other web sites, and from the network only clients with the token."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from shared_console import serve_console
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from vision_ai_emulator import Emulator
from vision_ai_tools.console.access import is_loopback
from vision_ai_tools.console.server import ConsoleServer

KEYS = count()


def make_action(**arguments: object) -> dict[str, object]:
    """The body of a new request for an action."""
    return {"key": str(next(KEYS)), "arguments": arguments or {"id": "1", "name": "One"}}


@pytest.fixture(scope="module")
def module_emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def emulator(module_emulator: Emulator) -> Emulator:
    module_emulator.reset()
    return module_emulator


@pytest.fixture(scope="module")
def consoles(
    module_emulator: Emulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, ConsoleServer]]:
    """One console for everybody on this computer, and one that requires a token."""
    folder = tmp_path_factory.mktemp("console")
    (folder / "secret").write_text("secret")
    with (
        serve_console(module_emulator.url, folder / "backups") as open_console,
        serve_console(module_emulator.url, folder / "backups", require_token=True) as token_console,
    ):
        yield {"open": open_console, "token": token_console}


@pytest.fixture(params=["open", "token"])
def console(
    request: pytest.FixtureRequest, consoles: dict[str, ConsoleServer], emulator: Emulator
) -> ConsoleServer:
    return consoles[request.param]


@pytest.fixture
def token_console(consoles: dict[str, ConsoleServer], emulator: Emulator) -> ConsoleServer:
    return consoles["token"]


@pytest.fixture
def client(console: ConsoleServer) -> Iterator[httpx.Client]:
    """A client that has opened the console's URL."""
    with httpx.Client(base_url=get_address(console), trust_env=False) as client:
        assert client.get(console.url).status_code == 200
        yield client


def get_address(console: ConsoleServer) -> str:
    """The console's URL without the token."""
    return f"http://{urlsplit(console.url).netloc}"


def open_websocket(console: ConsoleServer, client: httpx.Client | None = None, **headers: str) -> connect:
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items()) if client else ""
    if cookies:
        headers["Cookie"] = cookies
    parts = urlsplit(console.url)
    # The library creates this header from the URL.
    host = headers.pop("Host", parts.netloc)
    connection = socket.create_connection((parts.hostname, parts.port))
    return connect(f"ws://{host}/updates", sock=connection, proxy=None, additional_headers=headers)


def get_handshake_status(console: ConsoleServer, client: httpx.Client | None = None, **headers: str) -> int:
    try:
        with open_websocket(console, client, **headers) as websocket:
            assert websocket.recv()
            return 101
    except InvalidStatus as error:
        return error.response.status_code


def test_clients_on_this_computer_are_permitted(console: ConsoleServer, client: httpx.Client) -> None:
    port = urlsplit(console.url).port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}", "localhost:9999"):
        assert client.get("/", headers={"Host": host}).status_code == 200, host
        assert client.get("/", headers={"Host": host, "Origin": f"http://{host}"}).status_code == 200, host
    assert (
        client.get("/page/texts/console.json", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    )
    assert client.post("/actions/take_picture", json=make_action()).json()["done"]["image_id"]
    assert get_handshake_status(console, client) == 101
    assert get_handshake_status(console, client, Origin=get_address(console)) == 101


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_foreign_host_names_are_refused(client: httpx.Client, host: str) -> None:
    for path in ("/", "/page/app.js", "/backups/x"):
        assert client.get(path, headers={"Host": host}).status_code in (400, 403), path
    response = client.post("/actions/take_picture", json=make_action(), headers={"Host": host})
    assert response.status_code in (400, 403)


def test_foreign_address_is_refused_without_a_token(consoles: dict[str, ConsoleServer]) -> None:
    response = httpx.get(consoles["open"].url, headers={"Host": "192.0.2.7"}, trust_env=False)
    assert response.status_code == 403


def test_foreign_host_name_gets_no_websocket(console: ConsoleServer, client: httpx.Client) -> None:
    assert get_handshake_status(console, client, Host="evil.example") == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
def test_pages_of_other_sites_are_refused(
    console: ConsoleServer, client: httpx.Client, emulator: Emulator, origin: str
) -> None:
    headers = {"Origin": origin}
    assert client.post("/actions/take_picture", json=make_action(), headers=headers).status_code == 403
    assert client.put("/backups/x", content=b"x", headers=headers).status_code == 403
    assert client.get("/", headers=headers).status_code == 403
    assert get_handshake_status(console, client, **headers) == 403
    assert "register_item" not in emulator.acted


@pytest.mark.parametrize(
    "origin", ["http://[", "http://[::1", "http://\u2100.example", "//", "x", "", "http:"]
)
def test_an_origin_that_is_no_origin_is_a_bad_request(
    console: ConsoleServer, client: httpx.Client, origin: str
) -> None:
    headers = {b"Origin": origin.encode()}
    assert client.get("/", headers=headers).status_code in (400, 403)
    assert client.post("/actions/confirm", json=make_action(), headers=headers).status_code in (400, 403)
    if origin.isascii():
        assert get_handshake_status(console, client, Origin=origin) in (400, 403)


def test_cookies_of_other_programs_do_not_matter(token_console: ConsoleServer) -> None:
    name = f"vision-ai-console-{urlsplit(token_console.url).port}"
    token = urlsplit(token_console.url).query.removeprefix("token=")
    own = f"{name}={token}"
    for cookies in (
        own,
        f'settings={{"theme":"dark","a":[1,2]}}; {own}',
        f'{own}; settings={{"theme": "dark"}}',
        f"a=b;{own};c",
        f'x="unclosed; {own}',
        f"=; ;;{own}",
        f"{name}=old; {own}",
        f"caf\xe9=\xff; {own}",
    ):
        headers = {b"Cookie": cookies.encode("latin-1")}
        response = httpx.get(get_address(token_console), headers=headers, trust_env=False)
        assert response.status_code == 200, cookies
    for cookies in (f"x={own}", f"{name}={token}x", f"{name.upper()}={token}", f"{name}"):
        response = httpx.get(get_address(token_console), headers={"Cookie": cookies}, trust_env=False)
        assert response.status_code == 401, cookies


def test_values_that_no_module_takes_are_refused_not_a_defect(client: httpx.Client) -> None:
    for value in (b'"\\ud800"', b"1e999", b"-Infinity", b"NaN", b"[[[[1]]]]", b"true", b"null"):
        for name in (
            "save_area",
            "confirm",
            "take_picture",
            "delete_picture",
            "commit",
            "learn_mode",
            "restore",
        ):
            arguments = b", ".join(
                b'"%s": %s' % (field, value)
                for field in (b"id", b"name", b"sid", b"image_id", b"left", b"mode", b"serial", b"file")
            )
            body = b'{"key": "%d", "arguments": {%s}}' % (next(KEYS), arguments)
            response = client.post(
                f"/actions/{name}", content=body, headers={"Content-Type": "application/json"}
            )
            assert response.status_code == 200, (name, value, response.text)


def test_other_sites_may_link_but_not_embed(client: httpx.Client) -> None:
    for site in ("cross-site", "same-site"):
        embedding = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}
        assert client.get("/page/icon.svg", headers=embedding).status_code == 403
        assert client.get("/", headers=embedding).status_code == 403
        link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
        assert client.get("/", headers=link).status_code == 200
        assert client.get("/backups/x", headers=link).status_code == 403


def test_forms_of_other_sites_cannot_run_actions(client: httpx.Client, emulator: Emulator) -> None:
    body = json.dumps(make_action())
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        response = client.post("/actions/take_picture", content=body, headers={"Content-Type": kind})
        assert response.status_code == 415, kind
    assert "register_item" not in emulator.acted


def test_nothing_is_served_without_the_token(token_console: ConsoleServer, emulator: Emulator) -> None:
    with httpx.Client(base_url=get_address(token_console), trust_env=False) as stranger:
        for path in (
            "/",
            "/page/app.js",
            "/templates/1",
            "/backups/x",
            "/?token=",
            "/?token=wrong",
            "/?token=wr%C3%B6ng",
        ):
            response = stranger.get(path)
            assert response.status_code == 401, path
            assert "token" in response.text
        token = urlsplit(token_console.url).query
        assert stranger.get(f"/page/app.js?{token}").status_code == 401, "the token opens the page only"
        assert stranger.post("/actions/take_picture", json=make_action()).status_code == 401
        stranger.cookies.set(f"vision-ai-console-{urlsplit(token_console.url).port}", "wrong")
        assert stranger.get("/").status_code == 401
        assert get_handshake_status(token_console, stranger) == 401
    assert get_handshake_status(token_console) == 401
    assert emulator.acted == {}


def test_token_becomes_a_protected_cookie(token_console: ConsoleServer) -> None:
    with httpx.Client(base_url=get_address(token_console), trust_env=False) as client:
        cookie = client.get(token_console.url).headers["set-cookie"]
        assert cookie.startswith(f"vision-ai-console-{urlsplit(token_console.url).port}=")
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
        response = client.get("/")
        assert response.status_code == 200
        assert "set-cookie" not in response.headers
        assert get_handshake_status(token_console, client) == 101


def test_tokens_are_long_and_differ(tmp_path: Path) -> None:
    tokens: set[str] = set()
    for _ in range(3):
        with serve_console("emulator:", tmp_path, require_token=True) as console:
            tokens.add(urlsplit(console.url).query.removeprefix("token="))
    assert len(tokens) == 3
    assert min(map(len, tokens)) >= 22


def test_console_for_the_network_requires_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that others can reach 127.0.0.1: no test listens on an address that they really can reach."""
    monkeypatch.setattr("vision_ai_tools.console.server.is_loopback", lambda host: False)
    with serve_console("emulator:", tmp_path) as console:
        assert "/?token=" in console.url
        assert httpx.get(get_address(console), trust_env=False).status_code == 401


def test_loopback_addresses() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "localhost", "LocalHost")))
    assert not any(
        map(is_loopback, ("0.0.0.0", "::", "192.168.1.5", "172.22.0.7", "example.org", "", "localhost.x"))
    )


def test_files_outside_the_folders_are_not_served(client: httpx.Client) -> None:
    for path in (
        "/page/../app.py",
        "/page/%2e%2e/app.py",
        "/backups/..%2fsecret",
        "/backups/%2e%2e",
        "/backups/.x",
    ):
        assert client.get(path).status_code == 404, path


def test_invalid_messages_of_a_tab_are_ignored(console: ConsoleServer, client: httpx.Client) -> None:
    with open_websocket(console, client) as websocket:
        assert "link" in json.loads(websocket.recv())
        for message in (
            "",
            "garbage",
            "[1]",
            "1",
            '{"subscribe": 5}',
            '{"subscribe": [[], {}, null, 1]}',
            b"bytes",
        ):
            websocket.send(message)
        websocket.send('{"subscribe": ["picture"]}')
        while not isinstance(picture := websocket.recv(timeout=20), bytes):
            pass
        assert picture.startswith(b"\xff\xd8\xff")


def test_invalid_actions_are_refused(client: httpx.Client) -> None:
    deep = b'{"key": "1", "arguments": ' + b'{"a":' * 9000 + b"1" + b"}" * 9001
    bodies = (b"", b"{", b"[]", b"1", b"{}", b'{"key": 1, "arguments": {}}', b'{"key": "1"}', b"\xff", deep)
    for body in (
        *bodies,
        b"[" * 60_000,
        b'{"key": "1", "arguments": {"id": ' + b"[" * 500 + b"]" * 500 + b"}}",
    ):
        response = client.post("/actions/confirm", content=body, headers={"Content-Type": "application/json"})
        assert response.status_code == 400, body
    assert client.post("/actions/no_such", json=make_action()).json() == {
        "failure": {"kind": "no_such_action", "name": "no_such"}
    }
    large = make_action(id="x" * 100_000)
    assert client.post("/actions/take_picture", json=large).status_code == 413
    invalid = make_action(left="x", top=None, width=[], height={})
    assert client.post("/actions/save_area", json=invalid).json()["failure"]["kind"] == "input"
