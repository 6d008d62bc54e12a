"""The ambiguities of the vendor's documents: every value of every switch."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from emulator_support import EmulatorClient, connect, create_emulator

from vision_ai_emulator import Dialect
from vision_ai_emulator.control.interface import respond
from vision_ai_emulator.device.api_versions import API_VERSIONS, ApiVersion
from vision_ai_emulator.http.dialect import LENIENT, SWITCHES, get_values
from vision_ai_emulator.serving.transport import open_transport

PART = b'--b\r\nContent-Disposition: form-data;%s filename="x"\r\n\r\n%s\r\n--b--\r\n'
NAMES = {"named_file": b' name="file";', "unnamed": b"", "empty_name": b' name="";', "other": b' name="up";'}


def connect_with_dialect(**switches: Any) -> EmulatorClient:
    return connect(create_emulator(dialect=Dialect(**switches)))


def restore(client: EmulatorClient, path: str = "start_restore", part: str = "named_file") -> httpx.Response:
    body = PART % (NAMES[part], client.back_up())
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    return client.http.post(f"/api/{path}", content=body, headers=headers)


@pytest.mark.parametrize(
    ("value", "plain", "twins"), [("lenient", 0, 0), ("id_only", 0, -6213), ("item_id_only", -6213, 0)]
)
def test_a1_field_names(value: str, plain: int, twins: int) -> None:
    client = connect_with_dialect(field_names=value)
    assert client.call_code("register_item", {"id": "1", "name": "n"}) == plain
    assert client.call_code("register_item", {"item_id": "1", "item_name": "n"}) == twins
    # both together are always accepted, and the ignored one is not checked
    both = {"id": "1", "name": "n", "item_id": "1", "item_name": "n"}
    assert client.call_code("register_item", both) == 0
    assert client.call_code("delete_registered_image", {"id": "1", "item_id": "1", "image_id": "x"}) == -6202


@pytest.mark.parametrize("paths", ["both", "start_restore", "restore"])
@pytest.mark.parametrize("unknown", ["code", "http_404", "http_405"])
def test_a3_path_of_a_restore(paths: str, unknown: str) -> None:
    client = connect_with_dialect(restore_path=paths, unknown_command=unknown)
    for path in ("start_restore", "restore"):
        response = restore(client, path)
        if paths in ("both", path):
            assert response.json()["code"] == 0
            client.emulator.step(10)
        elif unknown == "code":
            assert response.json() == {"code": -6117, "data": None}
        else:
            assert response.status_code == int(unknown[-3:]) and response.text.startswith("<html>")
            assert client.emulator.log[-1].operation is None
    nonsense = client.http.post("/api/nonsense")
    assert nonsense.status_code == (200 if unknown == "code" else int(unknown[-3:]))


@pytest.mark.parametrize("accepted", ["any", "named_file", "unnamed", "empty_name"])
def test_a4_name_of_the_uploaded_part(accepted: str) -> None:
    client = connect_with_dialect(restore_part=accepted)
    for part in NAMES:
        expected = 0 if accepted in ("any", part) else -6213
        assert restore(client, part=part).json()["code"] == expected, part
        client.emulator.step(10)


def test_a5_responses_without_data() -> None:
    bodies = {
        value: [
            connect_with_dialect(data_key=value).http.post(f"/api/{call}").content
            for call in ("start_backup", "reset_device", "nonsense", "get_learnmode", "get_restore_status")
        ]
        for value in ("documented", "always", "omitted_when_null")
    }
    null, none = b'{"code":0,"data":null}', b'{"code":0}'
    assert [each[:2] for each in bodies.values()] == [[none, null], [null, null], [none, none]]
    assert bodies["omitted_when_null"][2] == b'{"code":-6117}'
    assert bodies["documented"][3:] == bodies["always"][3:] == bodies["omitted_when_null"][3:]


def test_a6_trailing_commas() -> None:
    client = connect_with_dialect(trailing_commas=True)
    assert client.http.post("/api/start_backup").content == b'{"code":0,}'
    respond(client.emulator, "POST", "/__emulator__/catalog", b'{"id": "1", "name": "n"}')
    assert client.http.post("/api/get_item_list").content == (b'{"code":0,"data":[{"id":"1","name":"n",},],}')
    client.http.post("/api/reset_device")
    assert client.http.post("/api/get_item_list").content == b'{"code":0,"data":[],}'


@pytest.mark.parametrize("call", ["get_item_list", "get_registered_item_list"])
def test_a7_form_of_lists(call: str) -> None:
    def call_with_products(list_shape: str) -> list[Any]:
        client = connect_with_dialect(list_shape=list_shape)
        results = [client.call_data(call)]
        for id in ("1", "2"):
            client.call_data("register_item", {"id": id, "name": "n"})
            if call == "get_item_list":
                client.call_data("commit_registered_item", {"id": id})
            results.append(client.call_data(call))
        return results

    def get_ids(entries: Any) -> Any:
        return [each["id"] for each in entries]

    none, one, two = call_with_products("list")
    assert (none, get_ids(one), get_ids(two)) == ([], ["1"], ["1", "2"])
    none, one, two = call_with_products("one_object_when_single")
    assert (none, one["id"], get_ids(two)) == ([], "1", ["1", "2"])
    none, one, two = call_with_products("items")
    assert (none, get_ids(one["items"]), get_ids(two["items"])) == ({"items": []}, ["1"], ["1", "2"])
    none, one, two = call_with_products("null_when_empty")
    assert (none, get_ids(one), get_ids(two)) == (None, ["1"], ["1", "2"])


def test_a7_one_entry_with_all_pictures_of_a_product() -> None:
    client = connect_with_dialect(image_ids="many")
    image_ids = [client.call_data("register_item", {"id": id, "name": f"n{id}"})["image_id"] for id in "121"]
    assert client.call_data("get_registered_item_list") == [
        {"id": "1", "image_id": [image_ids[0], image_ids[2]], "name": "n1"},
        {"id": "2", "image_id": [image_ids[1]], "name": "n2"},
    ]


def test_a12_unlisted_statuses() -> None:
    client = connect_with_dialect(extra_statuses=True)
    assert client.call("get_backup_status")["status"] == 0
    client.call("start_backup")
    assert [client.call("get_backup_status")["status"] for _ in range(4)] == [2, 1, 2, 1]
    client.emulator.step(1)
    assert client.call("get_backup_status")["status"] == 3
    content = client.back_up()
    client.call_code("start_restore", files={"file": content})
    assert [client.call("get_restore_status")["status"] for _ in range(3)] == [1, 2, 1]
    client.emulator.step(0.75)
    assert client.call("get_restore_status")["status"] == 3
    client.emulator.step(1)
    assert client.call("get_restore_status")["status"] == 4


def test_a13_reset_without_a_response(client: EmulatorClient) -> None:
    client.teach("1", "Apple", "apple")
    client.emulator.dialect = Dialect(reset_answer="drop")
    with pytest.raises(httpx.RemoteProtocolError):
        client.http.post("/api/reset_device")
    assert client.call_data("get_item_list") == []
    assert client.call_data("get_device_info")["clientID"] == "0000"
    assert client.emulator.acted["reset_device"] == 1


def test_a15_chinese_text_in_gbk(client: EmulatorClient) -> None:
    client.emulator.dialect = Dialect(charset="gbk")
    response = client.http.post("/api/get_backup_status")
    assert response.content == '{"code":0,"filename":"","msg":"没有备份任务","status":0}'.encode("gbk")
    assert response.headers["content-type"] == "application/json"
    # requests remain UTF-8, and characters that GBK lacks are lost
    client.http.post("/api/register_item", json={"id": "1", "name": "苹果🍎"})
    body = client.http.post("/api/get_registered_item_list").content
    assert '"name":"苹果?"'.encode("gbk") in body


@pytest.mark.parametrize(("value", "header"), [("json", "application/json"), ("text", "text/plain")])
def test_a16_content_types(client: EmulatorClient, value: Any, header: str) -> None:
    client.emulator.dialect = Dialect(content_type=value)
    assert client.http.post("/api/get_calib").headers["content-type"] == header
    assert client.http.post("/api/get_image").headers["content-type"] == "image/jpeg"
    client.emulator.dialect = Dialect(content_type="none")
    response = client.http.post("/api/get_calib")
    assert "content-type" not in response.headers and response.json()["code"] == 0


SHARED = ("get_device_info", "get_image", "get_result", "get_item_list")
"""The operations that both versions have, with different methods."""
METHODS: dict[ApiVersion, str] = {"v1": "POST", "v2": "GET"}


@pytest.mark.parametrize("api", API_VERSIONS)
@pytest.mark.parametrize("operation", SHARED)
@pytest.mark.parametrize("value", get_values("other_method"))
def test_b1_method_of_the_other_version(api: ApiVersion, operation: str, value: Any) -> None:
    client = connect(
        create_emulator(api=api, dialect=Dialect(other_method=value, unknown_command="http_405"))
    )
    right = client.http.request(METHODS[api], f"/api/{operation}")
    (other_method,) = set(METHODS.values()) - {METHODS[api]}
    other = client.http.request(other_method, f"/api/{operation}")
    entry = client.emulator.log[-1]
    assert entry.method == other_method
    assert entry.operation == (operation if value == "answer" else None)
    if value == "answer":
        assert other.headers == right.headers
        assert operation == "get_result" or other.content == right.content
    elif value == "code":
        assert other.json() == {"code": -6117, "data": None}
    else:
        assert other.status_code == {"http_404": 404, "http_405": 405, "unknown_command": 405}[value]
        assert other.text.startswith("<html>")


@pytest.mark.parametrize("api", API_VERSIONS)
def test_b1_is_about_nothing_else(api: ApiVersion) -> None:
    client = connect(create_emulator(api=api, dialect=Dialect(other_method="answer")))
    only_here, only_there = {
        "v1": ("get_calib", "clear_all_template"),
        "v2": ("clear_all_template", "get_calib"),
    }[api]
    for method, operation in (
        ("GET", only_here),
        ("GET", only_there),
        ("POST", only_there),
        ("GET", "set_calib"),
        ("PUT", "get_image"),
        ("POST", "../download/x"),
    ):
        response = client.http.request(method, f"/api/{operation}")
        assert response.json() == {"code": -6117, "data": None}, (method, operation)


def connect_to_v2(**switches: Any) -> EmulatorClient:
    """Return a client for a V2 device with the items "1" and "2"."""
    client = connect(create_emulator(api="v2"))
    for id in ("1", "1", "2"):
        client.call_data("add_item_template", {"id": id})
    client.emulator.dialect = Dialect(**switches)
    return client


def test_b2_sid_of_a_recognition() -> None:
    assert connect_to_v2().call_data("get_result").keys() == {"items"}
    assert re.fullmatch(r"\d{23}", connect_to_v2(result_sid=True).call_data("get_result")["sid"])
    # V1 always has it
    assert "sid" in connect_with_dialect(result_sid=False).call_data("get_result")


def test_b3_center_of_the_templates() -> None:
    for value in (True, False):
        client = connect_to_v2(center_entry=value)
        templates = client.call_data("get_item_template_list", {"id": "1"})
        assert len(templates) == 2 + value and ("center" in templates) == value


def test_b4_sid_in_place_of_an_id() -> None:
    assert connect_to_v2().call_data("get_item_list") == [{"count": 2, "id": "1"}, {"count": 1, "id": "2"}]
    client = connect_to_v2(sid_for_id=True)
    assert client.call_data("get_item_list") == [{"count": 2, "id": "1"}, {"count": 1, "sid": "2"}]
    client.call("clear_all_template")
    assert client.call_data("get_item_list") == []


def test_b5_place_of_the_largest_number_of_templates() -> None:
    beside = connect_to_v2().call("get_item_template_list", {"id": "2"})
    assert beside.keys() == {"code", "data", "max"} and beside["max"] == 30
    inside = connect_to_v2(template_max="inside_data").call("get_item_template_list", {"id": "2"})
    assert inside == {"code": 0, "data": {"items": beside["data"], "max": 30}}


def test_the_switches_for_every_response_also_affect_v2() -> None:
    client = connect_to_v2(trailing_commas=True, data_key="omitted_when_null", content_type="text")
    assert client.http.post("/api/clear_all_template").content == b'{"code":0,}'
    response = client.http.get("/api/get_item_list")
    assert (response.content, response.headers["content-type"]) == (b'{"code":0,"data":[],}', "text/plain")


@pytest.mark.parametrize("switch", SWITCHES)
def test_every_switch_can_be_set_in_the_url(switch: str) -> None:
    for value in get_values(switch):
        url = f"emulator:?{switch}={str(value).lower()}"
        assert getattr(open_transport(url, asynchronous=False).emulator.dialect, switch) == value
    with pytest.raises(ValueError, match=switch):
        open_transport(f"emulator:?{switch}=nonsense", asynchronous=False)
    with pytest.raises(ValueError, match=switch):
        Dialect(**{switch: "nonsense"})  # type: ignore[arg-type]  # invalid on purpose


def test_the_default_is_lenient() -> None:
    assert create_emulator().dialect == Dialect() == LENIENT


@pytest.mark.parametrize(("value", "number"), [("completed", 4), ("no_task", 0)])
def test_a17_status_of_a_completed_restore(value: str, number: int) -> None:
    client = connect_with_dialect(restore_end=value)
    assert restore(client).json()["code"] == 0
    assert client.call("get_restore_status")["status"] == 2
    client.emulator.step(10)
    for _ in range(2):
        assert client.call("get_restore_status") == {"code": 0, "msg": "数据恢复完成", "status": number}


@pytest.mark.parametrize(("value", "name"), [("text", "not activated"), ("empty", ""), ("null", None)])
def test_a18_name_of_the_store_before_the_activation(value: str, name: str | None) -> None:
    client = connect_with_dialect(store_name=value)
    assert client.call_data("get_device_info")["clientName"] not in ("not activated", "", None)
    client.emulator.deactivate()
    assert client.call_data("get_device_info")["clientName"] == name


@pytest.mark.parametrize(("value", "text"), [("empty", ""), ("null", None)])
def test_a19_main_scale_of_a_module_that_is_no_slave(value: str, text: str | None) -> None:
    info = connect_with_dialect(master_fields=value).call_data("get_device_info")
    assert (info["masterIP"], info["masterSN"]) == (text, text)


@pytest.mark.parametrize(
    ("value", "field", "mode"),
    [
        ("documented", "syncMode", "normal"),
        ("renamed", "sync_mode", "normal"),
        ("capitalized", "syncMode", "Normal"),
    ],
)
def test_a20_synchronization_mode(value: str, field: str, mode: str) -> None:
    info = connect_with_dialect(sync_mode_field=value).call_data("get_device_info")
    assert {name: info[name] for name in ("syncMode", "sync_mode") if name in info} == {field: mode}


@pytest.mark.parametrize(
    ("value", "none", "one"),
    [
        ("list", [], list),
        ("one_object_when_single", [], dict),
        ("null_when_empty", None, list),
    ],
)
def test_a21_guesses(value: str, none: Any, one: type) -> None:
    client = connect_with_dialect(guesses=value)
    assert client.call_data("get_result")["items"] == none
    client.teach("1", "Apple", "apple")
    assert isinstance(client.call_data("get_result")["items"], one)


def test_a22_whole_numbers_with_a_point() -> None:
    client = connect_with_dialect(whole_numbers="float")
    client.call_code("set_calib", {"left": 1, "top": 2, "width": 3, "height": 4})
    body = b'{"code":0,"data":{"height":4.0,"left":1.0,"top":2.0,"width":3.0}}'
    assert client.http.post("/api/get_calib").content == body
    assert client.http.post("/api/get_learnmode").content == b'{"code":0,"data":{"mode":1.0}}'
    assert b'"learnMode":1.0' in client.http.post("/api/get_device_info").content
