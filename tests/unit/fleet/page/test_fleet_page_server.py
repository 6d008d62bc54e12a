"""The page on a socket: its address, TLS, open routes, updates, and an end in time."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import trustme
from shared_fleet_page import GeneratedFleet, serve_fleet_page
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from vision_ai import InvalidInputError
from vision_ai_fleet.page.access import Tokens
from vision_ai_fleet.page.app import FleetPage
from vision_ai_fleet.page.server import PageSettings, serve_page


@pytest.fixture(scope="module")
def fleet() -> GeneratedFleet:
    return GeneratedFleet(2, 3)


def test_tabs_get_the_state_at_once_and_changes_later(fleet: GeneratedFleet) -> None:
    with serve_fleet_page(fleet) as (address, call):
        url = address.base.replace("http", "ws") + "updates"
        with connect(url, proxy=None) as tab:
            state = json.loads(tab.recv(20))
            while "scales" not in state:
                state |= json.loads(tab.recv(20))
            assert state["scales"]["total"] == 6
            call(lambda: fleet.remove(next(iter(fleet.scales))))
            while "scales" not in (change := json.loads(tab.recv(20))):
                pass
            assert change["scales"]["total"] == 5
            assert "failing" not in change or change["failing"] != state["failing"]


def test_page_ends_while_a_tab_is_open(fleet: GeneratedFleet) -> None:
    with ExitStack() as stack, serve_fleet_page(fleet) as (address, _):
        url = address.base.replace("http", "ws") + "updates"
        stack.enter_context(connect(url, proxy=None)).recv(20)
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", int(address.base.rsplit(":", 1)[1].strip("/"))), 5)


def test_updates_need_the_token(fleet: GeneratedFleet) -> None:
    settings = PageSettings(tokens=Tokens("see", "act"))
    with serve_fleet_page(fleet, settings) as (address, _):
        url = address.base.replace("http", "ws") + "updates"
        with pytest.raises(InvalidStatus) as error, connect(url, proxy=None):
            pass
        assert error.value.response.status_code == 401
        with connect(url, proxy=None, additional_headers={"Authorization": "Bearer see"}) as tab:
            assert tab.recv(20)
        assert address.operator_url.endswith("/?token=act")
        assert address.viewer_url.endswith("/?token=see")
        assert "act" not in repr(address)


def test_open_routes_need_no_token_and_the_rest_does(fleet: GeneratedFleet) -> None:
    async def redeem(request: Request) -> PlainTextResponse:
        return PlainTextResponse((await request.body()).decode())

    routes = [Route("/enrol", redeem, methods=["POST"])]
    settings = PageSettings(tokens=Tokens("see", "act"), routes=routes)
    with (
        serve_fleet_page(fleet, settings) as (address, _),
        httpx.Client(base_url=address.base, trust_env=False) as client,
    ):
        assert client.post("enrol", content="code").text == "code"
        assert client.get("data/scales").status_code == 401
        assert client.get("enrol/more").status_code == 401


def test_page_of_the_network_has_tls_and_tokens(fleet: GeneratedFleet, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.issue_cert("127.0.0.1", "localhost").private_key_and_cert_chain_pem.write_to_path(
        str(tmp_path / "both.pem")
    )
    context = ssl.create_default_context()
    authority.configure_trust(context)
    settings = PageSettings(
        certificate=tmp_path / "both.pem",
        key=tmp_path / "both.pem",
        tokens=Tokens("see", "act"),
        names=["LOCALHOST"],
    )
    with serve_fleet_page(fleet, settings) as (address, _):
        assert address.base.startswith("https://LOCALHOST:")
        with httpx.Client(verify=context, trust_env=False) as client:
            response = client.get(address.viewer_url)
            assert response.status_code == 200
            assert "; Secure" in response.headers["set-cookie"]


def test_addresses_of_the_network_get_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[PageSettings] = []

    def listen(host: str, *_: int) -> socket.socket:
        made.append(PageSettings(host))
        return socket.create_server(("127.0.0.1", 0))

    monkeypatch.setattr("vision_ai_fleet.page.server.open_listener", listen)

    async def run(host: str) -> Tokens | None:
        async with serve_page(FleetPage(GeneratedFleet(1, 1)), PageSettings(host)) as address:
            return address.tokens

    assert asyncio.run(run("192.0.2.7")) is not None
    assert asyncio.run(run("127.0.0.1")) is None
    assert len(made) == 2


@pytest.mark.parametrize(("host", "port"), [("no such host", 0), ("127.0.0.1", 70_000)])
def test_wrong_address_is_explained(host: str, port: int) -> None:
    async def run() -> None:
        async with serve_page(FleetPage(GeneratedFleet(1, 1)), PageSettings(host, port)):
            pass

    with pytest.raises(InvalidInputError):
        asyncio.run(run())


def test_port_in_use_is_an_os_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        async def run() -> None:
            async with serve_page(FleetPage(GeneratedFleet(1, 1)), PageSettings("127.0.0.1", port)):
                pass

        with pytest.raises(OSError):
            asyncio.run(run())


def test_files_of_page_and_console_are_served(fleet: GeneratedFleet) -> None:
    with (
        serve_fleet_page(fleet) as (address, _),
        httpx.Client(
            base_url=address.base, trust_env=False, headers={"Accept-Language": "zh-CN,en;q=0.5"}
        ) as client,
    ):
        assert 'lang="zh" data-role="operator"' in client.get("").text
        for path in (
            "app.js",
            "fleet.css",
            "style.css",
            "dom.js",
            "texts/console.json",
            "texts/fleet.json",
            "texts/doctor.json",
        ):
            response = client.get(f"page/{path}")
            assert response.status_code == 200, path
            assert response.headers["content-security-policy"].startswith("default-src 'none'")
        assert client.get("page/../app.py").status_code == 404
        assert client.get("page/%2e%2e/app.py").status_code == 404
        assert "connection.js" in client.get("page/app.js").text
        assert client.get("page/connection.js").text != ""
        redirect = client.get("scales/0001/01/console")
        assert (redirect.status_code, redirect.headers["location"]) == (307, "console/")
        assert client.get("scales/a.b/01/console/").status_code == 404
