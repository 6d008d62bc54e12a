"""V2 of the API: every endpoint with valid and invalid requests, in this process and over a socket."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from emulator_support import EmulatorClient, connect, create_emulator, open_http_client
from PIL import Image

import vision_ai_emulator
from vision_ai_emulator import Emulator, EmulatorTransport, Settings, serve
from vision_ai_emulator.http.dialect import DESCRIPTIONS, LENIENT, get_values
from vision_ai_emulator.serving.transport import open_transport

METHODS = {
    "get_image": "GET",
    "set_calib": "POST",
    "get_device_info": "GET",
    "get_result": "GET",
    "set_predict_speed": "POST",
    "set_time": "POST",
    "add_item_template": "POST",
    "get_item_template_list": "POST",
    "delete_item_template": "POST",
    "get_item_list": "GET",
    "delete_item": "POST",
    "clear_all_template": "POST",
    "set_sync_master": "POST",
}
SHARED = ("get_image", "set_calib", "get_device_info", "get_result", "get_item_list")
ONLY_IN_V1 = (
    "reset_device",
    "reboot",
    "get_calib",
    "get_learnmode",
    "set_learnmode",
    "register_item",
    "delete_registered_image",
    "delete_registered_item",
    "commit_registered_item",
    "get_registered_item_list",
    "start_backup",
    "get_backup_status",
    "start_restore",
    "restore",
    "get_restore_status",
    "result_feedback",
)
BODIES: dict[str, dict[str, Any]] = {
    "set_calib": {"height": 482, "left": 444, "top": 39, "width": 348},
    "set_predict_speed": {"speed": "normal"},
    "set_time": {"sec": 1_700_000_000, "usec": 0},
    "add_item_template": {"id": "1"},
    "get_item_template_list": {"id": "1"},
    "delete_item_template": {"id": "1", "sid": "2"},
    "delete_item": {"id": "1"},
    "set_sync_master": {"upload": True, "download": False},
}
UNKNOWN = {"code": -6117, "data": None}


@pytest.fixture
def emulator() -> Emulator:
    return create_emulator(api="v2")


@pytest.fixture
def local_client(emulator: Emulator) -> EmulatorClient:
    return connect(emulator)


@pytest.fixture(params=["in-process", "socket"])
def client(request: pytest.FixtureRequest, emulator: Emulator) -> Iterator[EmulatorClient]:
    if request.param == "in-process":
        with httpx.Client(transport=EmulatorTransport(emulator), base_url="http://module") as http:
            yield EmulatorClient(emulator, http)
        return
    with serve(emulator) as url, open_http_client(url) as http:
        yield EmulatorClient(emulator, http)


def test_device_info_has_the_fields_of_the_vendors_page(client: EmulatorClient) -> None:
    client.add_templates("1", "apple", 1)
    client.add_templates("2", "pear", 2)
    assert client.call_data("get_device_info") == {
        "app": "9.0.6",
        "board": "1109",
        "download": True,
        "engine": "9.6",
        "firmware": "9.9.5.7",
        "item_count": 2,
        "learnMode": 1,
        "masterIP": "",
        "mastersyncPort": 7443,
        "masterSN": "",
        "max_result_num": 5,
        "predict_speed": "fast",
        "sn": "12345678",
        "soldOutLimit": 3,
        "sync": "9.5.17.0",
        "sync_limit": 0,
        "syncMode": "normal",
        "upload": True,
    }


def test_each_operation_has_one_method(client: EmulatorClient) -> None:
    for operation, method in METHODS.items():
        for tried in ("GET", "POST"):
            response = client.http.request(tried, f"/api/{operation}", json=BODIES.get(operation))
            is_unknown = response.headers["content-type"] != "image/jpeg" and response.json() == UNKNOWN
            assert is_unknown == (tried != method), (operation, tried)
            assert client.emulator.log[-1].method == tried
            assert client.emulator.log[-1].operation == (operation if tried == method else None)


@pytest.mark.parametrize("operation", ONLY_IN_V1)
def test_what_v2_no_longer_has_is_an_unknown_command(local_client: EmulatorClient, operation: str) -> None:
    for method in ("GET", "POST"):
        assert local_client.http.request(method, f"/api/{operation}", json={"id": "1"}).json() == UNKNOWN
    assert local_client.emulator.acted == {}


def test_there_is_no_download(local_client: EmulatorClient) -> None:
    assert local_client.http.get("/download/test.evo").json() == UNKNOWN


@pytest.mark.parametrize("operation", ["set_time", "add_item_template", "set_sync_master", "delete_item"])
def test_v1_knows_no_operation_of_v2(operation: str) -> None:
    assert connect(create_emulator()).call(operation, BODIES[operation]) == UNKNOWN


def test_the_picture_shows_the_pan(client: EmulatorClient) -> None:
    response = client.http.get("/api/get_image")
    assert response.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(response.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1280, 720))
    client.emulator.camera_lost = True
    assert client.call_code("get_image") == -6103


def test_the_calibration_decides_what_is_recognized(local_client: EmulatorClient) -> None:
    local_client.add_templates("1", "apple")
    assert local_client.recognize() == "1"
    assert local_client.call_data("set_calib", {"height": 40, "left": 0, "top": 0, "width": 40}) is None
    assert local_client.recognize() is None
    assert local_client.call_code("set_calib", {"height": 40, "left": 0, "top": 0}) == -6213
    assert local_client.call_code("set_calib", {"height": 721, "left": 0, "top": 0, "width": 40}) == -6213


def test_a_template_takes_effect_at_once(client: EmulatorClient) -> None:
    assert client.call_data("get_result") == {"items": []}
    client.emulator.put("pear")
    added = client.call_data("add_item_template", {"id": "001"})
    assert added.keys() == {"image", "sid"}
    assert re.fullmatch(r"\d{23}", added["sid"])
    with Image.open(io.BytesIO(base64.b64decode(added["image"]))) as template:
        assert (template.format, template.size) == ("JPEG", (348, 482))
    client.emulator.put("pear")
    (item,) = client.call_data("get_result")["items"]
    assert item["id"] == "001" and 0.5 < item["score"] <= 1
    assert client.call_data("get_item_list") == [{"count": 1, "id": "001"}]


def test_a_result_has_at_most_five_items_best_first(local_client: EmulatorClient) -> None:
    local_client.emulator.clear_pan()
    local_client.emulator.put("apple")
    for number in range(8):
        local_client.call_data("add_item_template", {"id": str(number)})
    items = local_client.call_data("get_result")["items"]
    assert len(items) == 5
    assert [each["score"] for each in items] == sorted((each["score"] for each in items), reverse=True)
    local_client.emulator.change(max_result_num=2)
    assert len(local_client.call_data("get_result")["items"]) == 2
    assert local_client.call_data("get_device_info")["max_result_num"] == 2


def test_templates_can_be_listed_and_deleted(client: EmulatorClient) -> None:
    first, second = client.add_templates("1", "apple")
    assert client.call("get_item_template_list", {"id": "1"}) == {
        "code": 0,
        "data": [first, second, "center"],
        "max": 30,
    }
    assert client.call_data("delete_item_template", {"id": "1", "sid": first}) is None
    assert client.call_data("get_item_template_list", {"id": "1"}) == [second, "center"]
    for sid in (first, "center", "20220414150011198237897"):
        assert client.call_code("delete_item_template", {"id": "1", "sid": sid}) == -6202
    assert client.call_code("delete_item_template", {"id": "2", "sid": second}) == -6202
    assert client.call_code("delete_item_template", {"id": "1", "sid": second}) == 0
    # nothing is left of an item without templates
    assert client.call_data("get_item_list") == []
    assert client.call_code("get_item_template_list", {"id": "1"}) == -6202


def test_items_can_be_deleted_and_cleared(local_client: EmulatorClient) -> None:
    for id, kind in (("1", "apple"), ("2", "pear"), ("3", "lemon")):
        local_client.add_templates(id, kind, 1)
    assert local_client.call_data("delete_item", {"id": "2"}) is None
    assert local_client.call_code("delete_item", {"id": "2"}) == -6202
    assert local_client.call_data("get_item_list") == [{"count": 1, "id": "1"}, {"count": 1, "id": "3"}]
    assert local_client.call_data("clear_all_template") is None
    assert local_client.call_data("get_item_list") == []
    assert local_client.call_data("get_device_info")["item_count"] == 0
    assert local_client.recognize() is None


def test_an_item_has_at_most_thirty_templates(local_client: EmulatorClient) -> None:
    sids = [local_client.call_data("add_item_template", {"id": "1"})["sid"] for _ in range(30)]
    assert len(set(sids)) == 30
    assert local_client.call_code("add_item_template", {"id": "1"}) == -6203
    assert local_client.call_data("get_item_template_list", {"id": "1"}) == [*sids, "center"]
    assert local_client.call_code("add_item_template", {"id": "2"}) == 0
    local_client.call_data("delete_item_template", {"id": "1", "sid": sids[0]})
    assert local_client.call_code("add_item_template", {"id": "1"}) == 0


def test_templates_cannot_be_changed_while_the_device_only_recognizes(client: EmulatorClient) -> None:
    (sid,) = client.add_templates("1", "apple", 1)
    client.emulator.learn_mode = 0
    assert client.call_data("get_device_info")["learnMode"] == 0
    assert client.call_code("add_item_template", {"id": "1"}) == -6217
    assert client.call_code("delete_item_template", {"id": "1", "sid": sid}) == -6217
    assert client.call_code("delete_item", {"id": "1"}) == -6217
    assert client.call_code("clear_all_template") == -6217
    assert client.recognize() == "1"
    client.emulator.learn_mode = 1
    assert client.call_code("delete_item", {"id": "1"}) == 0


def test_an_empty_pan_and_a_lost_camera_give_no_template(local_client: EmulatorClient) -> None:
    local_client.emulator.clear_pan()
    assert -6599 <= local_client.call_code("add_item_template", {"id": "1"}) <= -6500
    local_client.emulator.camera_lost = True
    assert local_client.call_code("add_item_template", {"id": "1"}) == -6103
    assert local_client.call_code("get_result") == -6103
    assert local_client.call_data("get_item_list") == []


def test_the_speed_is_stored_and_checked(local_client: EmulatorClient) -> None:
    assert local_client.call_data("set_predict_speed", {"speed": "normal"}) is None
    assert local_client.call_data("get_device_info")["predict_speed"] == "normal"
    for bad in ({"speed": "slow"}, {"speed": ""}, {"speed": 1}, {"speed": None}, {}):
        assert local_client.call_code("set_predict_speed", bad) == -6213
    assert local_client.call_data("get_device_info")["predict_speed"] == "normal"
    local_client.call_data("set_predict_speed", {"speed": "fast"})
    assert local_client.call_data("get_device_info")["predict_speed"] == "fast"


def test_a_slave_can_become_the_master(local_client: EmulatorClient) -> None:
    local_client.emulator.change(sync_mode="slave", master_ip="172.22.0.9", master_sn="9")
    assert local_client.call_data("set_sync_master", {"upload": False, "download": True}) is None
    info = local_client.call_data("get_device_info")
    assert (info["syncMode"], info["upload"], info["download"]) == ("master", False, True)
    assert (info["masterIP"], info["masterSN"]) == ("", "")
    for bad in ({}, {"upload": True}, {"download": True}, {"upload": 1, "download": True}):
        assert local_client.call_code("set_sync_master", bad) == -6213
    # a new device is what the emulator was told to be
    local_client.emulator.reset()
    assert local_client.call_data("get_device_info")["syncMode"] == "slave"


def get_date(client: EmulatorClient) -> str:
    """Return the date in the sid of a new template, to the second."""
    return client.call_data("add_item_template", {"id": "clock"})["sid"][:14]


def restart(client: EmulatorClient) -> None:
    client.emulator.device.reboot()
    client.emulator.step(client.emulator.settings.reboot_seconds)


def test_the_device_forgets_the_date_with_every_restart(local_client: EmulatorClient) -> None:
    assert get_date(local_client) == "19700101000000"
    local_client.emulator.step(90)
    assert get_date(local_client) == "19700101000130"
    # 2026-11-28 10:22:00.250 UTC
    assert local_client.call_data("set_time", {"sec": 1_795_861_320, "usec": 250_000}) is None
    local_client.emulator.step(5)
    assert get_date(local_client) == "20261128102205"
    restart(local_client)
    assert get_date(local_client) == "19700101000002"
    local_client.call_data("set_time", {"sec": 0, "usec": 999_999})
    local_client.emulator.step(0.000_001)
    assert get_date(local_client) == "19700101000001"


@pytest.mark.parametrize(
    "change",
    [
        {"sec": -1},
        {"sec": 2**63},
        {"sec": 10**30},
        {"sec": 1.5},
        {"sec": "1700000000"},
        {"sec": True},
        {"sec": None},
        {"usec": -1},
        {"usec": 1_000_000},
        {"usec": 0.5},
        {"usec": "0"},
        {"usec": None},
    ],
)
def test_a_time_out_of_range_is_rejected(local_client: EmulatorClient, change: dict[str, Any]) -> None:
    assert local_client.call_code("set_time", {**BODIES["set_time"], **change}) == -6213
    assert get_date(local_client) == "19700101000000"


def test_the_last_second_is_accepted(local_client: EmulatorClient) -> None:
    assert local_client.call_code("set_time", {"sec": 2**32 - 1, "usec": 999_999}) == 0
    assert get_date(local_client) == "21060207062815"


@pytest.mark.parametrize("sec", [2**32, 2**62, 2**63 - 2**32])
def test_a_later_second_is_accepted_and_the_clock_begins_anew(local_client: EmulatorClient, sec: int) -> None:
    assert local_client.call_code("set_time", {"sec": sec, "usec": 0}) == 0
    assert get_date(local_client) == "19700101000000"


def test_sids_stay_unique_although_the_date_goes_back() -> None:
    client = connect(create_emulator(api="v2", reboot_seconds=0))
    sids: list[str] = []
    for _ in range(20):
        for item in range(2):
            sids += [client.call_data("add_item_template", {"id": f"{item}{len(sids) // 40}"})["sid"]]
        restart(client)
    assert len(set(sids)) == len(sids) == 40


@pytest.mark.parametrize(
    ("operation", "name"),
    [(operation, name) for operation, body in BODIES.items() for name in body],
)
def test_every_parameter_is_required(local_client: EmulatorClient, operation: str, name: str) -> None:
    good = BODIES[operation]
    assert local_client.call_code(operation, good) != -6213
    for bad in ({k: v for k, v in good.items() if k != name}, {**good, name: None}, {**good, name: []}):
        assert local_client.call_code(operation, bad) == -6213
    assert local_client.call_code(operation, content=b"{") == -6200
    assert local_client.call_code(operation, content=b"[]") == -6213


def test_ids_have_one_name_only(local_client: EmulatorClient) -> None:
    assert local_client.call_code("add_item_template", {"item_id": "1"}) == -6213
    assert local_client.call_code("add_item_template", {"id": "1", "item_id": "2"}) == 0
    assert local_client.call_data("get_item_list") == [{"count": 1, "id": "1"}]


def test_products_require_activation() -> None:
    client = connect(create_emulator(api="v2", activated=False, require_activation=True))
    needed = {
        "get_result",
        "add_item_template",
        "get_item_template_list",
        "delete_item_template",
        "get_item_list",
        "delete_item",
        "clear_all_template",
    }
    for operation in METHODS.keys() - {"get_image"}:
        code = client.call_code(operation, BODIES.get(operation))
        assert (code == -6128) == (operation in needed), operation


def test_the_version_is_an_option_everywhere(local_client: EmulatorClient) -> None:
    emulator = open_transport(
        "emulator:?api=v2&max_result_num=3&result_sid=true", asynchronous=False
    ).emulator
    result = connect(emulator).call_data("get_result")
    assert result["items"] == [] and result["sid"].startswith("1970")
    assert emulator.settings == Settings(api="v2", max_result_num=3)
    with pytest.raises(ValueError, match="v1, v2"):
        open_transport("emulator:?api=v3", asynchronous=False)
    with pytest.raises(ValueError, match="v1, v2"):
        Emulator(api="v3")  # type: ignore[arg-type]  # invalid on purpose
    assert "v1, v2" in local_client.control_error(400, "PUT", "/settings", {"api": "v3"})
    local_client.emulator.settings = Settings(api="v1")
    assert local_client.call_code("get_calib") == 0


def test_another_version_brings_its_own_defaults() -> None:
    emulator = create_emulator(sn="7")
    client = connect(emulator)
    assert (emulator.settings.firmware, emulator.settings.engine) == ("9.9.4.2", "9.5.0")
    emulator.change(api="v2")
    info = client.call_data("get_device_info")
    assert (info["firmware"], info["engine"], info["max_result_num"]) == ("9.9.5.7", "9.6", 5)
    assert info["sn"] == "7"
    emulator.change(api="v1", firmware="9.9.4.3")
    assert emulator.settings.max_result_num == 10
    assert client.call_data("get_device_info")["firmware"] == "9.9.4.3"


def test_the_control_interface_shows_items_and_the_devices_date(client: EmulatorClient) -> None:
    client.add_templates("1", "apple")
    # its pages may give an item a name, which V2 does not know
    catalog = client.control("POST", "/catalog", {"id": "2"})
    client.control("POST", "/catalog", {"id": "1", "name": "Apple"})
    assert catalog["products"] == [
        {"id": "1", "name": "", "templates": 2},
        {"id": "2", "name": "", "templates": 1},
    ]
    assert client.control("GET", "/catalog")["products"][0] == {"id": "1", "name": "Apple", "templates": 3}
    assert client.call_data("get_item_list") == [{"count": 3, "id": "1"}, {"count": 1, "id": "2"}]
    assert "empty" in client.control_error(400, "POST", "/catalog", {"id": ""})
    client.emulator.step(1.5)
    clock = client.control("GET", "/clock")
    assert (clock["now"], clock["device_now"]) == (
        "2022-04-14T15:00:12.698000",
        "1970-01-01T00:00:01.500000",
    )
    status = client.control("GET", "/status")
    assert status["settings"]["api"] == "v2" and status["clock"] == clock
    guesses = client.control("GET", "/guesses")["items"]
    result = client.call_data("get_result")["items"]
    assert [{"id": each["id"], "score": each["score"]} for each in guesses] == result


def test_the_learn_mode_can_be_switched_over_control(local_client: EmulatorClient) -> None:
    assert local_client.control("GET", "/learn_mode") == {"mode": 1}
    assert local_client.control("PUT", "/learn_mode", {"mode": 0}) == {"mode": 0}
    assert local_client.call_code("add_item_template", {"id": "1"}) == -6217
    assert "0 or 1" in local_client.control_error(400, "PUT", "/learn_mode", {"mode": 2})
    assert "'mode'" in local_client.control_error(400, "PUT", "/learn_mode", {})
    assert local_client.emulator.learn_mode == 0


def test_the_kinds_of_faults_name_the_operations_of_the_version(local_client: EmulatorClient) -> None:
    for api, expected in (("v2", set(METHODS)), ("v1", {*ONLY_IN_V1, *SHARED, "download"} - {"restore"})):
        local_client.control("PUT", "/settings", {"api": api})
        kinds = local_client.control("GET", "/faults/kinds")["kinds"]
        assert set(kinds["error_code"]["operations"]) == expected
        assert ("job_fails" in kinds) == (api == "v1")
        assert kinds["truncated_picture"]["operations"] == ["get_image"]


def test_a_request_is_logged_with_its_method_and_body(client: EmulatorClient) -> None:
    client.call("get_result")
    client.call("add_item_template", {"id": "1"})
    first, second = client.control("GET", "/requests")["requests"]
    assert (first["method"], first["path"], first["body"]) == ("GET", "/api/get_result", None)
    assert (second["method"], second["operation"], second["body"]) == (
        "POST",
        "add_item_template",
        '{"id":"1"}',
    )
    assert client.emulator.acted == {"get_result": 1, "add_item_template": 1}
    # the log has the time of the test, not that of a device that forgets it
    assert first["time"].startswith("2022-04-14")


def test_the_page_about_v2_is_complete() -> None:
    page = (Path(vision_ai_emulator.__file__).parent / "V2.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| `(\w+)` \| (GET|POST) \|", page, re.MULTILINE)) == METHODS
    switches = {
        number: (name, re.findall(r"`(\w+)`", values))
        for number, name, values in re.findall(r"^\| (B\d) \| `(\w+)` \| ([^|]*) \|", page, re.MULTILINE)
    }
    expected: dict[str, tuple[str, list[str]]] = {}
    for name, about in DESCRIPTIONS.items():
        if about.startswith("B"):
            default = getattr(LENIENT, name)
            values = [default, *(value for value in get_values(name) if value != default)]
            expected[about[:2]] = (name, [str(value).lower() for value in values])
    assert switches == expected
