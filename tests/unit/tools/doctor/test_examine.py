"""The doctor where the module is not on this computer's USB cable."""

from __future__ import annotations

import errno
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from vision_ai import InvalidInputError
from vision_ai_emulator import Emulator, Fault
from vision_ai_emulator.serving.server import EmulatorServer
from vision_ai_tools.doctor import STEPS, Diagnosis, Finding, examine

CABLE = STEPS[: STEPS.index("route") + 1]


@pytest.fixture
def served(emulator: Emulator) -> Iterator[str]:
    """URL of the emulator on 127.0.0.1."""
    server = EmulatorServer(emulator, "127.0.0.1", 0)
    server.start()
    yield server.url
    server.stop()


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def answering() -> Iterator[Callable[[bytes], str]]:
    """Makes servers on 127.0.0.1 that say the same to everybody; gives their URL."""
    sockets: list[socket.socket] = []

    def serve(answer: bytes) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        sockets.append(listening)

        def answer_all() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(5)
                    if connection.recv(65536):
                        connection.sendall(answer)

        threading.Thread(target=answer_all, daemon=True).start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield serve
    for each in sockets:
        each.shutdown(socket.SHUT_RDWR)
        each.close()


def states(diagnosis: Diagnosis) -> dict[str, str]:
    return {each.step: each.state for each in diagnosis.findings}


def wrong(diagnosis: Diagnosis) -> Finding:
    (finding,) = diagnosis.wrong
    return finding


def test_a_module_inside_this_process(emulator: Emulator) -> None:
    diagnosis = examine(emulator.url)
    assert diagnosis.well
    found = states(diagnosis)
    assert {found[step] for step in (*CABLE, "proxy", "neighbour", "port")} == {"skipped"}
    assert {found[step] for step in ("http", "protocol", "activation", "camera")} == {"right"}


def test_a_module_elsewhere_on_the_network(served: str) -> None:
    diagnosis = examine(served)
    assert diagnosis.well
    found = states(diagnosis)
    assert {found[step] for step in (*CABLE, "neighbour")} == {"skipped"}
    assert found["port"] == "right"
    assert served in diagnosis.findings[0].what


def test_it_asks_only_what_changes_nothing(emulator: Emulator) -> None:
    examine(emulator.url)
    assert set(emulator.acted) == {"get_device_info", "get_item_list", "get_image"}


def test_findings_come_as_they_are_known_in_the_order_of_the_steps(served: str) -> None:
    told: list[Finding] = []
    diagnosis = examine(served, on_finding=told.append)
    assert tuple(told) == diagnosis.findings
    assert tuple(each.step for each in told) == STEPS
    assert json.loads(json.dumps(diagnosis.to_dict()))["findings"][0]["step"] == "usb"


def test_the_url_of_the_environment(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_AI_URL", served)
    assert examine().url == served


def test_what_the_module_said_can_be_recorded(emulator: Emulator, tmp_path: Path) -> None:
    examine(emulator.url, record=tmp_path / "day.har")
    recorded = json.loads((tmp_path / "day.har").read_text(encoding="utf-8"))["log"]["entries"]
    asked = [entry["request"]["url"].rpartition("/")[2] for entry in recorded]
    assert asked == ["get_device_info", "get_item_list", "get_image"]


# --- the port


def test_a_closed_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    diagnosis = examine(f"http://127.0.0.1:{port}")
    assert not diagnosis.reached
    assert wrong(diagnosis).what.startswith(f"Port {port} of 127.0.0.1 is closed")
    assert wrong(diagnosis).code == "port.closed"
    assert wrong(diagnosis).values["port"] == str(port)
    assert states(diagnosis)["camera"] == "skipped"


def test_a_name_that_nobody_knows() -> None:
    finding = wrong(examine("http://module.invalid"))
    assert "'module.invalid' is not known" in finding.what
    assert finding.code == "port.unknown_name"


def test_a_connection_that_the_kernel_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise OSError(errno.ENETUNREACH, "whatever")

    monkeypatch.setattr(socket, "create_connection", refuse)
    finding = wrong(examine("http://127.0.0.1:9"))
    assert finding.code == "port.failed"
    assert finding.what == "No connection to port 9 of 127.0.0.1: Network is unreachable."


# --- what answers


def test_no_http(answering: Callable[[bytes], str]) -> None:
    diagnosis = examine(answering(b"SSH-2.0-OpenSSH_9.2p1\r\n"))
    assert wrong(diagnosis).code == "http.lost"
    assert not diagnosis.reached


def test_no_socket() -> None:
    assert wrong(examine("unix:/nowhere/module.sock")).code == "http.none"


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 13\r\n\r\n<html>nginx</", "nginx"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "[]"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\xff\xfe\x00\x1b", "no VISION-AI module"),
        (b"HTTP/1.1 302 Found\r\nLocation: https://login.shop/\r\nContent-Length: 0\r\n\r\n", "302"),
    ],
)
def test_another_server(answering: Callable[[bytes], str], answer: bytes, shown: str) -> None:
    diagnosis = examine(answering(answer))
    assert diagnosis.reached
    assert wrong(diagnosis).code == "protocol.foreign"
    assert shown in wrong(diagnosis).what
    assert wrong(diagnosis).what.isprintable()


def test_a_module_that_answers_with_an_error(emulator: Emulator) -> None:
    emulator.fail_next(-6210, "get_device_info")
    finding = wrong(examine(emulator.url))
    assert "-6210" in finding.what
    assert finding.code == "protocol.refused"
    assert finding.values["error_code"] == "-6210"


def test_a_module_that_does_not_answer(emulator: Emulator, served: str) -> None:
    emulator.faults.add(Fault("drop_before_answer", times=None, ending="silence"))
    assert wrong(examine(served, timeout=0.5)).code == "http.timeout"


# --- whether it can work


def test_a_module_that_no_store_has_activated(emulator: Emulator) -> None:
    emulator.deactivate()
    assert wrong(examine(emulator.url)).code == "activation.missing"


def test_a_module_without_a_store_that_refuses(emulator: Emulator) -> None:
    emulator.fail_next(-6128, "get_item_list")
    finding = wrong(examine(emulator.url))
    assert finding.code == "activation.refused"
    assert "-6128" in finding.what


def test_products_that_cannot_be_listed(emulator: Emulator) -> None:
    emulator.fail_next(-6555, "get_item_list")
    (finding,) = [each for each in examine(emulator.url).findings if each.step == "activation"]
    assert (finding.state, finding.code) == ("unknown", "activation.unknown")
    assert "-6555" in finding.what


def test_a_lost_camera(emulator: Emulator) -> None:
    emulator.fail_next(-6103, "get_image")
    finding = wrong(examine(emulator.url))
    assert finding.code == "camera.lost"
    assert finding.mend is not None
    assert finding.mend.endswith(f"vision-ai reboot --wait --url {emulator.url}")


def test_no_picture_for_another_reason(emulator: Emulator) -> None:
    emulator.fail_next(-6203, "get_image")
    finding = wrong(examine(emulator.url))
    assert finding.code == "camera.no_picture"
    assert "-6203" in finding.what


# --- proxies


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_a_proxy_for_all(served: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://clerk:secret@proxy.shop:3128/")
    diagnosis = examine(served)
    finding = wrong(diagnosis)
    assert finding.code == "proxy.set"
    assert finding.values["proxy"] == "proxy.shop:3128"
    assert "proxy.shop:3128" in finding.what
    assert "secret" not in finding.what
    assert finding.mend == "export no_proxy=127.0.0.1"
    assert diagnosis.reached


@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_what_is_exempt_already_stays_exempt(served: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("http_proxy", "proxy.shop:3128")
    monkeypatch.setenv(name, "localhost,.shop")
    assert wrong(examine(served)).mend == "export no_proxy=localhost,.shop,127.0.0.1"


@pytest.mark.parametrize("exempt", ["127.0.0.1", "*", "localhost, 127.0.0.1"])
def test_a_proxy_but_not_for_the_module(served: str, monkeypatch: pytest.MonkeyPatch, exempt: str) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.shop:3128")
    monkeypatch.setenv("no_proxy", exempt)
    assert examine(served).well


def test_a_proxy_for_something_else(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.shop:3128")
    assert examine(served).well


# --- what is not possible


@pytest.mark.parametrize("url", ["module", "http://", "ftp://172.0.0.1", "http://127.0.0.1:port", "replay"])
def test_urls_that_are_none(url: str) -> None:
    with pytest.raises(InvalidInputError):
        examine(url)


def test_no_time(emulator: Emulator) -> None:
    with pytest.raises(InvalidInputError, match="timeout"):
        examine(emulator.url, timeout=0)


def test_an_interface_for_what_is_not_on_one(emulator: Emulator) -> None:
    for url in (emulator.url, "http://127.0.0.1:9"):
        with pytest.raises(InvalidInputError, match="interface"):
            examine(url, interface="usb1")


def test_importing_it_does_not_need_pyroute2() -> None:
    code = "import sys, vision_ai_tools.doctor, vision_ai_tools.link; sys.exit('pyroute2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
