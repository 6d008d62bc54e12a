"""The readings that the vendor's document leaves open, each switch in each position."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from emulator_support import Channel, in_process, make

from vision_ai_emulator import Dialect
from vision_ai_emulator.control.interface import respond
from vision_ai_emulator.http.dialect import LENIENT, SWITCHES, get_values
from vision_ai_emulator.serving.transport import open_transport

PART = b'--b\r\nContent-Disposition: form-data;%s filename="x"\r\n\r\n%s\r\n--b--\r\n'
NAMES = {"named_file": b' name="file";', "unnamed": b"", "empty_name": b' name="";', "other": b' name="up";'}


def speaking(**switches: Any) -> Channel:
    return in_process(make(dialect=Dialect(**switches)))


def restore(channel: Channel, path: str = "start_restore", part: str = "named_file") -> httpx.Response:
    body = PART % (NAMES[part], channel.backup())
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    return channel.client.post(f"/api/{path}", content=body, headers=headers)


@pytest.mark.parametrize(
    ("spoken", "plain", "twins"), [("lenient", 0, 0), ("id_only", 0, -6213), ("item_id_only", -6213, 0)]
)
def test_a1_field_names(spoken: str, plain: int, twins: int) -> None:
    channel = speaking(field_names=spoken)
    assert channel.code("register_item", {"id": "1", "name": "n"}) == plain
    assert channel.code("register_item", {"item_id": "1", "item_name": "n"}) == twins
    # both are always understood, and of what is not read nothing is checked
    both = {"id": "1", "name": "n", "item_id": "1", "item_name": "n"}
    assert channel.code("register_item", both) == 0
    assert channel.code("delete_registered_image", {"id": "1", "item_id": "1", "image_id": "x"}) == -6202


@pytest.mark.parametrize("known", ["both", "start_restore", "restore"])
@pytest.mark.parametrize("unknown", ["code", "http_404", "http_405"])
def test_a3_the_path_of_a_restore(known: str, unknown: str) -> None:
    channel = speaking(restore_path=known, unknown_command=unknown)
    for path in ("start_restore", "restore"):
        answer = restore(channel, path)
        if known in ("both", path):
            assert answer.json()["code"] == 0
            channel.emulator.step(10)
        elif unknown == "code":
            assert answer.json() == {"code": -6117, "data": None}
        else:
            assert answer.status_code == int(unknown[-3:]) and answer.text.startswith("<html>")
            assert channel.emulator.log[-1].operation is None
    nonsense = channel.client.post("/api/nonsense")
    assert nonsense.status_code == (200 if unknown == "code" else int(unknown[-3:]))


@pytest.mark.parametrize("wanted", ["any", "named_file", "unnamed", "empty_name"])
def test_a4_the_name_of_the_part(wanted: str) -> None:
    channel = speaking(restore_part=wanted)
    for part in NAMES:
        expected = 0 if wanted in ("any", part) else -6213
        assert restore(channel, part=part).json()["code"] == expected, part
        channel.emulator.step(10)


def test_a5_answers_without_data() -> None:
    answers = {
        spoken: [
            speaking(data_key=spoken).client.post(f"/api/{call}").content
            for call in ("start_backup", "reset_device", "nonsense", "get_learnmode", "get_restore_status")
        ]
        for spoken in ("documented", "always", "omitted_when_null")
    }
    null, none = b'{"code":0,"data":null}', b'{"code":0}'
    assert [each[:2] for each in answers.values()] == [[none, null], [null, null], [none, none]]
    assert answers["omitted_when_null"][2] == b'{"code":-6117}'
    assert answers["documented"][3:] == answers["always"][3:] == answers["omitted_when_null"][3:]


def test_a6_trailing_commas() -> None:
    channel = speaking(trailing_commas=True)
    assert channel.client.post("/api/start_backup").content == b'{"code":0,}'
    respond(channel.emulator, "POST", "/__emulator__/catalogue", b'{"id": "1", "name": "n"}')
    assert channel.client.post("/api/get_item_list").content == (
        b'{"code":0,"data":[{"id":"1","name":"n",},],}'
    )
    channel.client.post("/api/reset_device")
    assert channel.client.post("/api/get_item_list").content == b'{"code":0,"data":[],}'


@pytest.mark.parametrize("call", ["get_item_list", "get_registered_item_list"])
def test_a7_the_shape_of_lists(call: str) -> None:
    def shapes(spoken: str) -> list[Any]:
        channel = speaking(list_shape=spoken)
        seen = [channel.data(call)]
        for id in ("1", "2"):
            channel.data("register_item", {"id": id, "name": "n"})
            if call == "get_item_list":
                channel.data("commit_registered_item", {"id": id})
            seen.append(channel.data(call))
        return seen

    def ids(entries: Any) -> Any:
        return [each["id"] for each in entries]

    none, one, two = shapes("list")
    assert (none, ids(one), ids(two)) == ([], ["1"], ["1", "2"])
    none, one, two = shapes("one_object_when_single")
    assert (none, one["id"], ids(two)) == ([], "1", ["1", "2"])
    none, one, two = shapes("items")
    assert (none, ids(one["items"]), ids(two["items"])) == ({"items": []}, ["1"], ["1", "2"])
    none, one, two = shapes("null_when_empty")
    assert (none, ids(one), ids(two)) == (None, ["1"], ["1", "2"])


def test_a7_many_pictures_of_a_product_in_one_entry() -> None:
    channel = speaking(image_ids="many")
    made = [channel.data("register_item", {"id": id, "name": f"n{id}"})["image_id"] for id in "121"]
    assert channel.data("get_registered_item_list") == [
        {"id": "1", "image_id": [made[0], made[2]], "name": "n1"},
        {"id": "2", "image_id": [made[1]], "name": "n2"},
    ]


def test_a12_statuses_that_are_not_listed() -> None:
    channel = speaking(extra_statuses=True)
    assert channel.post("get_backup_status")["status"] == 0
    channel.post("start_backup")
    assert [channel.post("get_backup_status")["status"] for _ in range(4)] == [2, 1, 2, 1]
    channel.emulator.step(1)
    assert channel.post("get_backup_status")["status"] == 3
    content = channel.backup()
    channel.code("start_restore", files={"file": content})
    assert [channel.post("get_restore_status")["status"] for _ in range(3)] == [1, 2, 1]
    channel.emulator.step(0.75)
    assert channel.post("get_restore_status")["status"] == 3
    channel.emulator.step(1)
    assert channel.post("get_restore_status")["status"] == 4


def test_a13_a_reset_without_an_answer(channel: Channel) -> None:
    channel.teach("1", "Apple", "apple")
    channel.emulator.dialect = Dialect(reset_answer="drop")
    with pytest.raises(httpx.RemoteProtocolError):
        channel.client.post("/api/reset_device")
    assert channel.data("get_item_list") == []
    assert channel.data("get_device_info")["clientID"] == "0000"
    assert channel.emulator.acted["reset_device"] == 1


def test_a15_chinese_in_gbk(channel: Channel) -> None:
    channel.emulator.dialect = Dialect(charset="gbk")
    answer = channel.client.post("/api/get_backup_status")
    assert answer.content == '{"code":0,"filename":"","msg":"没有备份任务","status":0}'.encode("gbk")
    assert answer.headers["content-type"] == "application/json"
    # requests stay UTF-8, and what GBK does not have is lost
    channel.client.post("/api/register_item", json={"id": "1", "name": "苹果🍎"})
    listed = channel.client.post("/api/get_registered_item_list").content
    assert '"name":"苹果?"'.encode("gbk") in listed


@pytest.mark.parametrize(("spoken", "header"), [("json", "application/json"), ("text", "text/plain")])
def test_a16_content_types(channel: Channel, spoken: Any, header: str) -> None:
    channel.emulator.dialect = Dialect(content_type=spoken)
    assert channel.client.post("/api/get_calib").headers["content-type"] == header
    assert channel.client.post("/api/get_image").headers["content-type"] == "image/jpeg"
    channel.emulator.dialect = Dialect(content_type="none")
    answer = channel.client.post("/api/get_calib")
    assert "content-type" not in answer.headers and answer.json()["code"] == 0


@pytest.mark.parametrize("switch", SWITCHES)
def test_every_switch_can_be_set_in_the_url(switch: str) -> None:
    for value in get_values(switch):
        url = f"emulator:?{switch}={str(value).lower()}"
        assert getattr(open_transport(url, asynchronous=False).emulator.dialect, switch) == value
    with pytest.raises(ValueError, match=switch):
        open_transport(f"emulator:?{switch}=nonsense", asynchronous=False)
    with pytest.raises(ValueError, match=switch):
        Dialect(**{switch: "nonsense"})  # type: ignore[arg-type]  # that is the point


def test_the_default_is_lenient() -> None:
    assert make().dialect == Dialect() == LENIENT
