"""A console that only shows its module, and one that is mounted in another application."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from shared_console import OuterApplication, serve_console, serve_mounted_console
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from vision_ai import AsyncVisionAI
from vision_ai_emulator import Emulator
from vision_ai_tools.console.actions import READING
from vision_ai_tools.console.app import Console

PREFIX = "/scales/0042/07/console"
KEYS = count()
ACTIONS = (
    *("save_area", "confirm", "take_picture", "delete_picture", "delete_product", "commit", "learn_mode"),
    *("delete_template", "delete_backup", "backup", "restore", "restart", "reset", "doctor", "unknown"),
)


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backups")
    (folder / "old.evo").write_bytes(b"\0" * 100)
    return folder


@pytest.fixture(scope="module")
def read_only_url(emulator: Emulator, folder: Path) -> Iterator[str]:
    with serve_console(emulator.url, folder, read_only=True) as console:
        yield console.url


@pytest.fixture(scope="module")
def mounted(emulator: Emulator) -> Iterator[OuterApplication]:
    with serve_mounted_console(emulator.url, PREFIX) as outer:
        yield outer


def run_action(url: str, action: str, **arguments: object) -> httpx.Response:
    order = {"key": str(next(KEYS)), "arguments": arguments}
    return httpx.post(f"{url}actions/{action}", json=order, trust_env=False, timeout=30)


def open_updates(url: str) -> ClientConnection:
    return connect(url.replace("http:", "ws:") + "updates", proxy=None)


def receive_until(socket: ClientConnection, is_enough: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Receive the state until it is as wanted."""
    state: dict[str, Any] = {}
    while not is_enough(state):
        message = socket.recv(20)
        if isinstance(message, str):
            state |= json.loads(message)
    return state


@pytest.mark.parametrize("name", ACTIONS)
def test_a_read_only_console_refuses_what_changes_something(
    emulator: Emulator, read_only_url: str, folder: Path, name: str
) -> None:
    before = (dict(emulator.acted), sorted(folder.iterdir()))
    arguments = {"id": "1", "name": "One", "mode": 0, "file": "old.evo", "serial": "12345678"}
    response = run_action(read_only_url, name, **arguments)
    assert (response.status_code, response.json()) == (403, {"failure": {"kind": "read_only"}})
    assert (dict(emulator.acted), sorted(folder.iterdir())) == before


def test_a_read_only_console_refuses_uploads(read_only_url: str, folder: Path) -> None:
    response = httpx.put(f"{read_only_url}backups/new.evo", content=b"\0" * 100, trust_env=False)
    assert (response.status_code, response.json()["failure"]["kind"]) == (403, "read_only")
    assert [each.name for each in folder.iterdir()] == ["old.evo"]


def test_a_read_only_console_shows_the_module(emulator: Emulator, read_only_url: str) -> None:
    with open_updates(read_only_url) as socket:
        socket.send('{"subscribe": ["device", "calib", "items", "learnmode"]}')
        state = receive_until(socket, lambda state: "learnmode" in state and "calib" in state)
    assert state["options"] == {"read_only": True, "local": True}
    assert state["device"]["sn"] == "12345678" and state["calib"]["width"]
    assert run_action(read_only_url, "recognize").status_code == 200
    assert httpx.get(f"{read_only_url}backups/old.evo", trust_env=False).content == b"\0" * 100


def test_every_action_is_either_refused_or_changes_nothing() -> None:
    """A new action must be added to one of the lists."""
    source = "".join(
        (Path(__file__).parents[4] / f"tools/vision_ai_tools/console/{name}.py").read_text()
        for name in ("actions", "jobs")
    )
    for name in (*ACTIONS, *READING):
        if name not in ("delete_backup", "unknown"):
            assert f'"{name}": ' in source, name
    names = source.partition("self._actions: dict")[2].partition("}")[0].count('": ')
    names += source.partition("self._jobs: dict")[2].partition("hub.publish")[0].count('": ')
    assert names == len((*ACTIONS, *READING)) - 2


def test_a_mounted_console_works_below_its_prefix(mounted: OuterApplication, emulator: Emulator) -> None:
    page = httpx.get(mounted.url, trust_env=False)
    assert page.status_code == 200
    for address in ("page/app.js", "page/style.css", "page/texts/console.json", "page/texts/doctor.json"):
        assert httpx.get(mounted.url + address, trust_env=False).status_code == 200, address
    slashless = httpx.get(mounted.url.rstrip("/"), trust_env=False)
    assert slashless.is_redirect and slashless.headers["location"].endswith(PREFIX + "/")
    assert run_action(mounted.url, "learn_mode", mode=0).json() == {"done": None}
    with open_updates(mounted.url) as socket:
        socket.send('{"subscribe": ["device", "learnmode"]}')
        state = receive_until(socket, lambda state: state.get("learnmode") == {"mode": 0})
    assert state["options"] == {"read_only": False, "local": False}
    assert "backups" not in state


@pytest.mark.parametrize("name", ["backup", "restore", "doctor", "delete_backup"])
def test_a_console_of_a_distant_module_has_no_files_and_no_doctor(
    mounted: OuterApplication, name: str
) -> None:
    failure = run_action(mounted.url, name, serial="12345678", file="x").json()["failure"]
    assert failure == {"kind": "no_such_action", "name": name}
    assert httpx.put(f"{mounted.url}backups/x.evo", content=b"\0" * 99, trust_env=False).status_code == 404
    assert httpx.get(f"{mounted.url}backups/x.evo", trust_env=False).status_code == 404


def test_a_console_is_stopped_while_its_application_goes_on(emulator: Emulator) -> None:
    with serve_mounted_console(emulator.url, PREFIX, read_only=True) as outer:
        with open_updates(outer.url) as socket:
            receive_until(socket, lambda state: "options" in state)
            outer.stop_console()
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    socket.recv(20)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1001
        assert httpx.get(outer.url, trust_env=False).status_code == 503
        assert run_action(outer.url, "recognize").json() == {"failure": {"kind": "unexpected"}}
        with pytest.raises(Exception, match="403"):
            open_updates(outer.url)


def test_the_client_is_closed_with_the_console(emulator: Emulator) -> None:
    class Client(AsyncVisionAI):
        is_closed = False

        async def aclose(self) -> None:
            self.is_closed = True
            await super().aclose()

    async def run() -> None:
        client = Client(emulator.url)
        async with Console(client, "fleet://0042/07", None).running():
            assert not client.is_closed
        assert client.is_closed

    asyncio.run(run())
