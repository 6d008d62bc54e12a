"""How long an idle connection may be used again, and how to do without."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from samples import CALIB, DEVICE_INFO
from scripted_transport import ScriptedTransport, error_response, success_response
from shared_socket_server import GUARD, Peer, ok, respond, serve
from transport_caller import Caller

from vision_ai import AnswerLostError, AnswerTimeoutError, CompatibilityError, InvalidInputError, VisionAI
from vision_ai._transports.direct import connection as connection_module

GOOD = success_response(CALIB).content


def test_an_old_idle_connection_is_not_used_again(flavor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that was switched off sends no end of the connection: what is sent over it would be lost."""
    now = [1000.0]
    monkeypatch.setattr(connection_module, "monotonic", lambda: now[0])
    with serve(respond(ok())) as server, Caller(flavor, server.url) as caller:
        caller.call()
        now[0] += 4.9
        caller.call()
        assert server.connections == 1
        now[0] += 5.1
        caller.call()
        assert server.connections == 2


def test_all_old_idle_connections_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(connection_module, "monotonic", lambda: now[0])
    together = threading.Barrier(3)

    def handler(peer: Peer) -> None:
        while peer.read_request():
            together.wait(GUARD)
            peer.send(ok())

    with (
        serve(handler, handler, handler, respond(ok())) as server,
        Caller("sync", server.url, keep=3) as caller,
    ):
        threads = [threading.Thread(target=caller.call) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(GUARD)
        assert "3 idle" in repr(caller.transport)
        now[0] += 6
        caller.call()
        assert "1 idle" in repr(caller.transport)


def test_without_keep_alive_every_call_has_a_connection_of_its_own(connect: Any) -> None:
    with serve(respond(ok(GOOD))) as server:
        module = connect(server.url, keep_alive=False)
        for _ in range(3):
            assert module.get_calib().left == 444
        assert server.connections == 3
        assert all(b"\r\nConnection: close\r\n" in request for request in server.requests)


def test_without_keep_alive_a_proxy_gets_a_connection_for_each_call(connect: Any) -> None:
    with serve(respond(ok(GOOD))) as server:
        module = connect("http://module", proxy=server.url, keep_alive=False)
        for _ in range(2):
            assert module.get_calib().left == 444
        assert server.connections == 2


def test_every_transport_is_told(connect: Any, transport: ScriptedTransport, tmp_path: Path) -> None:
    (tmp_path / "a.evo").write_bytes(b"\0a backup")
    module = connect(transport.respond(success_response(CALIB), success_response()), keep_alive=False)
    module.get_calib()
    module.start_restore(file=tmp_path / "a.evo")
    assert [each.headers["connection"] for each in transport.requests] == ["close", "close"]
    module = connect(transport.respond(success_response(CALIB)))
    module.get_calib()
    assert transport.requests[-1].headers.get("connection") != "close"


@pytest.mark.parametrize("value", [None, 0, 1, "no"])
def test_keep_alive_is_true_or_false(value: Any) -> None:
    with pytest.raises(InvalidInputError, match="keep_alive"):
        VisionAI("emulator:", keep_alive=value)


# A response that came before the whole request was sent.


def respond_early_and_stall(content: bytes, status: bytes = b"200 OK") -> Any:
    def handler(peer: Peer) -> None:
        peer.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.read_head()
        peer.send(b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status, len(content), content))
        peer.stall()  # receives no more

    return handler


@pytest.fixture
def large_backup(tmp_path: Path) -> Path:
    path = tmp_path / "large.evo"
    path.write_bytes(b"\0backup" * 5_000_000)
    return path


@pytest.mark.parametrize("source", ["path", "file"])
@pytest.mark.parametrize("limit", ["stall", "deadline"])
def test_an_error_that_came_before_the_upload_was_done_is_reported(
    connect: Any, large_backup: Path, limit: str, source: str
) -> None:
    with serve(respond_early_and_stall(error_response(-6141).content)) as server:
        module = connect(server.url, timeout=0.3 if limit == "stall" else 5, retries=0)
        with large_backup.open("rb") as file, pytest.raises(CompatibilityError) as caught:
            module.restore(large_backup if source == "path" else file, timeout=0.6)
        assert caught.value.code == -6141


def test_a_success_that_came_before_the_upload_was_done_is_no_success(
    connect: Any, large_backup: Path
) -> None:
    with serve(respond_early_and_stall(success_response().content)) as server:
        module = connect(server.url, timeout=0.3, retries=0)
        with pytest.raises(AnswerLostError, match="before it had received the whole request"):
            module.restore(large_backup)
        assert server.connections == 1


def test_half_an_error_before_a_stall_is_a_timeout(connect: Any, large_backup: Path) -> None:
    def handler(peer: Peer) -> None:
        peer.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.read_head()
        peer.send(b'HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n{"code": -61')
        peer.stall()

    with serve(handler) as server:
        module = connect(server.url, timeout=0.3, retries=0)
        with pytest.raises(AnswerTimeoutError):
            module.restore(large_backup)


def test_a_module_that_was_switched_off_and_on_gets_the_next_request(
    connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its old connection is silent, as after a power cut: nothing says that it is dead."""
    now = [1000.0]
    monkeypatch.setattr(connection_module, "monotonic", lambda: now[0])

    def until_power_off(peer: Peer) -> None:
        peer.read_request()
        peer.send(ok(success_response(DEVICE_INFO).content))
        peer.read_request()
        peer.reset()

    registered = success_response({"image": "", "image_id": "7"}).content
    with serve(until_power_off, respond(ok(registered))) as server:
        module = connect(server.url)
        module.get_device_info()
        now[0] += 30
        assert module.register_item(id="1", name="x").image_id == "7"
        assert server.connections == 2
