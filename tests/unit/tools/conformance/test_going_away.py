"""A report on a module that cannot be reached, is not a VISION-AI module, or stops responding."""

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
from conformance_support import ChangedTransport, check

from vision_ai import InvalidInputError
from vision_ai_emulator import Emulator
from vision_ai_tools.conformance import check_conformance


class LimitedTransport(ChangedTransport):
    """Reaches a module that stops responding after a number of requests."""

    def __init__(self, emulator: Emulator, responses: int) -> None:
        super().__init__(emulator, lambda _, response: response)
        self._left = responses

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._left -= 1
        if self._left < 0:
            raise httpx.ConnectError("no route to host", request=request)
        return super().handle_request(request)


def find_closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextmanager
def serve_http(handle: Any) -> Iterator[str]:
    """Serve something else than a module."""

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


def test_a_closed_port() -> None:
    report = check_conformance(f"http://127.0.0.1:{find_closed_port()}", pause=0)
    assert report.outcome == "unreachable" and "cannot be reached" in report.stopped_because
    assert {each.verdict for each in report.readings} == {"not_tried"}
    assert report.profile is None and report.device_info is None
    assert not report.complete and not report.conforms
    assert len(report.exchanges) == 2  # the first try may find the link not up yet
    assert "could not be reached" in report.to_markdown()


def test_another_http_server() -> None:
    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(404)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        handler.wfile.write(b"<html>Router login</html>")

    with serve_http(page) as url:
        report = check_conformance(url, pause=0)
    assert report.outcome == "not_a_module"
    assert "HTTP 404, text/html: <html>Router login</html>" in report.stopped_because
    assert len(report.exchanges) == 2  # one for each version of the API


@pytest.mark.parametrize("body", [b"", b"[]", b'{"error":"not found"}', b"\xff\xd8\xff", b"\x00\xff" * 500])
def test_responses_that_are_not_of_a_module(body: bytes) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(body)

    with serve_http(answer) as url:
        assert check_conformance(url, pause=0).outcome == "not_a_module"


def test_a_server_of_another_protocol() -> None:
    def greeting(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"SSH-2.0-dropbear\r\n")

    with serve_http(greeting) as url:
        report = check_conformance(url, pause=0)
    assert report.outcome == "unreachable" and report.stopped_because


def test_a_module_that_does_not_respond_in_time() -> None:
    done = threading.Event()
    with serve_http(lambda _: done.wait()) as url:
        report = check_conformance(url, pause=0, timeout=0.2)
        done.set()
    assert report.outcome == "unreachable"
    assert "no complete response" in report.stopped_because


REQUESTS = 62


def test_the_number_of_requests_in_a_complete_run(emulator: Emulator, tmp_path: Path) -> None:
    # so that the next test covers all of them
    report = check(LimitedTransport(emulator, 1000), tmp_path, "destructive")
    assert report.complete and len(report.exchanges) == REQUESTS


@pytest.mark.parametrize(
    "responses",
    [
        number if number % 4 == 1 else pytest.param(number, marks=pytest.mark.slow)
        for number in range(1, REQUESTS)
    ],
)
def test_a_module_that_stops_responding(emulator: Emulator, tmp_path: Path, responses: int) -> None:
    report = check(LimitedTransport(emulator, responses), tmp_path, "destructive")
    assert report.outcome == "broken_off" and "no route to host" in report.stopped_because
    assert sum(each.status is not None for each in report.exchanges) == responses
    assert report.profile is not None and report.to_markdown()
    left = any(each.id == "99999" for each in emulator.device.get_registered_item_list())
    if left:
        assert any("99999" in each for each in report.traces)
        emulator.device.delete_registered_item("99999")
    if any(each.operation == "start_restore" and each.status for each in report.exchanges):
        assert any(str(tmp_path) in each for each in report.traces)
        assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("lost", [3, 5, 12, 30, 36, 44])
def test_one_lost_response_does_not_end_the_run(emulator: Emulator, tmp_path: Path, lost: int) -> None:
    count = 0

    def lose_response(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        nonlocal count
        count += 1
        if count == lost:
            raise httpx.RemoteProtocolError("server disconnected", request=request)
        return response

    report = check(ChangedTransport(emulator, lose_response), tmp_path, "act")
    assert report.complete
    [failed] = [each for each in report.exchanges if each.failure]
    assert failed.number == lost and "server disconnected" in failed.failure
    assert emulator.device.get_registered_item_list() == []


def test_a_restart_during_the_run_is_noticed(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(reboot_seconds=1000.0)

    def restart(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path == "/api/get_restore_status":
            emulator.device.reboot()
        return response

    report = check(ChangedTransport(emulator, restart), tmp_path)
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
def test_invalid_arguments_are_refused_before_anything_is_sent(
    emulator: Emulator, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidInputError, match=words):
        check_conformance(**{"url": emulator.url, **options})
    assert emulator.requests == ()


def test_a_missing_folder_is_refused_before_anything_is_sent(emulator: Emulator, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check_conformance(emulator.url, effects="destructive", folder=tmp_path / "nowhere")
    assert emulator.requests == ()
