"""The control interface: every call of CONTROL.md, in this process and over a socket."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulator_support import Channel, beside, eventually, in_process, make

import vision_ai_emulator
from vision_ai_emulator import Emulator, Fault, ManualClock, RealClock
from vision_ai_emulator.control.endpoints import ROUTES
from vision_ai_emulator.control.interface import respond


def test_the_pan(channel: Channel) -> None:
    assert channel.control("GET", "/pan") == {"kind": "apple", "kinds": list(Emulator.kinds)}
    assert channel.control("PUT", "/pan", {"kind": "pear"})["kind"] == "pear"
    assert channel.emulator.pan == "pear"
    assert channel.control("DELETE", "/pan")["kind"] is None
    assert "durian" in channel.wrong(400, "PUT", "/pan", {"kind": "durian"})
    assert "'kind'" in channel.wrong(400, "PUT", "/pan", {})
    assert "no option 'colour'" in channel.wrong(400, "PUT", "/pan", {"kind": "pear", "colour": "red"})


def test_looking_leaves_no_trace(channel: Channel) -> None:
    channel.teach("001", "Apple", "apple")
    channel.control("DELETE", "/requests")
    before = channel.emulator.state()
    picture = channel.ask("GET", "/picture.jpg")
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content == channel.emulator.device.get_image()
    guesses = channel.control("GET", "/guesses")
    assert guesses["seen"] is True
    assert [(each["id"], each["name"]) for each in guesses["items"]] == [("001", "Apple")]
    assert channel.control("GET", "/catalogue")["products"] == [
        {"id": "001", "name": "Apple", "templates": 2}
    ]
    assert channel.control("GET", "/requests") == {"requests": [], "acted": {}}
    assert channel.emulator.state() == before
    assert channel.data("get_result")["items"] == [
        {"id": each["id"], "score": each["score"]} for each in guesses["items"]
    ]


def test_the_picture_has_a_name_for_what_it_shows(direct: Channel) -> None:
    names = [direct.ask("GET", "/picture.jpg").headers["etag"] for _ in range(2)]
    direct.emulator.put("apple")
    assert names[0] == names[1] != direct.ask("GET", "/picture.jpg").headers["etag"]
    direct.control("DELETE", "/pan")
    assert direct.control("GET", "/guesses") == {"items": [], "seen": False}


def test_teaching_by_control(channel: Channel) -> None:
    channel.control("POST", "/catalogue", {"id": "7", "name": "Apfel"})
    assert channel.best() == "7"
    channel.data("register_item", {"id": "8", "name": "n"})
    catalogue = channel.control("GET", "/catalogue")
    assert [each["id"] for each in catalogue["cache"]] == ["8"]
    assert catalogue["calibration"] == {"height": 482, "left": 444, "top": 39, "width": 348}
    assert catalogue["learn_mode"] == 1
    channel.emulator.clear_pan()
    assert "on the pan" in channel.wrong(400, "POST", "/catalogue", {"id": "7", "name": "n"})
    assert "empty" in channel.wrong(400, "POST", "/catalogue", {"id": "", "name": "n"})


def test_the_camera(channel: Channel) -> None:
    assert channel.control("PUT", "/camera", {"lost": True}) == {"lost": True}
    assert channel.code("get_result") == -6103
    # control sees what a person beside the scale would see
    assert channel.ask("GET", "/picture.jpg").content.startswith(b"\xff\xd8\xff")
    assert channel.control("PUT", "/camera", {"lost": False}) == channel.control("GET", "/camera")
    assert "true or false" in channel.wrong(400, "PUT", "/camera", {"lost": 1})


def test_the_clock(channel: Channel) -> None:
    assert channel.control("GET", "/clock") == {
        "mode": "frozen",
        "now": "2022-04-14T15:00:11.198000",
        "seconds": 0.0,
    }
    assert channel.control("POST", "/clock/step", {"seconds": 10})["now"] == "2022-04-14T15:00:21.198000"
    assert channel.control("PUT", "/clock", {"mode": "real"})["mode"] == "real"
    assert "frozen" in channel.wrong(400, "POST", "/clock/step", {"seconds": 1})
    first = channel.control("GET", "/clock")
    assert first["seconds"] >= 10
    frozen = channel.control("PUT", "/clock", {"mode": "frozen"})
    assert frozen["now"] >= first["now"] and frozen["seconds"] >= first["seconds"]
    assert channel.control("GET", "/clock") == frozen
    assert "'frozen' or 'real'" in channel.wrong(400, "PUT", "/clock", {"mode": "fast"})
    assert "0 or more" in channel.wrong(400, "POST", "/clock/step", {"seconds": -1})
    assert "a number" in channel.wrong(400, "POST", "/clock/step", {"seconds": "1"})


def test_time_never_goes_back_when_the_clock_is_changed() -> None:
    emulator = make()
    emulator.step(100 * 365 * 86400)
    moments = [emulator.device_clock.now()]
    for _ in range(2):
        emulator.unfreeze()
        assert isinstance(emulator.clock, RealClock)
        moments.append(emulator.device_clock.now())
        emulator.freeze()
        emulator.freeze()
        moments.append(emulator.device_clock.now())
    assert moments == sorted(moments)
    with pytest.raises(ValueError, match="at most"):
        emulator.step(1e300)
    own = ManualClock()
    emulator.clock = own
    own.step(5)
    assert emulator.clock is own and emulator.device_clock.now() > moments[-1]


def test_the_pace_of_jobs_without_a_clock(channel: Channel) -> None:
    assert channel.control("PUT", "/pace", {"pace": "immediate"})["pace"] == "immediate"
    channel.post("start_backup")
    done = channel.post("get_backup_status")
    assert done["status"] == 3
    content = channel.client.get(f"/download/{done['filename']}").content
    channel.code("start_restore", files={"file": content})
    assert channel.post("get_restore_status")["status"] == 4

    channel.control("PUT", "/pace", {"pace": "polls"})
    channel.post("start_backup")
    assert channel.code("start_restore", files={"file": content}) == -6204
    # only the device's own status counts as a question
    assert channel.control("GET", "/status")["jobs"]["backup"]["status"] == 1
    assert [channel.post("get_backup_status")["status"] for _ in range(3)] == [1, 3, 3]
    channel.code("start_restore", files={"file": content})
    assert [channel.post("get_restore_status")["status"] for _ in range(4)] == [2, 3, 4, 4]
    assert "timed, immediate, polls" in channel.wrong(400, "PUT", "/pace", {"pace": "slow"})


def test_the_store(channel: Channel) -> None:
    assert channel.control("GET", "/store") == {"activated": True, "id": "11095", "name": "Fruit Store Name"}
    assert channel.control("DELETE", "/store") == {"activated": False, "id": None, "name": None}
    assert channel.data("get_device_info")["clientID"] == "0000"
    channel.control("PUT", "/store", {"id": "1", "name": "Eins"})
    assert channel.data("get_device_info")["clientName"] == "Eins"


def test_another_firmware_at_run_time(channel: Channel) -> None:
    content = channel.backup()
    settings = channel.control("PUT", "/settings", {"firmware": "10.0", "engine": "9.6.0"})
    assert (settings["firmware"], settings["sn"]) == ("10.0", "12345678")
    info = channel.data("get_device_info")
    assert (info["firmware"], info["engine"]) == ("10.0", "9.6.0")
    assert channel.restore(content)["code"] == -6143
    channel.emulator.change(engine="9.5.0")
    assert channel.restore(content)["code"] == 0
    assert "a string" in channel.wrong(400, "PUT", "/settings", {"firmware": 10})
    assert "backup_seconds" in channel.wrong(400, "PUT", "/settings", {"backup_seconds": -1})
    assert "it is one of" in channel.wrong(400, "PUT", "/settings", {"colour": "red"})
    assert channel.control("GET", "/settings") == channel.control("PUT", "/settings", {})


def test_the_seed_starts_what_looks_random_over(channel: Channel) -> None:
    def drawn() -> bytes:
        channel.control("PUT", "/seed", {"seed": 7})
        channel.emulator.put("banana")
        return channel.ask("GET", "/picture.jpg").content

    assert drawn() == drawn() == Emulator(seed=7, pan="banana").device.get_image()
    assert channel.control("GET", "/seed") == {"seed": 7} == {"seed": channel.emulator.seed}


def test_a_reset_makes_a_fresh_device(channel: Channel) -> None:
    channel.teach("1", "Apple", "apple")
    channel.backup()
    channel.emulator.camera_lost = True
    channel.control("DELETE", "/store")
    channel.control("POST", "/faults", {"kind": "error_code", "times": None})
    status = channel.control(
        "POST",
        "/reset",
        {"seed": 3, "pan": "lemon", "settings": {"sn": "77"}, "dialect": {"list_shape": "items"}},
    )
    assert (status["seed"], status["settings"]["sn"], status["pan"]["kind"]) == (3, "77", "lemon")
    assert (status["faults"], status["requests"], status["camera_lost"]) == (0, 0, False)
    assert channel.data("get_item_list") == {"items": []}
    info = channel.data("get_device_info")
    assert (info["clientID"], info["sn"]) == ("11095", "77")
    assert channel.post("get_backup_status")["status"] == 0
    assert channel.emulator.device.get_image() == Emulator(seed=3, pan="lemon").device.get_image()
    # what was given last stays
    again = channel.control("POST", "/reset")
    assert (again["seed"], again["settings"]["sn"], again["pan"]["kind"]) == (3, "77", "apple")
    assert again["dialect"]["list_shape"] == "items"


def test_a_reset_that_cannot_be_changes_nothing(direct: Channel) -> None:
    direct.teach("1", "Apple", "apple")
    for wrong in ({"pan": "durian"}, {"settings": {"sn": 1}}, {"dialect": {"x": 1}}, {"seed": "1"}, {"a": 1}):
        direct.wrong(400, "POST", "/reset", {"seed": 9, **wrong})
    assert direct.emulator.seed == 0 and direct.data("get_item_list") != []


def test_a_reset_device_does_again_what_it_did(direct: Channel) -> None:
    def life() -> tuple[Any, ...]:
        direct.emulator.put("pear")
        direct.teach("1", "Pear", "pear")
        return direct.data("get_result"), direct.data("get_registered_item_list"), direct.backup()

    first = life()
    direct.emulator.clock = ManualClock()
    direct.emulator.device_clock.continue_from(0, ManualClock.START, ManualClock())
    direct.emulator.reset()
    assert life() == first


def test_control_works_while_the_device_is_gone(channel: Channel) -> None:
    def answers() -> bool:
        try:
            return channel.code("get_calib") == 0
        except httpx.ConnectError:
            return False

    assert channel.control("POST", "/reboot", {"seconds": 7})["up"] is False
    with beside(channel) as control:
        assert control.control("GET", "/status")["up"] is False
        with pytest.raises(httpx.ConnectError):
            channel.client.post("/api/get_calib")
        control.control("POST", "/clock/step", {"seconds": 6.9})
        assert control.control("GET", "/status")["up"] is False
        control.control("POST", "/clock/step", {"seconds": 0.2})
        eventually(answers)
        assert control.control("GET", "/status")["reboots"] == 1
        assert "0 or more" in control.wrong(400, "POST", "/reboot", {"seconds": -1})


def test_the_status_is_for_one_look(channel: Channel) -> None:
    channel.client.post("/api/get_image")
    channel.emulator.faults.add(Fault("slow_body", "get_calib"))
    channel.post("start_backup")
    status = channel.control("GET", "/status")
    assert status["acted"] == {"get_image": 1, "start_backup": 1}
    assert (status["requests"], status["faults"], status["up"]) == (2, 1, True)
    assert status["jobs"]["backup"]["status"] == 1
    assert status["settings"]["backup_seconds"] == 1.0
    served = channel.emulator.server_info
    assert (status["url"], status["control_url"]) == (served.url, served.control_url)
    if served.url:
        assert str(channel.client.base_url).rstrip("/") == served.url


def test_the_log_tells_what_was_asked_and_answered(channel: Channel) -> None:
    channel.data("set_learnmode", {"mode": 0})
    channel.emulator.step(1)
    channel.code("set_learnmode", {"mode": 7})
    channel.client.get("/download/none.evo?x=1")
    channel.emulator.fail_next(-6210)
    channel.client.post("/api/get_image")
    channel.client.post("/api/nonsense", content=b"\xff")
    channel.client.post("/api/get_image")
    log = channel.control("GET", "/requests")
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
    assert [each["number"] for each in channel.control("GET", "/requests?after=4")["requests"]] == [5, 6]
    assert "'after'" in channel.wrong(400, "GET", "/requests?after=x")
    assert channel.control("DELETE", "/requests") == {"requests": [], "acted": {}}
    channel.code("get_calib")
    assert [each["number"] for each in channel.control("GET", "/requests")["requests"]] == [7]


def test_faults_are_listed_added_and_removed(channel: Channel) -> None:
    added = channel.control(
        "POST", "/faults", {"kind": "error_code", "code": -6209, "operation": "get_calib"}
    )
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
    channel.control("POST", "/faults", {"kind": "slow_first_byte", "seconds": 0, "times": None})
    assert channel.code("get_learnmode") == 0
    assert channel.control("GET", "/faults/1") == added
    listed = channel.control("GET", "/faults")["faults"]
    assert [(each["id"], each["left"], each["taken"]) for each in listed] == [(1, 1, 0), (2, None, 1)]
    assert channel.code("get_calib") == -6209
    assert "lists the pending ones" in channel.wrong(404, "GET", "/faults/1")
    assert channel.control("DELETE", "/faults/2") == {"faults": []}
    assert "lists the pending ones" in channel.wrong(404, "DELETE", "/faults/2")
    assert "not a number" in channel.wrong(404, "GET", "/faults/x")
    channel.emulator.fail_next(-6210)
    assert channel.control("DELETE", "/faults") == {"faults": []}
    for wrong, hint in (
        ({}, "'kind'"),
        ({"kind": "magic"}, "one of error_code"),
        ({"kind": "error_code", "code": "x"}, "integer"),
        ({"kind": "error_code", "seconds": 1}, "no parameter 'seconds'"),
        ({"kind": "error_code", "operation": "fly"}, "no operation 'fly'"),
        ({"kind": "error_code", "code": 0}, "negative"),
    ):
        assert hint in channel.wrong(400, "POST", "/faults", wrong), wrong
    assert channel.code("get_calib") == 0


def test_dialects_are_switched(channel: Channel) -> None:
    assert channel.control("PUT", "/dialect", {"charset": "gbk"})["charset"] == "gbk"
    assert channel.control("PUT", "/dialect", {"trailing_commas": True})["charset"] == "gbk"
    assert channel.client.post("/api/get_backup_status").content.decode("gbk").endswith('"status":0,}')
    assert channel.control("DELETE", "/dialect")["charset"] == "utf8"
    assert channel.control("GET", "/dialect")["trailing_commas"] is False
    assert "utf8, gbk" in channel.wrong(400, "PUT", "/dialect", {"charset": "utf16"})


def test_what_there_is_to_choose_from_is_told(direct: Channel) -> None:
    kinds = direct.control("GET", "/faults/kinds")["kinds"]
    for name, kind in kinds.items():
        fault = Fault(name, kind["operations"][0])
        assert kind["about"] and set(kind["parameters"]) <= set(fault.to_json())
    switches = direct.control("GET", "/dialect/switches")["switches"]
    for name, switch in switches.items():
        assert re.match(r"A\d+: ", switch["about"]) and switch["default"] in switch["values"]
        for value in switch["values"]:
            assert direct.control("PUT", "/dialect", {name: value})[name] == value
        direct.control("DELETE", "/dialect")


def test_wrong_calls_say_what_to_do(channel: Channel) -> None:
    assert "/pan" in channel.wrong(404, "GET", "/nothing")
    assert "/pan" in channel.wrong(404, "GET", "/pan/apple/x")
    refused = channel.ask("POST", "/pan", {})
    assert refused.status_code == 405 and refused.headers["allow"] == "GET, PUT, DELETE"
    assert "PUT" in refused.json()["error"]
    for body, hint in ((b"{", "not JSON"), (b"[]", "not a JSON object"), (b"\xff", "not JSON")):
        response = channel.client.request("PUT", "/__emulator__/pan", content=body)
        assert response.status_code == 400 and hint in response.json()["error"]
    assert channel.client.get("/__emulator__").headers["location"] == "/__emulator__/"


def test_control_is_not_the_devices_business(channel: Channel) -> None:
    channel.emulator.faults.add(Fault("error_code", times=None))
    channel.emulator.faults.add(Fault("slow_first_byte", times=None, seconds=1000))
    channel.control("PUT", "/dialect", {"charset": "gbk", "content_type": "none"})
    response = channel.ask("GET", "/store")
    assert response.headers["content-type"] == "application/json"
    assert channel.emulator.requests == ()
    # and what only looks like control is the device's
    channel.emulator.faults.clear()
    assert channel.client.get("/__emulator__s").content == b'{"code":-6117,"data":null}'


def test_every_call_is_documented() -> None:
    text = (Path(vision_ai_emulator.__file__).parent / "CONTROL.md").read_text(encoding="utf-8")
    documented = {
        (method, re.sub("NAME|ID", "*", path)) for method, path in re.findall(r"`([A-Z]+) (/[^`?]*)`", text)
    }
    assert documented >= {(method, path) for path, methods in ROUTES.items() for method in methods}


def test_the_page_is_served(channel: Channel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def files(package: str) -> Path:
        return tmp_path

    monkeypatch.setattr("vision_ai_emulator.control.page_files.files", files)
    assert "index.html" in channel.wrong(404, "GET", "/")
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").write_text("<h1>hello</h1>")
    (tmp_path / "page" / "app.min.js").write_text("'use strict'")
    (tmp_path / "secret.js").write_text("secret")
    page = channel.ask("GET", "/")
    assert page.headers["content-type"] == "text/html; charset=utf-8" and page.text == "<h1>hello</h1>"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    script = channel.ask("GET", "/static/app.min.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    for name in ("none.js", "..%2fsecret.js", "%2e%2e%2fsecret.js", "app.min", "x.py", "", "."):
        assert channel.ask("GET", f"/static/{name}").status_code == 404, name


def test_control_needs_no_transport() -> None:
    emulator = make()
    answer = respond(emulator, "PUT", "/__emulator__/pan", b'{"kind": "pear"}')
    assert (answer.status, json.loads(answer.body)["kind"]) == (200, "pear")
    assert in_process(emulator).control("GET", "/pan")["kind"] == "pear"
