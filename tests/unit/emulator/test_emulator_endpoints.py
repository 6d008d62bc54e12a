"""Every endpoint with valid and invalid requests, in this process and over a socket."""

from __future__ import annotations

import base64
import io
import json
import re
from typing import Any

import pytest
from emulator_support import EmulatorClient, connect, create_emulator
from PIL import Image

CALIBRATION = {"height": 482, "left": 444, "top": 39, "width": 348}
IDENTIFIER = re.compile(r"20220414150011198\d{6}")
ALL_OPERATIONS = (
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

OPERATIONS_THAT_NEED_ACTIVATION: dict[str, Any] = {
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


def test_device_info_is_the_vendors_example(client: EmulatorClient) -> None:
    assert client.call_data("get_device_info") == {
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


def test_calibration_is_stored(client: EmulatorClient) -> None:
    assert client.call_data("get_calib") == CALIBRATION
    area = {"height": 720, "left": 0, "top": 0, "width": 1280}
    assert client.call_data("set_calib", area) is None
    assert client.call_data("get_calib") == area


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
def test_calibration_outside_the_picture_is_rejected(
    local_client: EmulatorClient, change: dict[str, Any]
) -> None:
    body = json.dumps({**CALIBRATION, **change}).replace("Infinity", "1e999")
    assert local_client.call_code("set_calib", content=body) == -6213
    assert local_client.call_data("get_calib") == CALIBRATION


def test_calibration_accepts_the_last_pixel_and_whole_floats(
    local_client: EmulatorClient,
) -> None:
    area = {"height": 1, "left": 1279, "top": 719.0, "width": 1}
    assert local_client.call_code("set_calib", area) == 0
    assert local_client.call_data("get_calib") == area


@pytest.mark.parametrize("name", CALIBRATION)
def test_calibration_requires_every_number(local_client: EmulatorClient, name: str) -> None:
    assert local_client.call_code("set_calib", {k: v for k, v in CALIBRATION.items() if k != name}) == -6213


def test_the_learn_mode_is_stored_and_checked(client: EmulatorClient) -> None:
    assert client.call_data("get_learnmode") == {"mode": 1}
    assert client.call_data("set_learnmode", {"mode": 0}) is None
    assert client.call_data("get_learnmode") == {"mode": 0}
    assert client.call_data("get_device_info")["learnMode"] == 0
    for bad in ({"mode": 2}, {"mode": -1}, {"mode": True}, {"mode": "1"}, {"mode": None}, {}):
        assert client.call_code("set_learnmode", bad) == -6213
    assert client.call_code("set_learnmode", {"mode": 10**2000}) == -6213
    assert client.call_data("get_learnmode") == {"mode": 0}


def test_registering_fills_the_cache_and_committing_the_catalog(client: EmulatorClient) -> None:
    assert client.call_data("get_item_list") == []
    first = client.call_data("register_item", {"id": "001", "name": "苹果"})
    second = client.call_data("register_item", {"item_id": "001", "item_name": "苹果"})
    other = client.call_data("register_item", {"id": "002", "item_id": "002", "name": "Pear"})
    ids = [each["image_id"] for each in (first, second, other)]
    assert all(map(IDENTIFIER.fullmatch, ids)) and len(set(ids)) == 3
    with Image.open(io.BytesIO(base64.b64decode(first["image"]))) as template:
        assert (template.format, template.size) == ("JPEG", (348, 482))

    assert client.call_data("get_item_list") == []
    assert client.call_data("get_registered_item_list") == [
        {"id": "001", "image_id": ids[0], "name": "苹果"},
        {"id": "001", "image_id": ids[1], "name": "苹果"},
        {"id": "002", "image_id": ids[2], "name": "Pear"},
    ]
    assert client.call_data("commit_registered_item", {"id": "001"}) is None
    assert client.call_data("get_item_list") == [{"id": "001", "name": "苹果"}]
    assert [each["id"] for each in client.call_data("get_registered_item_list")] == ["002"]


def test_cached_pictures_can_be_deleted(client: EmulatorClient) -> None:
    ids = [
        client.call_data("register_item", {"id": id, "name": "n"})["image_id"] for id in ("1", "1", "1", "2")
    ]
    assert client.call_data("delete_registered_image", {"id": "1", "image_id": ids[1]}) is None
    assert [each["image_id"] for each in client.call_data("get_registered_item_list")] == [
        ids[0],
        ids[2],
        ids[3],
    ]
    # of another product, or already deleted
    assert client.call_code("delete_registered_image", {"id": "2", "image_id": ids[0]}) == -6202
    assert client.call_code("delete_registered_image", {"id": "1", "image_id": ids[1]}) == -6202
    assert client.call_data("delete_registered_item", {"item_id": "1"}) is None
    assert [each["image_id"] for each in client.call_data("get_registered_item_list")] == [ids[3]]
    assert client.call_code("delete_registered_item", {"id": "1"}) == -6202
    assert client.call_code("commit_registered_item", {"id": "1"}) == -6202


def test_a_product_has_the_name_of_its_latest_pictures(local_client: EmulatorClient) -> None:
    local_client.teach("1", "Appel", "apple", 1)
    local_client.teach("1", "Apple", "apple", 1)
    assert local_client.call_data("get_item_list") == [{"id": "1", "name": "Apple"}]


def test_an_empty_pan_cannot_be_registered(local_client: EmulatorClient) -> None:
    local_client.emulator.clear_pan()
    assert -6599 <= local_client.call_code("register_item", {"id": "1", "name": "n"}) <= -6500
    assert local_client.call_data("get_registered_item_list") == []


def test_feedback_requires_a_known_recognition_and_all_fields(client: EmulatorClient) -> None:
    result = client.call_data("get_result")
    assert result["items"] == []
    assert IDENTIFIER.fullmatch(result["sid"])
    feedback = {"sid": result["sid"], "id": "1", "name": "Apple", "intop": False}
    assert client.call_data("result_feedback", feedback) is None
    assert client.call_code("result_feedback", {**feedback, "sid": "20220414150011198000000"}) == -6202
    for name in feedback:
        assert client.call_code("result_feedback", {k: v for k, v in feedback.items() if k != name}) == -6213
    for name, bad in (("intop", 1), ("intop", "true"), ("sid", 5), ("id", ""), ("name", "")):
        assert client.call_code("result_feedback", {**feedback, name: bad}) == -6213


def test_the_picture_shows_the_pan(client: EmulatorClient) -> None:
    response = client.http.post("/api/get_image")
    assert response.headers["content-type"] == "image/jpeg"
    assert response.content.startswith(b"\xff\xd8\xff")
    with Image.open(io.BytesIO(response.content)) as picture:
        assert picture.size == (1280, 720)
    assert client.http.post("/api/get_image").content == response.content
    client.emulator.clear_pan()
    assert client.http.post("/api/get_image").content != response.content


def test_a_lost_camera_fails_operations_that_need_a_picture(client: EmulatorClient) -> None:
    sid = client.call_data("get_result")["sid"]
    client.emulator.camera_lost = True
    assert client.call_code("get_image") == -6103
    assert client.call_code("get_result") == -6103
    assert client.call_code("register_item", {"id": "1", "name": "n"}) == -6103
    assert client.call_code("result_feedback", {"sid": sid, "id": "1", "name": "n", "intop": True}) == 0
    client.emulator.camera_lost = False
    assert client.http.post("/api/get_image").headers["content-type"] == "image/jpeg"


def test_a_factory_reset_clears_everything(client: EmulatorClient) -> None:
    client.teach("1", "Apple", "apple", 1)
    client.call_data("register_item", {"id": "2", "name": "n"})
    client.call_data("set_calib", {**CALIBRATION, "left": 1})
    client.call_data("set_learnmode", {"mode": 0})
    client.back_up()
    filename = client.call("get_backup_status")["filename"]
    assert client.call("reset_device") == {"code": 0, "data": None}
    info = client.call_data("get_device_info")
    assert (info["clientID"], info["clientName"], info["learnMode"]) == ("0000", "not activated", 1)
    assert client.call_data("get_calib") == CALIBRATION
    assert client.call_data("get_item_list") == []
    assert client.call_data("get_registered_item_list") == []
    assert client.call("get_backup_status")["status"] == 0
    assert client.http.get(f"/download/{filename}").json()["code"] == -6202
    client.emulator.activate("7", "Seven")
    assert client.call_data("get_device_info")["clientID"] == "7"


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
def test_strings_are_checked_strictly(
    local_client: EmulatorClient, operation: str, good: dict[str, Any], required: tuple[str, ...]
) -> None:
    assert local_client.call_code(operation, good) != -6213
    for name in required:
        without = {k: v for k, v in good.items() if k != name}
        assert local_client.call_code(operation, without) == -6213
        wrong: tuple[Any, ...] = ("", None, 1, 1.5, True, [], {}, ["1"])
        for bad in wrong:
            assert local_client.call_code(operation, {**without, name: bad}) == -6213, (name, bad)
    for name, twin in (("id", "item_id"), ("name", "item_name")):
        if name in good:
            without = {k: v for k, v in good.items() if k != name}
            assert local_client.call_code(operation, {**without, twin: good[name]}) != -6213
            assert local_client.call_code(operation, {**good, twin: good[name]}) != -6213
            assert local_client.call_code(operation, {**good, twin: "another"}) == -6213
            assert local_client.call_code(operation, {**good, twin: ""}) == -6213
            assert local_client.call_code(operation, {**good, twin: None}) == -6213


OPERATIONS_WITH_BODY = (
    "set_calib",
    "set_learnmode",
    "register_item",
    "delete_registered_image",
    "delete_registered_item",
    "commit_registered_item",
    "result_feedback",
)

NOT_JSON = [
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


@pytest.mark.parametrize("operation", OPERATIONS_WITH_BODY)
def test_a_body_that_is_not_json_fails_to_parse(local_client: EmulatorClient, operation: str) -> None:
    for body in NOT_JSON:
        assert local_client.call_code(operation, content=body) == -6200, body[:40]


@pytest.mark.parametrize("operation", OPERATIONS_WITH_BODY)
def test_json_other_than_an_object_is_a_parameter_error(local_client: EmulatorClient, operation: str) -> None:
    for body in (b"[]", b"null", b"1", b'"id"', b"true", b"{}", b' [{"id": "1"}]'):
        assert local_client.call_code(operation, content=body) == -6213, body


@pytest.mark.parametrize(
    "operation", sorted({*ALL_OPERATIONS} - {*OPERATIONS_WITH_BODY, "start_restore", "restore", "reboot"})
)
def test_an_unexpected_body_is_ignored(local_client: EmulatorClient, operation: str) -> None:
    response = local_client.http.post(f"/api/{operation}", content=b"{not JSON" * 1000)
    assert response.headers["content-type"] == "image/jpeg" or response.json()["code"] == 0


def test_unknown_paths_and_methods_are_unknown_commands(client: EmulatorClient) -> None:
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
        *(("GET", f"/api/{name}") for name in ALL_OPERATIONS),
        ("PUT", "/api/set_calib"),
        ("DELETE", "/api/get_image"),
        ("OPTIONS", "/api/get_image"),
    ):
        response = client.http.request(method, path)
        assert (response.status_code, response.json()) == (200, unknown), (method, path)


def test_a_query_is_ignored(client: EmulatorClient) -> None:
    assert client.http.post("/api/get_calib?x=1").json()["code"] == 0
    assert client.emulator.requests[-1] == ("POST", "/api/get_calib")


def test_downloads_give_no_access_to_other_files(client: EmulatorClient) -> None:
    client.back_up()
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
        response = client.http.get(f"/download/{name}")
        # httpx resolves some of them, and the result is not a download
        assert response.json()["code"] in (-6202, -6213, -6117), name
    assert client.http.get("/download/test.evo").json() == {"code": -6202, "data": None}


@pytest.mark.parametrize("operation", OPERATIONS_THAT_NEED_ACTIVATION)
def test_activation_can_be_required(operation: str) -> None:
    client = connect(create_emulator(activated=False, require_activation=True))
    body = OPERATIONS_THAT_NEED_ACTIVATION[operation]
    assert client.call_code(operation, body) == -6128
    client.emulator.activate("1", "One")
    response = client.call(operation, body)
    assert response["code"] in (0, -6202)


def test_a_restore_can_require_activation() -> None:
    client = connect(create_emulator(require_activation=True))
    content = client.back_up()
    client.call_data("reset_device")
    assert client.call_code("start_restore", files={"file": content}) == -6128


def test_an_unactivated_device_works_unless_activation_is_required() -> None:
    client = connect(create_emulator(activated=False))
    assert client.call_data("get_device_info")["clientID"] == "0000"
    assert client.call_code("get_result") == 0


def test_planned_errors_are_counted_and_change_no_state(local_client: EmulatorClient) -> None:
    local_client.emulator.fail_next(-6210, "get_calib", times=2)
    local_client.emulator.fail_next(-6203, "set_learnmode")
    assert local_client.call_code("get_learnmode") == 0
    assert [local_client.call_code("get_calib") for _ in range(3)] == [-6210, -6210, 0]
    assert [
        local_client.call_code("set_learnmode", {"mode": 0}),
        local_client.call_data("get_learnmode")["mode"],
    ] == [-6203, 1]
    local_client.emulator.fail_next(-6209)
    assert [local_client.call_code("get_item_list"), local_client.call_code("get_item_list")] == [-6209, 0]
    local_client.emulator.fail_next(-6210, "download")
    assert local_client.http.get("/download/test.evo").json()["code"] == -6210
    local_client.emulator.fail_next(-6117, "start_restore")
    assert local_client.call_code("restore") == -6117
    with pytest.raises(ValueError, match="get_result"):
        local_client.emulator.fail_next(-6210, "no_such_operation")
    with pytest.raises(ValueError, match="negative"):
        local_client.emulator.fail_next(0)


def test_errors_of_statuses_have_the_form_of_statuses(local_client: EmulatorClient) -> None:
    local_client.emulator.fail_next(-6204, "get_backup_status")
    assert local_client.call("get_backup_status") == {
        "code": -6204,
        "filename": "",
        "msg": "备份数据生成失败：写文件失败",
        "status": 6,
    }
    local_client.emulator.fail_next(-6210, "get_restore_status")
    assert local_client.call("get_restore_status") == {
        "code": -6210,
        "msg": "数据恢复失败：未知错误",
        "status": 5,
    }


def test_the_log_keeps_the_latest_1000_requests(emulator: Any) -> None:
    client = connect(emulator)
    client.call_data("get_calib")
    client.http.get("/download/x")
    assert emulator.requests == (("POST", "/api/get_calib"), ("GET", "/download/x"))
    for _ in range(1100):
        client.http.get("/download/x")
    assert len(emulator.requests) == 1000
