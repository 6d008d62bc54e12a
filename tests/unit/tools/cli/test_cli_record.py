"""Recordings: of one look at everything, of any command, and of a till."""

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

from cli_program import json_lines, started, vision_ai

from vision_ai import AnswerLostError, VisionAI
from vision_ai_emulator import Emulator, Fault


def entries(file: Path) -> list[dict[str, Any]]:
    return json.loads(file.read_text())["log"]["entries"]


def paths(file: Path) -> list[str]:
    return [urlsplit(entry["request"]["url"]).path for entry in entries(file)]


def test_everything_that_changes_nothing_is_asked_once(emulator: Emulator, url: str, tmp_path: Path) -> None:
    emulator.fail_next(-6103, "get_image", times=3)
    told = vision_ai("record", "look.har", "--json", url=url, cwd=tmp_path).value
    asked = {each["operation"]: each["error"] for each in told["asked"]}
    assert paths(tmp_path / "look.har") == [f"/api/{name}" for name in asked]
    assert set(asked) == {
        *("get_device_info", "get_calib", "get_learnmode", "get_item_list", "get_registered_item_list"),
        *("get_backup_status", "get_restore_status", "get_result", "get_image"),
    }
    assert "CAMERA_LOST" in asked.pop("get_image") and set(asked.values()) == {None}
    assert sum(emulator.acted.values()) == len(asked)
    assert "12345678" not in (tmp_path / "look.har").read_text()


def test_secrets_are_kept_where_that_is_asked(url: str, tmp_path: Path) -> None:
    vision_ai("record", "look.har", "--keep-secrets", url=url, cwd=tmp_path)
    assert "12345678" in (tmp_path / "look.har").read_text()
    again = vision_ai("record", "look.har", "--json", url=url, cwd=tmp_path)
    assert (again.status, again.error["kind"]) == (2, "input")


def test_any_command_can_be_recorded_and_played_back(url: str, tmp_path: Path) -> None:
    made = vision_ai("calib", "get", "--record", "calib.har", "--json", url=url, cwd=tmp_path).value
    assert vision_ai("calib", "get", "--url", "replay:calib.har", "--json", cwd=tmp_path).value == made
    missing = vision_ai("info", "--url", "replay:calib.har", "--json", cwd=tmp_path)
    assert (missing.status, missing.error["kind"]) == (1, "recording")


def test_a_recording_of_a_module_that_is_not_there(tmp_path: Path) -> None:
    told = vision_ai("record", "look.har", "--json", "--url", "http://127.0.0.1:9", cwd=tmp_path)
    assert (told.status, told.error["kind"]) == (3, "unreachable")
    assert "refused" in json.dumps(entries(tmp_path / "look.har"))


@contextmanager
def relayed(url: str, file: Path) -> Iterator[str]:
    """The address of a relay to the module, which records in the file; ended by Ctrl-C."""
    with started("record", file, "--listen", "0", "--json", url=url) as program:
        assert program.stdout
        [there] = json_lines(program.stdout.readline())
        yield there["result"]["url"]
        program.send_signal(signal.SIGINT)
        assert program.wait() == 0
        [ended] = json_lines(program.stdout.read())
        assert ended["result"] == {"file": str(file), "calls": len(entries(file))}


def test_a_till_is_relayed_and_recorded(emulator: Emulator, url: str, tmp_path: Path) -> None:
    with relayed(url, tmp_path / "day.har") as address, VisionAI(address) as till:
        till.learn(id="001", name="Apple", pictures=1)
        assert till.get_result().items[0].id == "001"
        picture = till.get_image()
        backup = till.backup(tmp_path, poll=0.05)
        till.restore(backup, poll=0.05)
    assert picture.startswith(b"\xff\xd8\xff")
    assert emulator.acted["start_restore"] == 1
    recorded = paths(tmp_path / "day.har")
    assert recorded[:3] == ["/api/register_item", "/api/commit_registered_item", "/api/get_result"]
    assert "/api/start_restore" in recorded and any(path.startswith("/download/") for path in recorded)


def test_bytes_pass_unchanged(url: str, tmp_path: Path) -> None:
    head = b"POST /api/set_learnmode HTTP/1.1\r\nHost: till\r\nX-Till: 7\r\nContent-Length: 11\r\n\r\n"
    with relayed(url, tmp_path / "day.har") as address:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as till:
            till.sendall(head + b'{"mode": 0}')
            answer = http.client.HTTPResponse(till, method="POST")
            answer.begin()
            assert (answer.status, answer.read()) == (200, b'{"code":0,"data":null}')
    [entry] = entries(tmp_path / "day.har")
    assert entry["request"]["postData"]["text"] == '{"mode": 0}'
    assert {"name": "X-Till", "value": "7"} in entry["request"]["headers"]


def test_what_the_module_loses_is_lost_for_the_till(emulator: Emulator, url: str, tmp_path: Path) -> None:
    emulator.faults.add(Fault("drop_before_answer", "register_item"))
    with relayed(url, tmp_path / "day.har") as address, VisionAI(address) as till:
        try:
            till.register_item(id="1", name="Fig")
        except AnswerLostError:
            lost = True
        else:
            lost = False
        assert till.get_device_info().sn == "12345678"
    assert lost and emulator.acted["register_item"] == 1
    assert paths(tmp_path / "day.har") == ["/api/register_item", "/api/get_device_info"]


def test_requests_that_cannot_be_handed_on_are_refused(url: str, tmp_path: Path) -> None:
    with relayed(url, tmp_path / "day.har") as address:
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
        vision_ai("info", "--url", address)


def test_a_port_that_is_taken(url: str, tmp_path: Path) -> None:
    port = url.rpartition(":")[2]
    told = vision_ai("record", "day.har", "--listen", port, "--json", url=url, cwd=tmp_path)
    assert (told.status, told.error["kind"]) == (1, "port")
