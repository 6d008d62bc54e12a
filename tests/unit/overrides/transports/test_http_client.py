"""The direct transport's short way, and an HTTP client's long one: what is easily lost on either."""

from __future__ import annotations

import gzip
import hashlib
import os
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
from samples import CALIB
from scripted_transport import ScriptedTransport, raw_response, success_response
from socket_server import Peer, head, ok, respond, serve

from vision_ai import AnswerLostError, AnswerTimeoutError, Call, InvalidInputError, VisionAI

GOOD = success_response(CALIB).content
FILE = bytes(range(256)) * 1200


def test_a_byte_after_a_file_is_detected_and_does_not_affect_the_next_call(connect: Any) -> None:
    def more_than_announced(peer: Peer) -> None:
        peer.read_request()
        peer.send(head(len(FILE)) + FILE)
        time.sleep(0.015)
        peer.send(b"X")
        peer.read_request()

    with serve(more_than_announced, respond(ok(GOOD))) as server:
        module = connect(server.url, retries=0)
        with pytest.raises(AnswerLostError, match="more came"):
            module.download_backup(filename="a.evo")
        assert module.get_calib().left == 444
        module.close()


def test_an_endless_download_ends_at_its_timeout(connect: Any, tmp_path: Path) -> None:
    def plenty(peer: Peer) -> None:
        peer.read_request()
        peer.send(head(200_000_000))
        peer.trickle(b"x" * 1_000_000, pause=0)

    with serve(plenty) as server:
        module = connect(server.url, retries=0)
        with pytest.raises(AnswerTimeoutError):
            module.save_backup("a.evo", tmp_path, timeout=0.3, progress=lambda _: time.sleep(0.05))
        assert not list(tmp_path.iterdir())
        module.close()


class Signing(httpx.Auth):
    """Signs bodies, as some gateways want it."""

    requires_request_body = True

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["X-Digest"] = hashlib.sha256(request.content).hexdigest()
        yield request


def client_of(answer: Any, **options: Any) -> tuple[httpx.Client, list[httpx.Request]]:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer(request)

    return httpx.Client(transport=httpx.MockTransport(handle), **options), asked


def test_an_http_client_can_sign_request_bodies(tmp_path: Path) -> None:
    (tmp_path / "a.evo").write_bytes(b"a backup")
    client, asked = client_of(lambda request: httpx.Response(200, content=GOOD), auth=Signing())
    with VisionAI("http://127.0.0.1:9", http_client=client) as module:
        module.set_learnmode(mode=1)
        module.start_restore(file=tmp_path / "a.evo")
    assert len(asked) == 2
    for request in asked:
        assert request.headers["X-Digest"] == hashlib.sha256(request.content).hexdigest()
    assert b"a backup" in asked[1].content


def test_an_http_clients_hook_may_read_the_response() -> None:
    hooks = {"response": [lambda response: response.read()]}
    client, _ = client_of(lambda request: httpx.Response(200, content=GOOD), event_hooks=hooks)
    with VisionAI("http://127.0.0.1:9", http_client=client) as module:
        assert module.get_calib().left == 444


def test_an_http_client_sends_the_file_again_after_a_redirect(tmp_path: Path) -> None:
    (tmp_path / "a.evo").write_bytes(b"a backup")

    def elsewhere(request: httpx.Request) -> httpx.Response:
        request.read()
        if request.url.path == "/api/start_restore":
            return httpx.Response(307, headers={"Location": "http://127.0.0.1:9/moved"})
        return httpx.Response(200, content=success_response().content)

    client, asked = client_of(elsewhere, follow_redirects=True)
    with VisionAI("http://127.0.0.1:9", http_client=client) as module:
        module.start_restore(file=tmp_path / "a.evo")
    assert [request.url.path for request in asked] == ["/api/start_restore", "/moved"]
    assert b"a backup" in asked[1].content


def test_a_compressed_download_is_decompressed(tmp_path: Path) -> None:
    content = os.urandom(20_000)
    packed = httpx.Response(200, content=gzip.compress(content), headers={"Content-Encoding": "gzip"})
    client, _ = client_of(lambda request: packed)
    with VisionAI("http://127.0.0.1:9", http_client=client, retries=0) as module:
        assert module.save_backup("a.evo", tmp_path).read_bytes() == content


def test_an_http_client_keeps_its_user_agent() -> None:
    client, asked = client_of(
        lambda request: httpx.Response(200, content=GOOD), headers={"User-Agent": "till/7"}
    )
    with VisionAI("http://127.0.0.1:9", http_client=client) as module:
        module.get_calib()
    assert asked[0].headers["User-Agent"] == "till/7"


def test_a_fork_during_a_call_leaves_the_child_unlocked() -> None:
    arrived, going_on = threading.Event(), threading.Event()

    def slow(peer: Peer) -> None:
        peer.read_request()
        arrived.set()
        going_on.wait(10)
        peer.send(head(len(GOOD)) + GOOD)

    with serve(slow, respond(ok(GOOD))) as server, VisionAI(server.url, retries=0, timeout=5) as module:
        thread = threading.Thread(target=module.get_calib)
        thread.start()
        assert arrived.wait(10)
        child = os.fork()
        if child == 0:
            try:
                os._exit(0 if module.get_calib().left == 444 else 2)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        going_on.set()
        thread.join()


def test_an_asynchronous_hook_is_rejected(connect: Any, transport: ScriptedTransport) -> None:
    async def on_call(call: Call) -> None: ...

    with pytest.raises(InvalidInputError, match="not async"):
        connect(transport, on_call=on_call)


def test_a_restore_at_its_second_path_is_one_call_for_the_hook(
    connect: Any, transport: ScriptedTransport, tmp_path: Path
) -> None:
    (tmp_path / "a.evo").write_bytes(b"a backup")
    calls: list[Call] = []
    module = connect(
        transport.respond(raw_response(b"no such page", status=404), success_response()), on_call=calls.append
    )
    module.start_restore(file=tmp_path / "a.evo")
    assert [(call.operation, call.code, call.tries) for call in calls] == [("start_restore", 0, 2)]


def test_a_large_file_is_not_searched_for_an_error(connect: Any, transport: ScriptedTransport) -> None:
    content = b'{"code": -6202, "data": null, "rest": "' + b"x" * 10_000 + b'"}'
    assert connect(transport.respond(raw_response(content))).download_backup(filename="a.evo") == content
