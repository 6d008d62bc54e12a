"""The control interface: every endpoint in CONTROL.md, in this process and over a socket."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulator_support import EmulatorClient, connect, connect_to_control, create_emulator, wait_until

import vision_ai_emulator
from vision_ai_emulator import Emulator, Fault, ManualClock, RealClock
from vision_ai_emulator.control.endpoints import ROUTES
from vision_ai_emulator.control.interface import respond


def test_the_pan_can_be_read_and_changed(client: EmulatorClient) -> None:
    assert client.control("GET", "/pan") == {"kind": "apple", "kinds": list(Emulator.kinds)}
    assert client.control("PUT", "/pan", {"kind": "pear"})["kind"] == "pear"
    assert client.emulator.pan == "pear"
    assert client.control("DELETE", "/pan")["kind"] is None
    assert "durian" in client.control_error(400, "PUT", "/pan", {"kind": "durian"})
    assert "'kind'" in client.control_error(400, "PUT", "/pan", {})
    assert "no option 'color'" in client.control_error(400, "PUT", "/pan", {"kind": "pear", "color": "red"})


def test_reading_changes_nothing(client: EmulatorClient) -> None:
    client.teach("001", "Apple", "apple")
    client.control("DELETE", "/requests")
    before = client.emulator.state()
    picture = client.send_control("GET", "/picture.jpg")
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content == client.emulator.device.get_image()
    guesses = client.control("GET", "/guesses")
    assert guesses["seen"] is True
    assert [(each["id"], each["name"]) for each in guesses["items"]] == [("001", "Apple")]
    assert client.control("GET", "/catalog")["products"] == [{"id": "001", "name": "Apple", "templates": 2}]
    assert client.control("GET", "/requests") == {"requests": [], "acted": {}}
    assert client.emulator.state() == before
    assert client.call_data("get_result")["items"] == [
        {"id": each["id"], "score": each["score"]} for each in guesses["items"]
    ]


def test_the_etag_changes_with_the_picture(local_client: EmulatorClient) -> None:
    names = [local_client.send_control("GET", "/picture.jpg").headers["etag"] for _ in range(2)]
    local_client.emulator.put("apple")
    assert names[0] == names[1] != local_client.send_control("GET", "/picture.jpg").headers["etag"]
    local_client.control("DELETE", "/pan")
    assert local_client.control("GET", "/guesses") == {"items": [], "seen": False}


def test_the_catalog_can_be_read_and_extended(client: EmulatorClient) -> None:
    client.control("POST", "/catalog", {"id": "7", "name": "Apfel"})
    assert client.recognize() == "7"
    client.call_data("register_item", {"id": "8", "name": "n"})
    catalog = client.control("GET", "/catalog")
    assert [each["id"] for each in catalog["cache"]] == ["8"]
    assert catalog["calibration"] == {"height": 482, "left": 444, "top": 39, "width": 348}
    assert catalog["learn_mode"] == 1
    client.emulator.clear_pan()
    assert "on the pan" in client.control_error(400, "POST", "/catalog", {"id": "7", "name": "n"})
    assert "empty" in client.control_error(400, "POST", "/catalog", {"id": "", "name": "n"})


def test_the_camera_can_be_unplugged(client: EmulatorClient) -> None:
    assert client.control("PUT", "/camera", {"lost": True}) == {"lost": True}
    assert client.call_code("get_result") == -6103
    # the control interface still shows the pan
    assert client.send_control("GET", "/picture.jpg").content.startswith(b"\xff\xd8\xff")
    assert client.control("PUT", "/camera", {"lost": False}) == client.control("GET", "/camera")
    assert "true or false" in client.control_error(400, "PUT", "/camera", {"lost": 1})


def test_the_clock_can_be_frozen_and_stepped(client: EmulatorClient) -> None:
    assert client.control("GET", "/clock") == {
        "device_now": "2022-04-14T15:00:11.198000",
        "mode": "frozen",
        "now": "2022-04-14T15:00:11.198000",
        "seconds": 0.0,
    }
    assert client.control("POST", "/clock/step", {"seconds": 10})["now"] == "2022-04-14T15:00:21.198000"
    assert client.control("PUT", "/clock", {"mode": "real"})["mode"] == "real"
    assert "frozen" in client.control_error(400, "POST", "/clock/step", {"seconds": 1})
    first = client.control("GET", "/clock")
    assert first["seconds"] >= 10
    frozen = client.control("PUT", "/clock", {"mode": "frozen"})
    assert frozen["now"] >= first["now"] and frozen["seconds"] >= first["seconds"]
    assert client.control("GET", "/clock") == frozen
    assert "'frozen' or 'real'" in client.control_error(400, "PUT", "/clock", {"mode": "fast"})
    assert "0 or more" in client.control_error(400, "POST", "/clock/step", {"seconds": -1})
    assert "a number" in client.control_error(400, "POST", "/clock/step", {"seconds": "1"})


def test_time_never_goes_back_when_the_clock_is_replaced() -> None:
    emulator = create_emulator()
    emulator.step(100 * 365 * 86400)
    times = [emulator.device_clock.now()]
    for _ in range(2):
        emulator.unfreeze()
        assert isinstance(emulator.clock, RealClock)
        times.append(emulator.device_clock.now())
        emulator.freeze()
        emulator.freeze()
        times.append(emulator.device_clock.now())
    assert times == sorted(times)
    with pytest.raises(ValueError, match="at most"):
        emulator.step(1e300)
    source = ManualClock()
    emulator.clock = source
    source.step(5)
    assert emulator.clock is source and emulator.device_clock.now() > times[-1]


def test_jobs_advance_at_once_or_with_polls(client: EmulatorClient) -> None:
    assert client.control("PUT", "/pace", {"pace": "immediate"})["pace"] == "immediate"
    client.call("start_backup")
    done = client.call("get_backup_status")
    assert done["status"] == 3
    content = client.http.get(f"/download/{done['filename']}").content
    client.call_code("start_restore", files={"file": content})
    assert client.call("get_restore_status")["status"] == 4

    client.control("PUT", "/pace", {"pace": "polls"})
    client.call("start_backup")
    assert client.call_code("start_restore", files={"file": content}) == -6204
    # only the device's own operation counts as a poll
    assert client.control("GET", "/status")["jobs"]["backup"]["status"] == 1
    assert [client.call("get_backup_status")["status"] for _ in range(3)] == [1, 3, 3]
    client.call_code("start_restore", files={"file": content})
    assert [client.call("get_restore_status")["status"] for _ in range(4)] == [2, 3, 4, 4]
    assert "timed, immediate, polls" in client.control_error(400, "PUT", "/pace", {"pace": "slow"})


def test_the_device_can_be_activated_and_deactivated(client: EmulatorClient) -> None:
    assert client.control("GET", "/store") == {"activated": True, "id": "11095", "name": "Fruit Store Name"}
    assert client.control("DELETE", "/store") == {"activated": False, "id": None, "name": None}
    assert client.call_data("get_device_info")["clientID"] == "0000"
    client.control("PUT", "/store", {"id": "1", "name": "Eins"})
    assert client.call_data("get_device_info")["clientName"] == "Eins"


def test_settings_can_be_changed_at_run_time(client: EmulatorClient) -> None:
    content = client.back_up()
    settings = client.control("PUT", "/settings", {"firmware": "10.0", "engine": "9.6.0"})
    assert (settings["firmware"], settings["sn"]) == ("10.0", "12345678")
    info = client.call_data("get_device_info")
    assert (info["firmware"], info["engine"]) == ("10.0", "9.6.0")
    assert client.restore(content)["code"] == -6143
    client.emulator.change(engine="9.5.0")
    assert client.restore(content)["code"] == 0
    assert "a string" in client.control_error(400, "PUT", "/settings", {"firmware": 10})
    assert "backup_seconds" in client.control_error(400, "PUT", "/settings", {"backup_seconds": -1})
    assert "it is one of" in client.control_error(400, "PUT", "/settings", {"color": "red"})
    assert client.control("GET", "/settings") == client.control("PUT", "/settings", {})


def test_setting_the_seed_restarts_the_random_numbers(client: EmulatorClient) -> None:
    def take_picture() -> bytes:
        client.control("PUT", "/seed", {"seed": 7})
        client.emulator.put("banana")
        return client.send_control("GET", "/picture.jpg").content

    assert take_picture() == take_picture() == Emulator(seed=7, pan="banana").device.get_image()
    assert client.control("GET", "/seed") == {"seed": 7} == {"seed": client.emulator.seed}


def test_a_reset_creates_a_new_device(client: EmulatorClient) -> None:
    client.teach("1", "Apple", "apple")
    client.back_up()
    client.emulator.camera_lost = True
    client.control("DELETE", "/store")
    client.control("POST", "/faults", {"kind": "error_code", "times": None})
    status = client.control(
        "POST",
        "/reset",
        {"seed": 3, "pan": "lemon", "settings": {"sn": "77"}, "dialect": {"list_shape": "items"}},
    )
    assert (status["seed"], status["settings"]["sn"], status["pan"]["kind"]) == (3, "77", "lemon")
    assert (status["faults"], status["requests"], status["camera_lost"]) == (0, 0, False)
    assert client.call_data("get_item_list") == {"items": []}
    info = client.call_data("get_device_info")
    assert (info["clientID"], info["sn"]) == ("11095", "77")
    assert client.call("get_backup_status")["status"] == 0
    assert client.emulator.device.get_image() == Emulator(seed=3, pan="lemon").device.get_image()
    # omitted values stay
    again = client.control("POST", "/reset")
    assert (again["seed"], again["settings"]["sn"], again["pan"]["kind"]) == (3, "77", "apple")
    assert again["dialect"]["list_shape"] == "items"


def test_an_invalid_reset_changes_nothing(local_client: EmulatorClient) -> None:
    local_client.teach("1", "Apple", "apple")
    for options in (
        {"pan": "durian"},
        {"settings": {"sn": 1}},
        {"dialect": {"x": 1}},
        {"seed": "1"},
        {"a": 1},
    ):
        local_client.control_error(400, "POST", "/reset", {"seed": 9, **options})
    assert local_client.emulator.seed == 0 and local_client.call_data("get_item_list") != []


def test_a_reset_device_repeats_its_responses(local_client: EmulatorClient) -> None:
    def use_device() -> tuple[Any, ...]:
        local_client.emulator.put("pear")
        local_client.teach("1", "Pear", "pear")
        return (
            local_client.call_data("get_result"),
            local_client.call_data("get_registered_item_list"),
            local_client.back_up(),
        )

    first = use_device()
    local_client.emulator.clock = ManualClock()
    local_client.emulator.device_clock.continue_from(0, ManualClock.START, ManualClock())
    local_client.emulator.reset()
    assert use_device() == first


def test_control_works_while_the_device_is_unreachable(client: EmulatorClient) -> None:
    def responds() -> bool:
        try:
            return client.call_code("get_calib") == 0
        except httpx.ConnectError:
            return False

    assert client.control("POST", "/reboot", {"seconds": 7})["up"] is False
    with connect_to_control(client) as control:
        assert control.control("GET", "/status")["up"] is False
        with pytest.raises(httpx.ConnectError):
            client.http.post("/api/get_calib")
        control.control("POST", "/clock/step", {"seconds": 6.9})
        assert control.control("GET", "/status")["up"] is False
        control.control("POST", "/clock/step", {"seconds": 0.2})
        wait_until(responds)
        assert control.control("GET", "/status")["reboots"] == 1
        assert "0 or more" in control.control_error(400, "POST", "/reboot", {"seconds": -1})


def test_the_status_contains_everything_a_page_shows(client: EmulatorClient) -> None:
    client.http.post("/api/get_image")
    client.emulator.faults.add(Fault("slow_body", "get_calib"))
    client.call("start_backup")
    status = client.control("GET", "/status")
    assert status["acted"] == {"get_image": 1, "start_backup": 1}
    assert (status["requests"], status["faults"], status["up"]) == (2, 1, True)
    assert status["jobs"]["backup"]["status"] == 1
    assert status["settings"]["backup_seconds"] == 1.0
    server = client.emulator.server_info
    assert (status["url"], status["control_url"]) == (server.url, server.control_url)
    if server.url:
        assert str(client.http.base_url).rstrip("/") == server.url


def test_the_log_contains_requests_and_responses(client: EmulatorClient) -> None:
    client.call_data("set_learnmode", {"mode": 0})
    client.emulator.step(1)
    client.call_code("set_learnmode", {"mode": 7})
    client.http.get("/download/none.evo?x=1")
    client.emulator.fail_next(-6210)
    client.http.post("/api/get_image")
    client.http.post("/api/nonsense", content=b"\xff")
    client.http.post("/api/get_image")
    log = client.control("GET", "/requests")
    assert log["acted"] == {"set_learnmode": 1, "get_image": 1}
    rows = [
        tuple(each[name] for name in ("number", "path", "operation", "body", "status", "code", "faults"))
        for each in log["requests"]
    ]
    assert rows == [
        (1, "/api/set_learnmode", "set_learnmode", '{"mode":0}', 200, 0, []),
        (2, "/api/set_learnmode", "set_learnmode", '{"mode":7}', 200, -6213, []),
        (3, "/download/none.evo", "download", None, 200, -6202, []),
        (4, "/api/get_image", "get_image", None, 200, -6210, ["error_code"]),
        (5, "/api/nonsense", None, None, 200, -6117, []),
        (6, "/api/get_image", "get_image", None, 200, None, []),
    ]
    assert [each["time"][17:19] for each in log["requests"]] == ["11"] + ["12"] * 5
    assert log["requests"][0]["method"] == "POST"
    assert [each["number"] for each in client.control("GET", "/requests?after=4")["requests"]] == [5, 6]
    assert "'after'" in client.control_error(400, "GET", "/requests?after=x")
    assert client.control("DELETE", "/requests") == {"requests": [], "acted": {}}
    client.call_code("get_calib")
    assert [each["number"] for each in client.control("GET", "/requests")["requests"]] == [7]


def test_faults_can_be_listed_added_and_removed(client: EmulatorClient) -> None:
    added = client.control("POST", "/faults", {"kind": "error_code", "code": -6209, "operation": "get_calib"})
    assert added == {
        "id": 1,
        "kind": "error_code",
        "operation": "get_calib",
        "times": 1,
        "probability": 1.0,
        "code": -6209,
        "acted": False,
        "left": 1,
        "taken": 0,
    }
    client.control("POST", "/faults", {"kind": "slow_first_byte", "seconds": 0, "times": None})
    assert client.call_code("get_learnmode") == 0
    assert client.control("GET", "/faults/1") == added
    faults = client.control("GET", "/faults")["faults"]
    assert [(each["id"], each["left"], each["taken"]) for each in faults] == [(1, 1, 0), (2, None, 1)]
    assert client.call_code("get_calib") == -6209
    assert "lists the pending ones" in client.control_error(404, "GET", "/faults/1")
    assert client.control("DELETE", "/faults/2") == {"faults": []}
    assert "lists the pending ones" in client.control_error(404, "DELETE", "/faults/2")
    assert "not a number" in client.control_error(404, "GET", "/faults/x")
    client.emulator.fail_next(-6210)
    assert client.control("DELETE", "/faults") == {"faults": []}
    for fault, hint in (
        ({}, "'kind'"),
        ({"kind": "magic"}, "one of error_code"),
        ({"kind": "error_code", "code": "x"}, "integer"),
        ({"kind": "error_code", "seconds": 1}, "no parameter 'seconds'"),
        ({"kind": "error_code", "operation": "fly"}, "no operation 'fly'"),
        ({"kind": "error_code", "code": 0}, "negative"),
    ):
        assert hint in client.control_error(400, "POST", "/faults", fault), fault
    assert client.call_code("get_calib") == 0


def test_dialects_can_be_changed(client: EmulatorClient) -> None:
    assert client.control("PUT", "/dialect", {"charset": "gbk"})["charset"] == "gbk"
    assert client.control("PUT", "/dialect", {"trailing_commas": True})["charset"] == "gbk"
    assert client.http.post("/api/get_backup_status").content.decode("gbk").endswith('"status":0,}')
    assert client.control("DELETE", "/dialect")["charset"] == "utf8"
    assert client.control("GET", "/dialect")["trailing_commas"] is False
    assert "utf8, gbk" in client.control_error(400, "PUT", "/dialect", {"charset": "utf16"})


def test_fault_kinds_and_dialect_switches_are_described(local_client: EmulatorClient) -> None:
    kinds = local_client.control("GET", "/faults/kinds")["kinds"]
    for name, kind in kinds.items():
        fault = Fault(name, kind["operations"][0])
        assert kind["about"] and set(kind["parameters"]) <= set(fault.to_json())
    switches = local_client.control("GET", "/dialect/switches")["switches"]
    for name, switch in switches.items():
        assert re.match(r"[AB]\d+: ", switch["about"]) and switch["default"] in switch["values"]
        for value in switch["values"]:
            assert local_client.control("PUT", "/dialect", {name: value})[name] == value
        local_client.control("DELETE", "/dialect")


def test_errors_of_wrong_calls_say_what_to_do(client: EmulatorClient) -> None:
    assert "/pan" in client.control_error(404, "GET", "/nothing")
    assert "/pan" in client.control_error(404, "GET", "/pan/apple/x")
    response = client.send_control("POST", "/pan", {})
    assert response.status_code == 405 and response.headers["allow"] == "GET, PUT, DELETE"
    assert "PUT" in response.json()["error"]
    for body, hint in ((b"{", "not JSON"), (b"[]", "not a JSON object"), (b"\xff", "not JSON")):
        response = client.http.request("PUT", "/__emulator__/pan", content=body)
        assert response.status_code == 400 and hint in response.json()["error"]
    assert client.http.get("/__emulator__").headers["location"] == "/__emulator__/"


def test_faults_dialect_and_log_do_not_affect_control(client: EmulatorClient) -> None:
    client.emulator.faults.add(Fault("error_code", times=None))
    client.emulator.faults.add(Fault("slow_first_byte", times=None, seconds=1000))
    client.control("PUT", "/dialect", {"charset": "gbk", "content_type": "none"})
    response = client.send_control("GET", "/store")
    assert response.headers["content-type"] == "application/json"
    assert client.emulator.requests == ()
    # a similar path belongs to the device
    client.emulator.faults.clear()
    assert client.http.get("/__emulator__s").content == b'{"code":-6117,"data":null}'


def test_every_endpoint_is_documented() -> None:
    text = (Path(vision_ai_emulator.__file__).parent / "CONTROL.md").read_text(encoding="utf-8")
    documented = {
        (method, re.sub("NAME|ID", "*", path)) for method, path in re.findall(r"`([A-Z]+) (/[^`?]*)`", text)
    }
    assert documented >= {(method, path) for path, methods in ROUTES.items() for method in methods}


def test_the_page_is_served(client: EmulatorClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def files(package: str) -> Path:
        return tmp_path

    monkeypatch.setattr("vision_ai_emulator.control.page_files.files", files)
    assert "index.html" in client.control_error(404, "GET", "/")
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").write_text("<h1>hello</h1>")
    (tmp_path / "page" / "app.min.js").write_text("'use strict'")
    (tmp_path / "secret.js").write_text("secret")
    page = client.send_control("GET", "/")
    assert page.headers["content-type"] == "text/html; charset=utf-8" and page.text == "<h1>hello</h1>"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    script = client.send_control("GET", "/static/app.min.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    for name in ("none.js", "..%2fsecret.js", "%2e%2e%2fsecret.js", "app.min", "x.py", "", "."):
        assert client.send_control("GET", f"/static/{name}").status_code == 404, name


def test_control_works_without_a_transport() -> None:
    emulator = create_emulator()
    response = respond(emulator, "PUT", "/__emulator__/pan", b'{"kind": "pear"}')
    assert (response.status, json.loads(response.body)["kind"]) == (200, "pear")
    assert connect(emulator).control("GET", "/pan")["kind"] == "pear"
