"""Every endpoint's good and bad answers, in this process and over a socket."""

from __future__ import annotations

import base64
import io
import json
import re
from typing import Any

import pytest
from emulator_support import Channel, in_process, make
from PIL import Image

CALIBRATION = {"height": 482, "left": 444, "top": 39, "width": 348}
IDENTIFIER = re.compile(r"20220414150011198\d{6}")
ALL_CALLS = (
    "get_device_info",
    "reset_device",
    "reboot",
    "set_calib",
    "get_calib",
    "get_learnmode",
    "set_learnmode",
    "get_item_list",
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
    "get_result",
    "result_feedback",
    "get_image",
)

NEEDS_ACTIVATION: dict[str, Any] = {
    "get_item_list": None,
    "get_registered_item_list": None,
    "register_item": {"id": "1", "name": "n"},
    "delete_registered_image": {"id": "1", "image_id": "2"},
    "delete_registered_item": {"id": "1"},
    "commit_registered_item": {"id": "1"},
    "start_backup": None,
    "get_result": None,
    "result_feedback": {"sid": "1", "id": "1", "name": "n", "intop": True},
}


def test_device_info_is_the_vendors_example(channel: Channel) -> None:
    assert channel.data("get_device_info") == {
        "clientID": "11095",
        "clientName": "Fruit Store Name",
        "engine": "9.5.0",
        "firmware": "9.9.4.2",
        "learnMode": 1,
        "masterIP": "",
        "masterSN": "",
        "sdk": "9.1.1",
        "sn": "12345678",
        "soldOutLimit": 3,
        "sync": "9.5.17.0",
        "syncMode": "normal",
    }


def test_calibration_is_kept(channel: Channel) -> None:
    assert channel.data("get_calib") == CALIBRATION
    area = {"height": 720, "left": 0, "top": 0, "width": 1280}
    assert channel.data("set_calib", area) is None
    assert channel.data("get_calib") == area


@pytest.mark.parametrize(
    "change",
    [
        {"left": -1},
        {"top": -1},
        {"width": 0},
        {"height": 0},
        {"width": -5},
        {"left": 933},
        {"top": 239},
        {"left": 10**30},
        {"left": 1e400},
        {"left": 0.5},
        {"left": True},
        {"left": "444"},
        {"left": None},
    ],
)
def test_calibration_outside_the_picture_is_refused(direct: Channel, change: dict[str, Any]) -> None:
    body = json.dumps({**CALIBRATION, **change}).replace("Infinity", "1e999")
    assert direct.code("set_calib", content=body) == -6213
    assert direct.data("get_calib") == CALIBRATION


def test_calibration_takes_the_last_pixel_and_41_point_0(direct: Channel) -> None:
    area = {"height": 1, "left": 1279, "top": 719.0, "width": 1}
    assert direct.code("set_calib", area) == 0
    assert direct.data("get_calib") == area


@pytest.mark.parametrize("name", CALIBRATION)
def test_calibration_needs_every_number(direct: Channel, name: str) -> None:
    assert direct.code("set_calib", {k: v for k, v in CALIBRATION.items() if k != name}) == -6213


def test_learning_mode(channel: Channel) -> None:
    assert channel.data("get_learnmode") == {"mode": 1}
    assert channel.data("set_learnmode", {"mode": 0}) is None
    assert channel.data("get_learnmode") == {"mode": 0}
    assert channel.data("get_device_info")["learnMode"] == 0
    for bad in ({"mode": 2}, {"mode": -1}, {"mode": True}, {"mode": "1"}, {"mode": None}, {}):
        assert channel.code("set_learnmode", bad) == -6213
    assert channel.code("set_learnmode", {"mode": 10**2000}) == -6213
    assert channel.data("get_learnmode") == {"mode": 0}


def test_registering_fills_the_cache_and_committing_the_catalogue(channel: Channel) -> None:
    assert channel.data("get_item_list") == []
    first = channel.data("register_item", {"id": "001", "name": "苹果"})
    second = channel.data("register_item", {"item_id": "001", "item_name": "苹果"})
    other = channel.data("register_item", {"id": "002", "item_id": "002", "name": "Pear"})
    ids = [each["image_id"] for each in (first, second, other)]
    assert all(map(IDENTIFIER.fullmatch, ids)) and len(set(ids)) == 3
    with Image.open(io.BytesIO(base64.b64decode(first["image"]))) as template:
        assert (template.format, template.size) == ("JPEG", (348, 482))

    assert channel.data("get_item_list") == []
    assert channel.data("get_registered_item_list") == [
        {"id": "001", "image_id": ids[0], "name": "苹果"},
        {"id": "001", "image_id": ids[1], "name": "苹果"},
        {"id": "002", "image_id": ids[2], "name": "Pear"},
    ]
    assert channel.data("commit_registered_item", {"id": "001"}) is None
    assert channel.data("get_item_list") == [{"id": "001", "name": "苹果"}]
    assert [each["id"] for each in channel.data("get_registered_item_list")] == ["002"]


def test_deleting_from_the_cache(channel: Channel) -> None:
    ids = [channel.data("register_item", {"id": id, "name": "n"})["image_id"] for id in ("1", "1", "1", "2")]
    assert channel.data("delete_registered_image", {"id": "1", "image_id": ids[1]}) is None
    assert [each["image_id"] for each in channel.data("get_registered_item_list")] == [ids[0], ids[2], ids[3]]
    # of another product, or gone already
    assert channel.code("delete_registered_image", {"id": "2", "image_id": ids[0]}) == -6202
    assert channel.code("delete_registered_image", {"id": "1", "image_id": ids[1]}) == -6202
    assert channel.data("delete_registered_item", {"item_id": "1"}) is None
    assert [each["image_id"] for each in channel.data("get_registered_item_list")] == [ids[3]]
    assert channel.code("delete_registered_item", {"id": "1"}) == -6202
    assert channel.code("commit_registered_item", {"id": "1"}) == -6202


def test_a_product_takes_the_name_of_its_latest_pictures(direct: Channel) -> None:
    direct.teach("1", "Appel", "apple", 1)
    direct.teach("1", "Apple", "apple", 1)
    assert direct.data("get_item_list") == [{"id": "1", "name": "Apple"}]


def test_nothing_on_the_pan_makes_no_template(direct: Channel) -> None:
    direct.emulator.clear_pan()
    assert -6599 <= direct.code("register_item", {"id": "1", "name": "n"}) <= -6500
    assert direct.data("get_registered_item_list") == []


def test_result_and_feedback(channel: Channel) -> None:
    result = channel.data("get_result")
    assert result["items"] == []
    assert IDENTIFIER.fullmatch(result["sid"])
    feedback = {"sid": result["sid"], "id": "1", "name": "Apple", "intop": False}
    assert channel.data("result_feedback", feedback) is None
    assert channel.code("result_feedback", {**feedback, "sid": "20220414150011198000000"}) == -6202
    for name in feedback:
        assert channel.code("result_feedback", {k: v for k, v in feedback.items() if k != name}) == -6213
    for name, bad in (("intop", 1), ("intop", "true"), ("sid", 5), ("id", ""), ("name", "")):
        assert channel.code("result_feedback", {**feedback, name: bad}) == -6213


def test_picture(channel: Channel) -> None:
    response = channel.client.post("/api/get_image")
    assert response.headers["content-type"] == "image/jpeg"
    assert response.content.startswith(b"\xff\xd8\xff")
    with Image.open(io.BytesIO(response.content)) as picture:
        assert picture.size == (1280, 720)
    assert channel.client.post("/api/get_image").content == response.content
    channel.emulator.clear_pan()
    assert channel.client.post("/api/get_image").content != response.content


def test_lost_camera(channel: Channel) -> None:
    sid = channel.data("get_result")["sid"]
    channel.emulator.camera_lost = True
    assert channel.code("get_image") == -6103
    assert channel.code("get_result") == -6103
    assert channel.code("register_item", {"id": "1", "name": "n"}) == -6103
    assert channel.code("result_feedback", {"sid": sid, "id": "1", "name": "n", "intop": True}) == 0
    channel.emulator.camera_lost = False
    assert channel.client.post("/api/get_image").headers["content-type"] == "image/jpeg"


def test_factory_reset(channel: Channel) -> None:
    channel.teach("1", "Apple", "apple", 1)
    channel.data("register_item", {"id": "2", "name": "n"})
    channel.data("set_calib", {**CALIBRATION, "left": 1})
    channel.data("set_learnmode", {"mode": 0})
    channel.backup()
    filename = channel.post("get_backup_status")["filename"]
    assert channel.post("reset_device") == {"code": 0, "data": None}
    info = channel.data("get_device_info")
    assert (info["clientID"], info["clientName"], info["learnMode"]) == ("0000", "not activated", 1)
    assert channel.data("get_calib") == CALIBRATION
    assert channel.data("get_item_list") == []
    assert channel.data("get_registered_item_list") == []
    assert channel.post("get_backup_status")["status"] == 0
    assert channel.client.get(f"/download/{filename}").json()["code"] == -6202
    channel.emulator.activate("7", "Seven")
    assert channel.data("get_device_info")["clientID"] == "7"


@pytest.mark.parametrize(
    ("operation", "good", "required"),
    [
        ("register_item", {"id": "1", "name": "n"}, ("id", "name")),
        ("delete_registered_image", {"id": "1", "image_id": "2"}, ("id", "image_id")),
        ("delete_registered_item", {"id": "1"}, ("id",)),
        ("commit_registered_item", {"id": "1"}, ("id",)),
        ("result_feedback", {"sid": "1", "id": "1", "name": "n", "intop": True}, ("sid", "id", "name")),
    ],
)
def test_texts_are_read_strictly(
    direct: Channel, operation: str, good: dict[str, Any], required: tuple[str, ...]
) -> None:
    assert direct.code(operation, good) != -6213
    for name in required:
        without = {k: v for k, v in good.items() if k != name}
        assert direct.code(operation, without) == -6213
        wrong: tuple[Any, ...] = ("", None, 1, 1.5, True, [], {}, ["1"])
        for bad in wrong:
            assert direct.code(operation, {**without, name: bad}) == -6213, (name, bad)
    for name, twin in (("id", "item_id"), ("name", "item_name")):
        if name in good:
            without = {k: v for k, v in good.items() if k != name}
            assert direct.code(operation, {**without, twin: good[name]}) != -6213
            assert direct.code(operation, {**good, twin: good[name]}) != -6213
            assert direct.code(operation, {**good, twin: "another"}) == -6213
            assert direct.code(operation, {**good, twin: ""}) == -6213
            assert direct.code(operation, {**good, twin: None}) == -6213


TAKING_JSON = (
    "set_calib",
    "set_learnmode",
    "register_item",
    "delete_registered_image",
    "delete_registered_item",
    "commit_registered_item",
    "result_feedback",
)

NO_JSON = [
    b"",
    b"{",
    b'{"id":"1",}',
    b'{"id":"1"} x',
    b"{'id':'1'}",
    b'{"id":NaN}',
    b'{"mode":Infinity}',
    b'{"id":"\xff"}',
    b'\xef\xbb\xbf{"id":"1"}',
    '{"id":"1"}'.encode("utf-16"),
    b'{"id":"\\ud800"}',
    b'{"id":"a\nb"}',
    b"[" * 100_000,
    b'{"id":"' + b"x" * (2 << 20) + b'"}',
]


@pytest.mark.parametrize("operation", TAKING_JSON)
def test_what_is_no_json_fails_to_parse(direct: Channel, operation: str) -> None:
    for body in NO_JSON:
        assert direct.code(operation, content=body) == -6200, body[:40]


@pytest.mark.parametrize("operation", TAKING_JSON)
def test_json_that_is_no_object_is_a_parameter_error(direct: Channel, operation: str) -> None:
    for body in (b"[]", b"null", b"1", b'"id"', b"true", b"{}", b' [{"id": "1"}]'):
        assert direct.code(operation, content=body) == -6213, body


@pytest.mark.parametrize(
    "operation", sorted({*ALL_CALLS} - {*TAKING_JSON, "start_restore", "restore", "reboot"})
)
def test_a_body_that_nobody_asked_for_is_ignored(direct: Channel, operation: str) -> None:
    response = direct.client.post(f"/api/{operation}", content=b"{not JSON" * 1000)
    assert response.headers["content-type"] == "image/jpeg" or response.json()["code"] == 0


def test_unknown_commands(channel: Channel) -> None:
    unknown = {"code": -6117, "data": None}
    for method, path in (
        ("POST", "/"),
        ("POST", "/api"),
        ("POST", "/api/"),
        ("POST", "/api/nonsense"),
        ("POST", "/api/get_image/"),
        ("POST", "/api/GET_IMAGE"),
        ("POST", "/api/download"),
        ("POST", "/get_image"),
        ("POST", "/download/test.evo"),
        ("GET", "/favicon.ico"),
        *(("GET", f"/api/{name}") for name in ALL_CALLS),
        ("PUT", "/api/set_calib"),
        ("DELETE", "/api/get_image"),
        ("OPTIONS", "/api/get_image"),
    ):
        response = channel.client.request(method, path)
        assert (response.status_code, response.json()) == (200, unknown), (method, path)


def test_a_query_is_ignored(channel: Channel) -> None:
    assert channel.client.post("/api/get_calib?x=1").json()["code"] == 0
    assert channel.emulator.requests[-1] == ("POST", "/api/get_calib")


def test_downloads_cannot_leave_their_folder(channel: Channel) -> None:
    channel.backup()
    for name in (
        "",
        "..",
        "../x",
        "%2e%2e%2fetc%2fpasswd",
        "a%2fb",
        "a%5cb",
        "a%00b",
        ".evo",
        "%ff",
        "%E6%96%87.evo",
    ):
        response = channel.client.get(f"/download/{name}")
        # httpx itself resolves some of them, and then they are no download any more
        assert response.json()["code"] in (-6202, -6213, -6117), name
    assert channel.client.get("/download/test.evo").json() == {"code": -6202, "data": None}


@pytest.mark.parametrize("operation", NEEDS_ACTIVATION)
def test_activation_can_be_required(operation: str) -> None:
    channel = in_process(make(activated=False, require_activation=True))
    body = NEEDS_ACTIVATION[operation]
    assert channel.code(operation, body) == -6128
    channel.emulator.activate("1", "One")
    answer = channel.post(operation, body)
    assert answer["code"] in (0, -6202)


def test_restore_needs_activation_too() -> None:
    channel = in_process(make(require_activation=True))
    content = channel.backup()
    channel.data("reset_device")
    assert channel.code("start_restore", files={"file": content}) == -6128


def test_an_unactivated_device_works_unless_activation_is_required() -> None:
    channel = in_process(make(activated=False))
    assert channel.data("get_device_info")["clientID"] == "0000"
    assert channel.code("get_result") == 0


def test_planned_failures_are_counted_and_leave_the_state_alone(direct: Channel) -> None:
    direct.emulator.fail_next(-6210, "get_calib", times=2)
    direct.emulator.fail_next(-6203, "set_learnmode")
    assert direct.code("get_learnmode") == 0
    assert [direct.code("get_calib") for _ in range(3)] == [-6210, -6210, 0]
    assert [direct.code("set_learnmode", {"mode": 0}), direct.data("get_learnmode")["mode"]] == [-6203, 1]
    direct.emulator.fail_next(-6209)
    assert [direct.code("get_item_list"), direct.code("get_item_list")] == [-6209, 0]
    direct.emulator.fail_next(-6210, "download")
    assert direct.client.get("/download/test.evo").json()["code"] == -6210
    direct.emulator.fail_next(-6117, "start_restore")
    assert direct.code("restore") == -6117
    with pytest.raises(ValueError, match="get_result"):
        direct.emulator.fail_next(-6210, "no_such_operation")
    with pytest.raises(ValueError, match="negative"):
        direct.emulator.fail_next(0)


def test_failing_statuses_keep_their_own_form(direct: Channel) -> None:
    direct.emulator.fail_next(-6204, "get_backup_status")
    assert direct.post("get_backup_status") == {
        "code": -6204,
        "filename": "",
        "msg": "备份数据生成失败：写文件失败",
        "status": 6,
    }
    direct.emulator.fail_next(-6210, "get_restore_status")
    assert direct.post("get_restore_status") == {"code": -6210, "msg": "数据恢复失败：未知错误", "status": 5}


def test_requests_are_logged_and_bounded(emulator: Any) -> None:
    channel = in_process(emulator)
    channel.data("get_calib")
    channel.client.get("/download/x")
    assert emulator.requests == (("POST", "/api/get_calib"), ("GET", "/download/x"))
    for _ in range(1100):
        channel.client.get("/download/x")
    assert len(emulator.requests) == 1000
