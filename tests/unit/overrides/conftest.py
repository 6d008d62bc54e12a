"""Fixtures for the SDK's tests: clients of both flavors, emulators, and connections of every kind."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
from attrs import Factory, frozen
from blocking_facade import BlockingFacade
from relays import relay_http_proxy, relay_tls, relay_unix_socket
from scripted_transport import ScriptedTransport

from vision_ai import AsyncVisionAI, VisionAI
from vision_ai.base_client import BaseClient
from vision_ai_emulator import Emulator, serve

Connect = Callable[..., Any]


@frozen
class Target:
    """A URL, and the options of a client that connects to it."""

    url: str
    options: dict[str, Any] = Factory(dict)


@pytest.fixture(autouse=True)
def only_this_computer(nothing_leaves_this_computer: None) -> None:
    """Applies to every test of this folder."""


@pytest.fixture(autouse=True)
def known_api_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make "v1" the default of `api`: most modules here are scripts, which do not expect the question for the version.

    The tests in api_versions are about that question, and override this fixture.
    """
    monkeypatch.setitem(BaseClient.__init__.__kwdefaults__, "api", "v1")


@pytest.fixture(params=["sync", "async"])
def flavor(request: pytest.FixtureRequest) -> str:
    """Which of the two clients. A module whose tests do not depend on it overrides this fixture."""
    return request.param


@pytest.fixture
def connect(flavor: str) -> Iterator[Connect]:
    """Makes a client of the flavor, for a URL, a transport or a target; all are closed at the end."""
    clients: list[Any] = []

    def make(to: Any, **options: Any) -> Any:
        if isinstance(to, Target):
            options = {"url": to.url, **to.options, **options}
        else:
            options["url" if to is None or isinstance(to, str) else "transport"] = to
        client: Any = VisionAI(**options) if flavor == "sync" else BlockingFacade(AsyncVisionAI(**options))
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()
        if isinstance(client, BlockingFacade):
            client.close_loop()


@pytest.fixture
def transport() -> ScriptedTransport:
    """A transport without a module behind it."""
    return ScriptedTransport()


@pytest.fixture
def emulator() -> Emulator:
    """A module with an apple on its pan. Its backups and restores advance with each poll, not with time."""
    return Emulator(pace="polls", reboot_seconds=0.1)


@pytest.fixture
def module(connect: Connect, emulator: Emulator) -> Any:
    """A client of the emulator inside this process. test_connection_kinds.py has the other connections."""
    return connect(emulator.url)


@pytest.fixture
def served(emulator: Emulator) -> Iterator[str]:
    """The emulator's URL over a real socket."""
    with serve(emulator) as url:
        yield url


CONNECTION_KINDS = (
    "in-process",
    "socket",
    "stock httpx",
    "http_client",
    "unix",
    "https",
    "proxy",
    "recorded",
    "two at once",
)
"""Every kind of transport that a client can have, and every option that changes how calls are carried."""


@pytest.fixture(params=CONNECTION_KINDS)
def connection_kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def certificate_authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def target(
    connection_kind: str,
    emulator: Emulator,
    request: pytest.FixtureRequest,
    flavor: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Target]:
    """The emulator, over a connection of each kind."""
    if connection_kind == "in-process":
        yield Target(emulator.url)
        return
    url = request.getfixturevalue("served")
    monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    match connection_kind:
        case "socket":
            yield Target(url)
        case "stock httpx":
            stock = httpx.HTTPTransport() if flavor == "sync" else httpx.AsyncHTTPTransport()
            yield Target(url, {"transport": stock})
        case "http_client":
            client = httpx.Client() if flavor == "sync" else httpx.AsyncClient()
            yield Target(url, {"http_client": client})
            client.close() if isinstance(client, httpx.Client) else asyncio.run(client.aclose())
        case "recorded":
            yield Target(url, {"record": tmp_path_factory.mktemp("recording") / "recording.har"})
        case "two at once":
            yield Target(url, {"concurrency": 2})
        case _:
            folder = tmp_path_factory.mktemp("relay")
            yield from _relayed(connection_kind, url, request, folder, monkeypatch)


def _relayed(
    kind: str, url: str, request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Target]:
    if kind == "unix":
        unix, relay = relay_unix_socket(url, folder)
        target = Target(unix)
    elif kind == "https":
        authority: trustme.CA = request.getfixturevalue("certificate_authority")
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(server)
        certificates = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(certificates))
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates))
        https, relay = relay_tls(url, server)
        target = Target(https)
    else:
        proxy, relay = relay_http_proxy(url)
        target = Target(url, {"proxy": proxy})
    yield target
    relay.close()
