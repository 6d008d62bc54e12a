"""Modules that cannot be reached, are none, or go away: there is a report all the same, and it says so."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from conformance_support import Changed, examined, make

from vision_ai import InvalidInputError
from vision_ai_emulator import Emulator
from vision_ai_tools.conformance import examine


class Gone(Changed):
    """A module that answers so many requests and none after them."""

    def __init__(self, emulator: Emulator, answers: int) -> None:
        super().__init__(emulator, lambda _, response: response)
        self._left = answers

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._left -= 1
        if self._left < 0:
            raise httpx.ConnectError("no route to host", request=request)
        return super().handle_request(request)


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextmanager
def served(handle: Any) -> Iterator[str]:
    """Some other HTTP server."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            handle(self)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_nothing_answers() -> None:
    report = examine(f"http://127.0.0.1:{closed_port()}", pause=0)
    assert report.outcome == "unreachable" and "cannot be reached" in report.stopped_because
    assert {each.verdict for each in report.readings} == {"not_tried"}
    assert report.profile is None and report.device_info is None
    assert not report.complete and not report.conforms
    assert len(report.exchanges) == 2  # once more: a first try may find the link just coming up
    assert "could not be reached" in report.to_markdown()


def test_another_server_answers() -> None:
    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(404)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        handler.wfile.write(b"<html>Router login</html>")

    with served(page) as url:
        report = examine(url, pause=0)
    assert report.outcome == "not_a_module"
    assert "HTTP 404, text/html: <html>Router login</html>" in report.stopped_because
    assert len(report.exchanges) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b'{"error":"not found"}', b"\xff\xd8\xff", b"\x00\xff" * 500])
def test_other_answers_are_no_module_either(body: bytes) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(body)

    with served(answer) as url:
        assert examine(url, pause=0).outcome == "not_a_module"


def test_a_server_that_speaks_no_http() -> None:
    def greeting(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"SSH-2.0-dropbear\r\n")

    with served(greeting) as url:
        report = examine(url, pause=0)
    assert report.outcome == "unreachable" and report.stopped_because


def test_a_module_that_does_not_answer_in_time() -> None:
    done = threading.Event()
    with served(lambda _: done.wait()) as url:
        report = examine(url, pause=0, timeout=0.2)
        done.set()
    assert report.outcome == "unreachable"
    assert "no whole answer" in report.stopped_because


REQUESTS = 57


def test_a_whole_examination_has_so_many_requests(lasting: Emulator, tmp_path: Path) -> None:
    # so that the next test goes on to its end
    report = examined(Gone(lasting, 1000), tmp_path, "destructive")
    assert report.complete and len(report.exchanges) == REQUESTS


@pytest.mark.parametrize("answers", range(1, REQUESTS))
def test_a_module_that_goes_away_in_the_middle(lasting: Emulator, tmp_path: Path, answers: int) -> None:
    report = examined(Gone(lasting, answers), tmp_path, "destructive")
    assert report.outcome == "broken_off" and "no route to host" in report.stopped_because
    assert sum(each.status is not None for each in report.exchanges) == answers
    assert report.profile is not None and report.to_markdown()
    left = any(each.id == "99999" for each in lasting.device.get_registered_item_list())
    if left:
        assert any("99999" in each for each in report.traces)
        lasting.device.delete_registered_item("99999")
    if any(each.operation == "start_restore" and each.status for each in report.exchanges):
        assert any(str(tmp_path) in each for each in report.traces)
        assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("lost", [3, 5, 12, 30, 36, 44])
def test_one_lost_answer_does_not_end_it(lasting: Emulator, tmp_path: Path, lost: int) -> None:
    count = 0

    def keep_back(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        nonlocal count
        count += 1
        if count == lost:
            raise httpx.RemoteProtocolError("server disconnected", request=request)
        return response

    report = examined(Changed(lasting, keep_back), tmp_path, "act")
    assert report.complete
    [failed] = [each for each in report.exchanges if each.failure]
    assert failed.number == lost and "server disconnected" in failed.failure
    assert lasting.device.get_registered_item_list() == []


def test_a_restart_in_the_middle_is_noticed(tmp_path: Path) -> None:
    emulator = make()
    emulator.change(reboot_seconds=1000.0)

    def restarting(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path == "/api/get_restore_status":
            emulator.device.reboot()
        return response

    report = examined(Changed(emulator, restarting), tmp_path)
    assert report.outcome == "broken_off" and "restarting" in report.stopped_because


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"effects": "all"}, "effects must be one of read, set, act, destructive"),
        ({"also": ["reboot"]}, "reboot needs effects=destructive"),
        ({"effects": "destructive", "also": ["explode"]}, "also must be from reboot, reset_device"),
        ({"timeout": 0}, "timeout must be"),
        ({"poll": -1}, "poll must be"),
        ({"pause": -0.1}, "pause must be"),
        ({"url": "ftp://127.0.0.1"}, "no transport for 'ftp'"),
    ],
)
def test_what_is_not_possible_is_refused_before_anything_is_sent(options: dict[str, Any], words: str) -> None:
    emulator = make()
    with pytest.raises(InvalidInputError, match=words):
        examine(**{"url": emulator.url, **options})
    assert emulator.requests == ()


def test_a_folder_that_is_not_there_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    emulator = make()
    with pytest.raises(FileNotFoundError):
        examine(emulator.url, effects="destructive", folder=tmp_path / "nowhere")
    assert emulator.requests == ()
