"""What the SDK's behaviour tests share: both clients behind one face, modules, scripted answers."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from both_clients import Driven
from scripted import Scripted

from vision_ai import AsyncVisionAI, VisionAI
from vision_ai_emulator.emulator import Emulator

Connect = Callable[..., Any]


@pytest.fixture(autouse=True)
def nothing_leaves_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request to any address but this computer's own fails before it is sent; no URL from outside."""
    monkeypatch.delenv("VISION_AI_URL", raising=False)

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if isinstance(address, tuple) and not ipaddress.ip_address(address[0]).is_loopback:
                raise AssertionError(f"a test tried to reach {address}")
            return original(self, address)

        return connect

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    """Which of the two clients."""
    return request.param


@pytest.fixture
def connect(flavour: str) -> Iterator[Connect]:
    """Makes a client of the flavour, for a URL or a transport; all are closed at the end."""
    opened: list[Any] = []

    def make(to: Any, **settings: Any) -> Any:
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
    return Emulator(backup_seconds=0.05, restore_seconds=0.08, reboot_seconds=0.25)


@pytest.fixture(scope="session")
def background() -> Iterator[ThreadPoolExecutor]:
    """Where servers are stopped, which takes each of them a while."""
    with ThreadPoolExecutor() as pool:
        yield pool


@pytest.fixture
def served(emulator: Emulator, background: ThreadPoolExecutor) -> Iterator[str]:
    """The emulator's URL over a real socket."""
    with ExitStack() as stack:
        yield stack.enter_context(emulator.serve())
        background.submit(stack.pop_all().close)


@pytest.fixture(params=["in-process", "socket"])
def address(request: pytest.FixtureRequest, emulator: Emulator) -> str:
    """The emulator's URL, with or without a network in between."""
    return emulator.url if request.param == "in-process" else request.getfixturevalue("served")


@pytest.fixture
def module(connect: Connect, address: str) -> Any:
    """A client of each flavour, on each road to the emulator."""
    return connect(address)


@pytest.fixture
def scripted() -> Scripted:
    """A transport that answers as it is told and remembers what it was asked."""
    return Scripted()
