"""The doctor for modules that are not connected to this computer over USB."""

from __future__ import annotations

import errno
import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import pytest
from shared_socket_server import respond, serve

from vision_ai import InvalidInputError
from vision_ai_emulator import Emulator, Fault
from vision_ai_emulator.serving.server import EmulatorServer
from vision_ai_tools.doctor import STEPS, Diagnosis, Finding, diagnose

CABLE = STEPS[: STEPS.index("route") + 1]


@pytest.fixture(autouse=True)
def _no_proxy_variables(no_proxy_variables: None) -> None: ...


@pytest.fixture
def emulator_url(emulator: Emulator) -> Iterator[str]:
    """URL of the emulator on 127.0.0.1."""
    server = EmulatorServer(emulator, "127.0.0.1", 0)
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def serve_response() -> Iterator[Callable[[bytes], str]]:
    """Start servers on 127.0.0.1 that send the same bytes to every request; return their URL."""
    with ExitStack() as servers:
        yield lambda response: servers.enter_context(serve(respond(response))).url


def map_states(diagnosis: Diagnosis) -> dict[str, str]:
    return {each.step: each.state for each in diagnosis.findings}


def get_problem(diagnosis: Diagnosis) -> Finding:
    """The only finding that is wrong."""
    (finding,) = diagnosis.wrong
    return finding


def test_module_in_this_process(emulator: Emulator) -> None:
    diagnosis = diagnose(emulator.url)
    assert diagnosis.well
    states = map_states(diagnosis)
    assert {states[step] for step in (*CABLE, "proxy", "neighbor", "port")} == {"skipped"}
    assert {states[step] for step in ("http", "protocol", "activation", "camera")} == {"right"}


def test_module_on_another_network(emulator_url: str) -> None:
    diagnosis = diagnose(emulator_url)
    assert diagnosis.well
    states = map_states(diagnosis)
    assert {states[step] for step in (*CABLE, "neighbor")} == {"skipped"}
    assert states["port"] == "right"
    assert emulator_url in diagnosis.findings[0].what


def list_codes(diagnosis: Diagnosis) -> dict[str, str]:
    return {each.step: each.code for each in diagnosis.findings}


def test_a_module_that_speaks_v2() -> None:
    emulator = Emulator(api="v2")
    diagnosis = diagnose(emulator.url)
    assert diagnosis.well
    codes = list_codes(diagnosis)
    assert (codes["api"], codes["clock"], codes["activation"]) == (
        "api.v2",
        "clock.set",
        "activation.lists_products",
    )
    assert set(emulator.acted) == {"get_device_info", "set_time", "get_item_list", "get_image"}
    emulator.clear_log()
    assert list_codes(diagnose(emulator.url, set_clock=False))["clock"] == "clock.not_set"
    assert "set_time" not in emulator.acted
    emulator.fail_next(-6203, "set_time")
    emulator.camera_lost = True
    diagnosis = diagnose(emulator.url)
    assert [each.code for each in diagnosis.wrong] == ["clock.failed", "camera.lost_power"]
    assert all(each.fix is None for each in diagnosis.wrong)  # V2's operation for a restart is not known


def test_only_reading_operations_are_used(emulator: Emulator) -> None:
    diagnose(emulator.url)
    assert set(emulator.acted) == {"get_device_info", "get_item_list", "get_image"}


def test_findings_are_reported_in_the_order_of_the_steps(emulator_url: str) -> None:
    reported: list[Finding] = []
    diagnosis = diagnose(emulator_url, on_finding=reported.append)
    assert tuple(reported) == diagnosis.findings
    assert tuple(each.step for each in reported) == STEPS
    assert json.loads(json.dumps(diagnosis.to_dict()))["findings"][0]["step"] == "usb"


def test_url_from_the_environment(emulator_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_AI_URL", emulator_url)
    assert diagnose().url == emulator_url


def test_requests_are_recorded(emulator: Emulator, tmp_path: Path) -> None:
    diagnose(emulator.url, record=tmp_path / "day.har")
    recorded = json.loads((tmp_path / "day.har").read_text(encoding="utf-8"))["log"]["entries"]
    operations = [entry["request"]["url"].rpartition("/")[2] for entry in recorded]
    assert operations == ["get_device_info", "get_item_list", "get_image"]


# --- the port


def test_closed_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    diagnosis = diagnose(f"http://127.0.0.1:{port}")
    assert not diagnosis.reached
    assert get_problem(diagnosis).what.startswith(f"Port {port} of 127.0.0.1 is closed")
    assert get_problem(diagnosis).code == "port.closed"
    assert get_problem(diagnosis).values["port"] == str(port)
    assert map_states(diagnosis)["camera"] == "skipped"


def test_unknown_host_name() -> None:
    finding = get_problem(diagnose("http://module.invalid"))
    assert "'module.invalid' cannot be resolved" in finding.what
    assert finding.code == "port.unknown_name"


def test_connection_that_the_kernel_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise OSError(errno.ENETUNREACH, "whatever")

    monkeypatch.setattr(socket, "create_connection", refuse)
    finding = get_problem(diagnose("http://127.0.0.1:9"))
    assert finding.code == "port.failed"
    assert finding.what == "The connection to port 9 of 127.0.0.1 failed: Network is unreachable."


# --- other servers


def test_server_without_http(serve_response: Callable[[bytes], str]) -> None:
    diagnosis = diagnose(serve_response(b"SSH-2.0-OpenSSH_9.2p1\r\n"))
    assert get_problem(diagnosis).code == "http.lost"
    assert not diagnosis.reached


def test_missing_unix_socket() -> None:
    assert get_problem(diagnose("unix:/nowhere/module.sock")).code == "http.none"


@pytest.mark.parametrize(
    ("response", "excerpt"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 13\r\n\r\n<html>nginx</", "nginx"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "[]"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\xff\xfe\x00\x1b", "not a VISION-AI module"),
        (b"HTTP/1.1 302 Found\r\nLocation: https://login.shop/\r\nContent-Length: 0\r\n\r\n", "302"),
    ],
)
def test_server_that_is_no_module(
    serve_response: Callable[[bytes], str], response: bytes, excerpt: str
) -> None:
    diagnosis = diagnose(serve_response(response))
    assert diagnosis.reached
    assert get_problem(diagnosis).code == "protocol.foreign"
    assert excerpt in get_problem(diagnosis).what
    assert get_problem(diagnosis).what.isprintable()


def test_module_that_returns_an_error(emulator: Emulator) -> None:
    emulator.fail_next(-6210, "get_device_info")
    finding = get_problem(diagnose(emulator.url))
    assert "-6210" in finding.what
    assert finding.code == "protocol.refused"
    assert finding.values["error_code"] == "-6210"


def test_module_that_does_not_respond(emulator: Emulator, emulator_url: str) -> None:
    emulator.faults.add(Fault("drop_before_answer", times=None, ending="silence"))
    assert get_problem(diagnose(emulator_url, timeout=0.5)).code == "http.timeout"


# --- readiness


def test_module_without_activation(emulator: Emulator) -> None:
    emulator.deactivate()
    assert get_problem(diagnose(emulator.url)).code == "activation.missing"


def test_module_that_refuses_without_activation(emulator: Emulator) -> None:
    emulator.fail_next(-6128, "get_item_list")
    finding = get_problem(diagnose(emulator.url))
    assert finding.code == "activation.refused"
    assert "-6128" in finding.what


def test_other_activation_errors_do_not_mean_that_the_module_is_not_activated(emulator: Emulator) -> None:
    emulator.fail_next(-6212, "get_item_list")
    (finding,) = [each for each in diagnose(emulator.url).findings if each.step == "activation"]
    assert (finding.state, finding.code) == ("unknown", "activation.unknown")


def test_product_list_that_cannot_be_read(emulator: Emulator) -> None:
    emulator.fail_next(-6555, "get_item_list")
    (finding,) = [each for each in diagnose(emulator.url).findings if each.step == "activation"]
    assert (finding.state, finding.code) == ("unknown", "activation.unknown")
    assert "-6555" in finding.what


def test_lost_camera(emulator: Emulator) -> None:
    emulator.fail_next(-6103, "get_image")
    finding = get_problem(diagnose(emulator.url))
    assert finding.code == "camera.lost"
    assert finding.fix is not None
    assert finding.fix.endswith(f"vision-ai reboot --wait --url {emulator.url}")


def test_other_error_instead_of_a_picture(emulator: Emulator) -> None:
    emulator.fail_next(-6203, "get_image")
    finding = get_problem(diagnose(emulator.url))
    assert finding.code == "camera.no_picture"
    assert "-6203" in finding.what


# --- proxies


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_proxy_for_all_hosts(emulator_url: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://clerk:secret@proxy.shop:3128/")
    diagnosis = diagnose(emulator_url)
    finding = get_problem(diagnosis)
    assert finding.code == "proxy.set"
    assert finding.values["proxy"] == "proxy.shop:3128"
    assert "proxy.shop:3128" in finding.what
    assert "secret" not in finding.what
    assert finding.fix == "export no_proxy=127.0.0.1"
    assert diagnosis.reached


@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_fix_keeps_existing_proxy_exemptions(
    emulator_url: str, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("http_proxy", "proxy.shop:3128")
    monkeypatch.setenv(name, "localhost,.shop")
    assert get_problem(diagnose(emulator_url)).fix == "export no_proxy=localhost,.shop,127.0.0.1"


@pytest.mark.parametrize("exempt", ["127.0.0.1", "*", "localhost, 127.0.0.1"])
def test_proxy_with_an_exemption_for_the_module(
    emulator_url: str, monkeypatch: pytest.MonkeyPatch, exempt: str
) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.shop:3128")
    monkeypatch.setenv("no_proxy", exempt)
    assert diagnose(emulator_url).well


def test_proxy_for_another_scheme(emulator_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.shop:3128")
    assert diagnose(emulator_url).well


# --- invalid arguments


@pytest.mark.parametrize("url", ["module", "http://", "ftp://172.0.0.1", "http://127.0.0.1:port", "replay"])
def test_invalid_url(url: str) -> None:
    with pytest.raises(InvalidInputError):
        diagnose(url)


def test_timeout_of_zero(emulator: Emulator) -> None:
    with pytest.raises(InvalidInputError, match="timeout"):
        diagnose(emulator.url, timeout=0)


def test_interface_with_another_url(emulator: Emulator) -> None:
    for url in (emulator.url, "http://127.0.0.1:9"):
        with pytest.raises(InvalidInputError, match="interface"):
            diagnose(url, interface="usb1")


def test_import_does_not_load_pyroute2() -> None:
    code = "import sys, vision_ai_tools.doctor, vision_ai_tools.link; sys.exit('pyroute2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_module_of_older_firmware_is_recognized(serve_response: Callable[[bytes], str]) -> None:
    body = b'{"code":0,"data":{"sn":12345678,"firmware":null}}'
    url = serve_response(b"HTTP/1.1 200 OK\nContent-Length: %d\n\n%b" % (len(body), body))
    protocol = next(each for each in diagnose(url).findings if each.step == "protocol")
    assert (protocol.state, protocol.code) == ("right", "protocol.module")
    assert protocol.values == {"serial": "12345678", "firmware": "–", "engine": "–"}
