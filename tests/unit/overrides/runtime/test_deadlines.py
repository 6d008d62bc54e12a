"""Deadlines over real sockets: servers that stall, trickle, break off and never end."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from samples import CALIB
from scripted_transport import success_response
from shared_socket_server import GUARD, Handler, Peer, head, ok, respond, serve

from vision_ai import (
    AnswerLostError,
    AnswerTimeoutError,
    InvalidAnswerError,
    Retries,
    UnreachableError,
    VisionAIError,
)

GOOD = success_response(CALIB).content
TIMEOUT = 0.15
LONGER = 60
"""Seconds that a call may take by itself."""
HANGS = 20
"""Seconds after which a call with a timeout of a second has missed it, also on a computer that is busy."""


def never_responds(peer: Peer) -> None:
    peer.stall()


def stalls_after_the_head(peer: Peer) -> None:
    peer.read_request()
    peer.send(head(100))
    peer.stall()


def stalls_in_the_head(peer: Peer) -> None:
    peer.read_request()
    peer.send(head(100)[:20])
    peer.stall()


def trickles_the_body(peer: Peer) -> None:
    peer.read_request()
    peer.send(head(10**6))
    peer.trickle(b" ")


def trickles_chunks(peer: Peer) -> None:
    peer.read_request()
    peer.send(head(more="Transfer-Encoding: chunked\r\n"))
    peer.trickle(b"1\r\n \r\n")


def trickles_the_head(peer: Peer) -> None:
    peer.read_request()
    peer.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    peer.trickle(b"x")


def trickles_a_chunk_header(peer: Peer) -> None:
    peer.read_request()
    peer.send(head(more="Transfer-Encoding: chunked\r\n") + b"1;")
    peer.trickle(b"x")


def sends_1xx_for_ever(peer: Peer) -> None:
    peer.read_request()
    peer.trickle(b"HTTP/1.1 102 Processing\r\n\r\n")


def respond_once_and(handler: Handler) -> Handler:
    """Respond to the first request of a connection, and then do something else."""

    def respond_first(peer: Peer) -> None:
        peer.read_request()
        peer.send(ok(GOOD))
        handler(peer)

    return respond_first


SLOW: list[Handler] = [
    never_responds,
    stalls_after_the_head,
    stalls_in_the_head,
    trickles_the_body,
    trickles_chunks,
    trickles_the_head,
    trickles_a_chunk_header,
    sends_1xx_for_ever,
]


@pytest.mark.parametrize(
    ("handler", "name"),
    [
        *[(handler, "get_calib") for handler in SLOW],
        (never_responds, "start_backup"),
        (trickles_the_body, "start_backup"),
    ],
)
def test_a_call_ends_at_its_timeout_and_the_client_stays_usable(
    connect: Any, handler: Handler, name: str
) -> None:
    with serve(respond_once_and(handler), respond(ok(GOOD))) as server:
        module = connect(server.url)
        module.get_calib()  # connecting is no part of the short time
        with pytest.raises(AnswerTimeoutError):  # not AnswerLostError: the client ends it, not the server
            getattr(module.with_options(timeout=0.1, retries=0), name)()
        assert server.connections == 1
        assert module.get_calib().left == 444
        module.close()


@pytest.mark.parametrize("handler", [never_responds, trickles_the_body])
def test_all_tries_together_keep_to_the_timeout(connect: Any, handler: Handler) -> None:
    with serve(handler) as server:
        started = time.monotonic()
        with pytest.raises(AnswerTimeoutError):
            connect(server.url, timeout=1.5, retries=Retries(count=2, pause=0.01)).get_calib()
        assert time.monotonic() - started < HANGS
        assert server.connections == 3


def closes_at_once(peer: Peer) -> None:
    peer.read_request()


def closes_in_the_head(peer: Peer) -> None:
    peer.read_request()
    peer.send(head(100)[:20])


def closes_in_the_body(peer: Peer) -> None:
    peer.read_request()
    peer.send(head(len(GOOD)) + GOOD[:-1])


def announces_more_than_it_sends(peer: Peer) -> None:
    peer.read_request()
    peer.send(head(len(GOOD) + 5) + GOOD)


def closes_between_chunks(peer: Peer) -> None:
    peer.read_request()
    peer.send(head(more="Transfer-Encoding: chunked\r\n") + b"1\r\n{\r\n")


def does_not_speak_http(peer: Peer) -> None:
    peer.read_request()
    peer.send(b"SSH-2.0-OpenSSH_9.6\r\n\r\n" * 3)


INTERRUPTIONS: list[Handler] = [
    closes_at_once,
    closes_in_the_head,
    closes_in_the_body,
    announces_more_than_it_sends,
    closes_between_chunks,
    does_not_speak_http,
]


@pytest.mark.parametrize("handler", INTERRUPTIONS)
def test_a_response_that_breaks_off_is_lost_and_the_client_stays_usable(
    connect: Any, handler: Handler
) -> None:
    with serve(handler, handler, respond(ok(GOOD))) as server:
        module = connect(server.url, retries=0)
        with pytest.raises(AnswerLostError):
            module.get_calib()
        with pytest.raises(AnswerLostError):
            module.start_backup()
        assert server.connections == 2
        assert module.get_calib().left == 444
        module.close()


@pytest.mark.parametrize("handler", INTERRUPTIONS)
def test_a_read_is_repeated_after_a_response_that_breaks_off(connect: Any, handler: Handler) -> None:
    with serve(handler, respond(ok(GOOD))) as server:
        module = connect(server.url, retries=Retries(count=1, pause=0))
        assert module.get_calib().left == 444
        module.close()


def sends_without_end(peer: Peer) -> None:
    peer.read_request()
    peer.send(head(more="Connection: close\r\n"))
    peer.trickle(b" " * 100_000, pause=0)


def test_an_endless_response_is_rejected(connect: Any) -> None:
    with serve(sends_without_end, respond(ok(GOOD))) as server:
        module = connect(server.url)
        with pytest.raises(InvalidAnswerError, match="1,048,576"):
            module.get_calib()
        assert server.connections == 1
        assert module.get_calib().left == 444
        module.close()


def test_a_closed_port_is_unreachable(connect: Any) -> None:
    with serve(respond(ok(GOOD))) as server:
        pass
    with pytest.raises(UnreachableError):
        connect(server.url, retries=1).reboot()


def test_a_name_that_cannot_be_resolved_is_unreachable(connect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(UnreachableError):
        connect("http://module.invalid", retries=0).get_calib()


def test_a_connection_that_the_module_closed_is_replaced(connect: Any) -> None:
    def responds_once(peer: Peer) -> None:
        peer.read_request()
        peer.send(head(len(GOOD)) + GOOD)
        peer.connection.shutdown(socket.SHUT_WR)
        closed.set()

    closed = threading.Event()

    with serve(responds_once) as server:
        module = connect(server.url, retries=0)
        for _ in range(3):
            assert module.get_calib().left == 444
            assert closed.wait(GUARD)
            closed.clear()
        assert server.connections == 3
        module.close()


@pytest.mark.parametrize("workflow", ["backup", "restore", "wait_until_ready", "save_backup"])
@pytest.mark.parametrize("handler", [never_responds, trickles_the_body])
def test_a_workflow_ends_at_its_timeout_though_a_call_may_last_longer(
    connect: Any, tmp_path: Path, workflow: str, handler: Handler
) -> None:
    (tmp_path / "a.evo").write_bytes(b"\0a backup")
    with serve(handler) as server:
        module = connect(server.url, timeout=LONGER)
        calls = {
            "backup": lambda: module.backup(tmp_path, timeout=TIMEOUT, poll=0.02),
            "restore": lambda: module.restore(tmp_path / "a.evo", timeout=TIMEOUT, poll=0.02),
            "wait_until_ready": lambda: module.wait_until_ready(timeout=TIMEOUT, poll=0.02),
            "save_backup": lambda: module.save_backup("a.evo", tmp_path, timeout=TIMEOUT),
        }
        started = time.monotonic()
        with pytest.raises(VisionAIError):
            calls[workflow]()
        assert time.monotonic() - started < HANGS
    assert [path.name for path in tmp_path.iterdir()] == ["a.evo"]


@pytest.mark.parametrize("workflow", ["backup", "restore"])
def test_a_missing_status_response_ends_at_the_workflows_timeout(
    connect: Any, tmp_path: Path, workflow: str
) -> None:
    (tmp_path / "a.evo").write_bytes(b"\0a backup")

    def starts_and_stalls(peer: Peer) -> None:
        while b"/api/start_" in peer.read_request():
            body = success_response().content
            peer.send(head(len(body)) + body)
        peer.stall()

    with serve(starts_and_stalls) as server:
        module = connect(server.url, timeout=LONGER)
        started = time.monotonic()
        with pytest.raises(AnswerTimeoutError):
            if workflow == "backup":
                module.backup(tmp_path, timeout=TIMEOUT, poll=0.02)
            else:
                module.restore(tmp_path / "a.evo", timeout=TIMEOUT, poll=0.02)
        assert time.monotonic() - started < HANGS


def test_a_slow_download_may_use_its_whole_timeout(connect: Any, tmp_path: Path) -> None:
    def steady(peer: Peer) -> None:
        peer.read_request()
        peer.send(head(80))
        peer.trickle(b"\1", times=80, pause=0.01)

    with serve(steady) as server:
        path = connect(server.url, timeout=0.7).save_backup("a.evo", tmp_path, timeout=LONGER)
        assert path.read_bytes() == b"\1" * 80
        assert server.connections == 1


@pytest.mark.parametrize("timeout", [1e7, 1e10, 1e300])
def test_a_very_long_timeout_works_or_is_rejected(served: str, connect: Any, timeout: float) -> None:
    try:
        module = connect(served, timeout=timeout)
    except ValueError as error:
        assert isinstance(error, VisionAIError)
    else:
        assert module.get_learnmode().mode == 1
