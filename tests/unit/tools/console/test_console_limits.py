"""Clients that send little, nothing or too much do not keep others from using the console."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from shared_cli import PROGRAM
from shared_console import serve_console

from vision_ai_tools.console import app, backup_store, connection
from vision_ai_tools.console.server import ConsoleServer

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def console(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ConsoleServer]:
    with serve_console("emulator:", tmp_path, **getattr(request, "param", {})) as console:
        yield console


def open_connection(console: ConsoleServer, data: bytes = b"") -> socket.socket:
    parts = urlsplit(console.url)
    opened = socket.create_connection((parts.hostname, parts.port), timeout=20)
    opened.sendall(data)
    return opened


def is_closed(opened: socket.socket) -> bool:
    """Wait for the end of a connection."""
    try:
        while opened.recv(4096):
            pass
    except ConnectionResetError:
        pass
    return True


HALF_REQUESTS = [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ", b"POST /actions/x HTTP/1.1\r\n"]


@pytest.mark.parametrize("data", HALF_REQUESTS, ids=repr)
def test_half_a_request_has_a_time_limit(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection.WaitingConnections.__init__, "__defaults__", (100, 0.1))
    with serve_console("emulator:", tmp_path) as console, open_connection(console, data) as opened:
        assert is_closed(opened)


def test_half_a_second_request_has_a_time_limit_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.WaitingConnections.__init__, "__defaults__", (100, 0.3))
    with serve_console("emulator:", tmp_path) as console:
        request = f"GET / HTTP/1.1\r\nHost: {urlsplit(console.url).netloc}\r\n\r\nGET /".encode()
        with open_connection(console, request) as opened:
            assert opened.recv(15) == b"HTTP/1.1 200 OK"
            assert is_closed(opened)


@pytest.mark.parametrize("console", [{}, {"require_token": True}], ids=["open", "token"], indirect=True)
def test_half_requests_do_not_lock_others_out(
    console: ConsoleServer, caplog: pytest.LogCaptureFixture
) -> None:
    with ExitStack() as stack:
        opened = [
            stack.enter_context(open_connection(console, b"GET / HTTP/1.1\r\nX: "))
            for _ in range(connection.MAX_CONNECTIONS + 50)
        ]
        assert httpx.get(console.url, trust_env=False, timeout=60).status_code == 200
        assert all(map(is_closed, opened[:50])), "the oldest give way"
    [record] = [each for each in caplog.records if each.name == connection.__name__]
    assert record.levelno == logging.WARNING


def test_idle_connections_give_way_and_busy_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection.WaitingConnections.__init__, "__defaults__", (4, 20.0))
    with serve_console("emulator:", tmp_path) as console, ExitStack() as stack:
        host = urlsplit(console.url).netloc
        head = f"PUT /backups/a.evo HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\n"
        upload = f"{head}Expect: 100-continue\r\n\r\n".encode()
        busy = [stack.enter_context(open_connection(console, upload)) for _ in range(4)]
        for each in busy:
            assert each.recv(100).startswith(b"HTTP/1.1 100")
        with open_connection(console) as newest:
            assert is_closed(newest), "all others are busy"
        for each in busy:
            each.sendall(b"abc")
            assert each.recv(15) == b"HTTP/1.1 200 OK"
        with httpx.Client(trust_env=False) as client:
            assert client.get(console.url).status_code == 200


def post_chunks(console: ConsoleServer, size: int) -> int:
    def produce() -> Iterator[bytes]:
        for _ in range(size // 1000):
            yield b"x" * 1000

    try:
        response = httpx.post(
            f"{console.url}actions/confirm", content=produce(), headers=JSON, trust_env=False, timeout=20
        )
    except httpx.WriteError:  # the response came before the end of the body
        return 413
    return response.status_code


def test_an_action_without_a_length_is_limited_too(console: ConsoleServer) -> None:
    assert post_chunks(console, 2000) == 400, "it is no JSON"
    assert post_chunks(console, 100_000) == 413
    assert post_chunks(console, 5_000_000) == 413


def test_an_action_that_stalls_ends(console: ConsoleServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "ACTION_TIMEOUT", 0.05)
    head = (
        f"POST /actions/x HTTP/1.1\r\nHost: {urlsplit(console.url).netloc}\r\n"
        "Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
    )
    with open_connection(console, head.encode()) as opened:
        assert opened.recv(12) == b"HTTP/1.1 408"


def test_an_upload_that_stalls_ends_and_leaves_nothing(
    console: ConsoleServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(backup_store, "UPLOAD_STALL", 0.05)
    head = (
        f"PUT /backups/a.evo HTTP/1.1\r\nHost: {urlsplit(console.url).netloc}\r\nContent-Length: 9\r\n\r\n1"
    )
    with open_connection(console, head.encode()) as opened:
        assert opened.recv(12) == b"HTTP/1.1 408"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("descriptors", [256, 1024])
def test_half_requests_do_not_use_up_all_descriptors(tmp_path: Path, descriptors: int) -> None:
    resource = pytest.importorskip("resource")
    command = [PROGRAM, "console", "--port", "0", "--url", "emulator:", "--backups", str(tmp_path), "--token"]
    errors = tmp_path / "errors.txt"

    def set_limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

    with (
        errors.open("w") as stderr,
        subprocess.Popen(
            [*command, "--json"], stdout=subprocess.PIPE, stderr=stderr, text=True, preexec_fn=set_limit
        ) as program,
        ExitStack() as stack,
    ):
        assert program.stdout
        url = json.loads(program.stdout.readline())["result"]["url"]
        parts = urlsplit(url)
        for _ in range(600):
            opened = stack.enter_context(socket.create_connection((parts.hostname, parts.port)))
            opened.sendall(b"GET / HTTP/1.1\r\nX")
        assert httpx.get(url, trust_env=False, timeout=30).status_code == 200
        program.terminate()
    assert len(errors.read_text().splitlines()) == 1
