"""What the SDK's behaviour tests share: both clients behind one face, modules, scripted answers."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
from both_clients import Driven
from roads import over_tls, over_unix_socket, proxy
from scripted import Scripted

from vision_ai import AsyncVisionAI, VisionAI
from vision_ai._direct import choose
from vision_ai_emulator import Emulator, serve

Connect = Callable[..., Any]


class Road:
    """A URL, and the settings of a client that goes there."""

    def __init__(self, url: str, **settings: Any) -> None:
        self.url = url
        self.settings = settings


@pytest.fixture(autouse=True)
def only_this_computer(nothing_leaves_this_computer: None) -> None:
    """For every test of this folder."""


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    """Which of the two clients."""
    return request.param


@pytest.fixture
def connect(flavour: str) -> Iterator[Connect]:
    """Makes a client of the flavour, for a URL or a transport; all are closed at the end."""
    opened: list[Any] = []

    def make(to: Any, **settings: Any) -> Any:
        if isinstance(to, Road):
            where = {"url": to.url, **to.settings}
        else:
            where = {"url": to} if to is None or isinstance(to, str) else {"transport": to}
        if flavour == "sync":
            client: Any = VisionAI(**where, **settings)
        else:
            client = Driven(AsyncVisionAI(**where, **settings))
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.close()
        if isinstance(client, Driven):
            client.end()


@pytest.fixture
def emulator() -> Emulator:
    """A module with an apple on its pan, quick in everything that takes time."""
    return Emulator(backup_seconds=0.15, restore_seconds=0.15, reboot_seconds=0.25)


@pytest.fixture(scope="session")
def background() -> Iterator[ThreadPoolExecutor]:
    """Where servers are stopped, which takes each of them a while."""
    with ThreadPoolExecutor() as pool:
        yield pool


@pytest.fixture
def served(emulator: Emulator, background: ThreadPoolExecutor) -> Iterator[str]:
    """The emulator's URL over a real socket."""
    with ExitStack() as stack:
        yield stack.enter_context(serve(emulator))
        background.submit(stack.pop_all().close)


ROADS = (
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
"""Every kind of transport that a client can have, and every option that puts something in its way."""


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(params=ROADS)
def road(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def address(
    road: str,
    emulator: Emulator,
    request: pytest.FixtureRequest,
    flavour: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Road]:
    """The way to the emulator."""
    if road == "in-process":
        yield Road(emulator.url)
        return
    url = request.getfixturevalue("served")
    monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    match road:
        case "socket":
            yield Road(url)
        case "stock httpx":
            monkeypatch.setattr(choose, "find_spec", lambda _: None)
            yield Road(url)
        case "http_client":
            client = httpx.Client() if flavour == "sync" else httpx.AsyncClient()
            yield Road(url, http_client=client)
            client.close() if isinstance(client, httpx.Client) else asyncio.run(client.aclose())
        case "recorded":
            yield Road(url, record=tmp_path_factory.mktemp("road") / "recording.har")
        case "two at once":
            yield Road(url, concurrency=2)
        case _:
            yield from _relayed(road, url, request, tmp_path_factory.mktemp("road"), monkeypatch)


def _relayed(
    road: str, url: str, request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Road]:
    if road == "unix":
        unix, relay = over_unix_socket(url, folder)
        made = Road(unix)
    elif road == "https":
        authority: trustme.CA = request.getfixturevalue("authority")
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(server)
        certificates = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(certificates))
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates))
        https, relay = over_tls(url, server)
        made = Road(https)
    else:
        through, relay = proxy(url)
        made = Road(url, proxy=through)
    yield made
    relay.close()


@pytest.fixture
def module(connect: Connect, address: Road) -> Any:
    """A client of each flavour, on each road to the emulator."""
    return connect(address)


@pytest.fixture
def scripted() -> Scripted:
    """A transport that answers as it is told and remembers what it was asked."""
    return Scripted()
