"""Recordings of all read operations, of any command, and of a till."""

from __future__ import annotations

import http.client
import json
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from shared_cli import parse_json_lines, run_cli
from shared_cli_server import start_cli

from vision_ai import AnswerLostError, VisionAI
from vision_ai_emulator import Emulator, Fault, serve


def entries(file: Path) -> list[dict[str, Any]]:
    return json.loads(file.read_text())["log"]["entries"]


def paths(file: Path) -> list[str]:
    return [urlsplit(entry["request"]["url"]).path for entry in entries(file)]


def test_each_read_operation_is_called_once(emulator: Emulator, url: str, tmp_path: Path) -> None:
    emulator.fail_next(-6103, "get_image", times=3)
    result = run_cli("record", "look.har", "--json", url=url, cwd=tmp_path).value
    asked = {each["operation"]: each["error"] for each in result["asked"]}
    assert paths(tmp_path / "look.har") == [f"/api/{name}" for name in asked]
    assert set(asked) == {
        *("get_device_info", "get_calib", "get_learnmode", "get_item_list", "get_registered_item_list"),
        *("get_backup_status", "get_restore_status", "get_result", "get_image"),
    }
    assert "CAMERA_LOST" in asked.pop("get_image") and set(asked.values()) == {None}
    assert sum(emulator.acted.values()) == len(asked)
    assert "12345678" not in (tmp_path / "look.har").read_text()


def test_secrets_are_kept_on_request(url: str, tmp_path: Path) -> None:
    run_cli("record", "look.har", "--keep-secrets", url=url, cwd=tmp_path)
    assert "12345678" in (tmp_path / "look.har").read_text()
    again = run_cli("record", "look.har", "--json", url=url, cwd=tmp_path)
    assert (again.status, again.error["kind"]) == (2, "input")


def test_any_command_can_be_recorded_and_played_back(url: str, tmp_path: Path) -> None:
    made = run_cli("calib", "get", "--record", "calib.har", "--json", url=url, cwd=tmp_path).value
    assert run_cli("calib", "get", "--url", "replay:calib.har", "--json", cwd=tmp_path).value == made
    missing = run_cli("image", "x.jpg", "--url", "replay:calib.har", "--json", cwd=tmp_path)
    assert (missing.status, missing.error["kind"]) == (1, "recording")


def test_a_recording_of_a_module_that_cannot_be_reached(tmp_path: Path) -> None:
    result = run_cli("record", "look.har", "--json", "--url", "http://127.0.0.1:9", cwd=tmp_path)
    assert (result.status, result.error["kind"]) == (3, "unreachable")
    assert "refused" in json.dumps(entries(tmp_path / "look.har"))


@contextmanager
def start_relay(url: str, file: Path) -> Iterator[str]:
    """Yield the address of a relay to the module. Ctrl-C ends it."""
    with start_cli("record", file, "--listen", "0", "--json", url=url) as program:
        [started] = parse_json_lines(program.out.readline())
        yield started["result"]["url"]
        program.send_signal(signal.SIGINT)
        assert program.wait() == 0
        [ended] = parse_json_lines(program.out.read())
        assert ended["result"] == {"file": str(file), "calls": len(entries(file))}


def test_a_till_is_relayed_and_recorded(emulator: Emulator, url: str, tmp_path: Path) -> None:
    with start_relay(url, tmp_path / "day.har") as address, VisionAI(address) as till:
        till.learn(id="001", name="Apple", pictures=1)
        assert till.get_result().items[0].id == "001"
        picture = till.get_image()
        backup = till.backup(tmp_path, poll=0.05)
        till.restore(backup, poll=0.05)
    assert picture.startswith(b"\xff\xd8\xff")
    assert emulator.acted["start_restore"] == 1
    recorded = paths(tmp_path / "day.har")
    assert recorded[:5] == [
        "/api/get_device_info",  # teaching asks for the version of the API
        "/api/get_registered_item_list",  # and which pictures there are already
        "/api/register_item",
        "/api/commit_registered_item",
        "/api/get_result",
    ]
    assert "/api/start_restore" in recorded and any(path.startswith("/download/") for path in recorded)


def test_a_till_of_v2_is_relayed_recorded_and_played_back(tmp_path: Path) -> None:
    with serve(Emulator(api="v2")) as url:
        with start_relay(url, tmp_path / "day.har") as address, VisionAI(address, api="v2") as till:
            till.learn(id="001", name="Apple", pictures=1)
            result = till.get_result()
        assert run_cli("record", "look.har", "--json", url=url, cwd=tmp_path).status == 0
    recorded = [
        (entry["request"]["method"], path)
        for entry, path in zip(entries(tmp_path / "day.har"), paths(tmp_path / "day.har"), strict=True)
    ]
    assert recorded == [
        ("GET", "/api/get_item_list"),
        ("POST", "/api/add_item_template"),
        ("GET", "/api/get_result"),
    ]
    # A client that does not know the version finds it in the recording, which has no device information.
    with VisionAI(f"replay:{tmp_path}/day.har") as module:
        assert [item.id for item in module.get_result().items] == [item.id for item in result.items]
        assert len(module.learn(id="001", name="Apple", pictures=1)) == 1
    with VisionAI(f"replay:{tmp_path}/look.har") as module:
        assert module.get_device_info().board == "1109" and module.get_image().width == 1280


def test_bytes_pass_unchanged(url: str, tmp_path: Path) -> None:
    head = b"POST /api/set_learnmode HTTP/1.1\r\nHost: till\r\nX-Till: 7\r\nContent-Length: 11\r\n\r\n"
    with start_relay(url, tmp_path / "day.har") as address:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as till:
            till.sendall(head + b'{"mode": 0}')
            answer = http.client.HTTPResponse(till, method="POST")
            answer.begin()
            assert (answer.status, answer.read()) == (200, b'{"code":0,"data":null}')
    [entry] = entries(tmp_path / "day.har")
    assert entry["request"]["postData"]["text"] == '{"mode": 0}'
    assert {"name": "X-Till", "value": "7"} in entry["request"]["headers"]


def test_credentials_of_a_till_are_not_recorded(url: str, tmp_path: Path) -> None:
    with start_relay(url, tmp_path / "day.har") as address:
        till = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
        headers = {
            "Cookie": "id=open-sesame",
            "X-Auth-Token": "open-sesame",
            "Referer": "http://a:open-sesame@b/",
        }
        till.request("POST", "/api/get_calib?access_token=open-sesame&sn=12345678", b"", headers)
        till.getresponse().read()
        till.close()
    [entry] = entries(tmp_path / "day.har")
    assert "/api/get_calib?access_token=hidden" in entry["request"]["url"]
    assert "open-sesame" not in json.dumps(entry)
    assert "12345678" not in json.dumps(entry)


def test_a_lost_response_is_lost_for_the_till(emulator: Emulator, url: str, tmp_path: Path) -> None:
    emulator.faults.add(Fault("drop_before_answer", "register_item"))
    with start_relay(url, tmp_path / "day.har") as address, VisionAI(address) as till:
        try:
            till.register_item(id="1", name="Fig")
        except AnswerLostError:
            lost = True
        else:
            lost = False
        assert till.get_device_info().sn == "12345678"
    assert lost and emulator.acted["register_item"] == 1
    assert paths(tmp_path / "day.har") == [
        "/api/get_device_info",
        "/api/register_item",
        "/api/get_device_info",
    ]


def test_requests_that_cannot_be_relayed_are_refused(url: str, tmp_path: Path) -> None:
    with start_relay(url, tmp_path / "day.har") as address:
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
        for headers, status in (({"Content-Length": "x"}, 400), ({"Transfer-Encoding": "chunked"}, 411)):
            connection.putrequest("POST", "/api/get_calib")
            for header in headers.items():
                connection.putheader(*header)
            connection.endheaders()
            answer = connection.getresponse()
            assert answer.status == status
            answer.read()
            connection.close()
        run_cli("info", "--url", address)


def test_a_port_that_is_in_use(url: str, tmp_path: Path) -> None:
    port = url.rpartition(":")[2]
    result = run_cli("record", "day.har", "--listen", port, "--json", url=url, cwd=tmp_path)
    assert (result.status, result.error["kind"]) == (1, "port")
