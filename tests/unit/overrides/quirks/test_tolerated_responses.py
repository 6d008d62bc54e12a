"""Responses that differ from the vendor's document and are understood: the readings A5 to A22."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from samples import (
    BACKUP_DONE,
    BY_NAME,
    CALIB,
    DEVICE_INFO,
    ENVELOPED,
    ITEMS,
    JPEG,
    PENDING,
    REGISTERED,
    RESTORE_DONE,
    RESULT,
    SAMPLES,
    Sample,
    names,
)
from scripted_transport import ScriptedTransport, json_response, raw_response, success_response

from vision_ai import (
    BackupState,
    CameraError,
    DeviceError,
    InvalidAnswerError,
    InvalidInputError,
    LearnMode,
    RestoreState,
    SyncMode,
)

NOTHING = [sample for sample in ENVELOPED if sample.result is type(None)]
UTF_8 = {"ensure_ascii": False}
RENAMED = {{"syncMode": "sync_mode"}.get(name, name): value for name, value in DEVICE_INFO.items()}


@pytest.fixture
def flavor() -> str:
    """Both clients decode responses with the same code."""
    return "sync"


def text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


@pytest.mark.parametrize("sample", SAMPLES, ids=names(SAMPLES))
def test_a_valid_response_returns_the_documented_type(
    connect: Any, transport: ScriptedTransport, sample: Sample
) -> None:
    assert type(sample.call(connect(transport.respond(sample.response)))) is sample.result


@pytest.mark.parametrize("sample", NOTHING, ids=names(NOTHING))
@pytest.mark.parametrize(
    "response",
    [b'{"code": 0}', b'{"code": 0,}', b'{"code":0,"data":null}', b'{"code":0,"data":{}}', b'{"code":0.0}'],
)
def test_a_success_needs_no_data(
    connect: Any, transport: ScriptedTransport, sample: Sample, response: bytes
) -> None:
    assert sample.call(connect(transport.respond(raw_response(response)))) is None


@pytest.mark.parametrize(
    ("names_text", "name"),
    [
        (r'"a, ]"', "a, ]"),
        (r'"a,}"', "a,}"),
        (r'",\"]"', ',"]'),
        (r'"\\"', "\\"),
        (r'"\\\\,]"', "\\\\,]"),
        (r'"\",}\\"', '",}\\'),
        ('"{\\"a\\": 1,}"', '{"a": 1,}'),
        ('",\u3000]"', ",\u3000]"),
    ],
)
def test_trailing_commas_are_removed_outside_strings(
    connect: Any, transport: ScriptedTransport, names_text: str, name: str
) -> None:
    response = '{"code": 0, "data": [ {"id": "001", "name": ' + names_text + ",\r\n\t} , ],\n}"
    [item] = connect(transport.respond(raw_response(response.encode()))).get_item_list()
    assert item.name == name


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        ([{"id": "1", "name": "x"}, {"id": "2", "name": "y"}], ["1", "2"]),
        ({"id": "1", "name": "x"}, ["1"]),
        ({"items": [{"id": "1", "name": "x"}]}, ["1"]),
        (None, []),
        ([], []),
        ({}, []),
        ("", []),
        ({"items": []}, []),
        ({"items": None}, []),
    ],
    ids=["list", "one", "items", "null", "empty", "no fields", "no text", "no items", "items null"],
)
def test_a_list_is_read_from_every_known_shape(
    connect: Any, transport: ScriptedTransport, data: Any, ids: list[str]
) -> None:
    items = connect(transport.respond(success_response(data))).get_item_list()
    assert [item.id for item in items] == ids


@pytest.mark.parametrize("name", ["get_item_list", "get_registered_item_list"])
def test_a_list_without_data_is_empty(connect: Any, transport: ScriptedTransport, name: str) -> None:
    assert getattr(connect(transport.respond(json_response({"code": 0}))), name)() == []


@pytest.mark.parametrize(
    ("data", "pictures"),
    [
        ([{"id": "1", "name": "x", "image_id": "7"}], [("1", "7")]),
        ([{"id": "1", "name": "x", "image_id": ["7", "8"]}], [("1", "7"), ("1", "8")]),
        ({"id": "1", "name": "x", "image_id": ["7", "8"]}, [("1", "7"), ("1", "8")]),
        ({"items": [{"id": "1", "name": "x", "image_id": ["7"]}]}, [("1", "7")]),
    ],
)
def test_a_pending_product_has_one_picture_or_many(
    connect: Any, transport: ScriptedTransport, data: Any, pictures: list[tuple[str, str]]
) -> None:
    found = connect(transport.respond(success_response(data))).get_registered_item_list()
    assert [(each.id, each.image_id) for each in found] == pictures


@pytest.mark.parametrize(
    "header", ["image/jpeg", "application/json", "text/html; charset=gbk", "", None, "nonsense", ";;;="]
)
def test_a_picture_is_recognized_by_its_bytes(
    connect: Any, transport: ScriptedTransport, header: str | None
) -> None:
    picture = connect(transport.respond(raw_response(JPEG, header))).get_image()
    assert (picture.width, picture.height, picture.data) == (64, 36, JPEG)


@pytest.mark.parametrize("header", ["image/jpeg", "application/json", "text/plain", None, "nonsense"])
@pytest.mark.parametrize(
    "response",
    [
        b'{"code": -6103, "data": null}',
        b'{"code": -6103}',
        b'{"code":-6103,}',
        b'\xef\xbb\xbf{"code":-6103}\0\0',
        b'{"code": -6103, "data": null, "message": "camera", "time": 7}',
    ],
    ids=["envelope", "no data", "comma", "padded", "more fields"],
)
def test_an_error_instead_of_a_picture_is_raised(
    connect: Any, transport: ScriptedTransport, header: str | None, response: bytes
) -> None:
    with pytest.raises(CameraError):
        connect(transport.respond(raw_response(response, header))).get_image()


CHINESE = {"code": 0, "msg": "正在恢复数据", "status": 2}


@pytest.mark.parametrize(
    ("content", "header"),
    [
        (text(CHINESE), "application/json"),
        (text(CHINESE), "application/json; charset=utf-8"),
        (text(CHINESE), "text/plain; charset=nonsense"),
        (text(CHINESE), "text/plain; charset=hex"),
        (text(CHINESE), "text/plain; charset=ascii"),
        (text(CHINESE), 'text/plain; charset="'),
        (json.dumps(CHINESE).encode(), None),
        (text(CHINESE).decode().encode("gbk"), "application/json; charset=gbk"),
        (text(CHINESE).decode().encode("gbk"), "application/json; charset=GB2312"),
        (text(CHINESE).decode().encode("gbk"), "application/json; charset=utf-8"),
        (text(CHINESE).decode().encode("gb18030"), "application/json"),
        (text(CHINESE).decode().encode("gbk"), None),
    ],
)
def test_chinese_text_is_decoded_with_or_without_a_declared_charset(
    connect: Any, transport: ScriptedTransport, content: bytes, header: str | None
) -> None:
    assert (
        connect(transport.respond(raw_response(content, header))).get_restore_status().msg == CHINESE["msg"]
    )


def test_undecodable_bytes_do_not_lose_the_response(connect: Any, transport: ScriptedTransport) -> None:
    response = b'{"code": 0, "msg": "\xff\xfe\xff done", "status": 4}'
    status = connect(transport.respond(raw_response(response))).get_restore_status()
    assert status.status is RestoreState.COMPLETED
    assert status.msg.endswith("done")


@pytest.mark.parametrize("header", ["text/html", "application/octet-stream", "image/jpeg", "", None, "}{"])
@pytest.mark.parametrize("sample", ENVELOPED, ids=names(ENVELOPED))
def test_json_is_read_with_any_content_type(
    connect: Any, transport: ScriptedTransport, sample: Sample, header: str | None
) -> None:
    response = raw_response(sample.response.content, header)
    assert type(sample.call(connect(transport.respond(response)))) is sample.result


@pytest.mark.parametrize(
    ("before", "after"), [(b"\xef\xbb\xbf", b""), (b"", b"\0\0"), (b" \r\n", b"\n\0 \n")]
)
def test_bytes_around_json_are_ignored(
    connect: Any, transport: ScriptedTransport, before: bytes, after: bytes
) -> None:
    response = raw_response(before + success_response(CALIB).content + after)
    assert connect(transport.respond(response)).get_calib().left == 444


@pytest.mark.parametrize("number", [2, 7, 99, -1, 4, 10**12])
def test_an_unknown_status_number_is_kept(connect: Any, transport: ScriptedTransport, number: int) -> None:
    backup = connect(transport.respond(json_response({**BACKUP_DONE, "status": number}))).get_backup_status()
    assert (backup.status, int(backup.status), backup.status.name) == (number, number, "UNKNOWN")
    assert isinstance(backup.status, BackupState)
    assert hash(backup.status) == hash(number)
    transport.respond(json_response({**RESTORE_DONE, "status": 6}))
    assert connect(transport).get_restore_status().status == 6


@pytest.mark.parametrize(
    ("sent", "member"),
    [("normal", SyncMode.NORMAL), ("Normal", SyncMode.NORMAL), ("SLAVE", SyncMode.SLAVE)],
)
def test_sync_mode_is_read_in_any_case(
    connect: Any, transport: ScriptedTransport, sent: str, member: SyncMode
) -> None:
    info = connect(transport.respond(success_response({**DEVICE_INFO, "syncMode": sent}))).get_device_info()
    assert info.sync_mode is member


def test_values_of_newer_firmware_are_kept(connect: Any, transport: ScriptedTransport) -> None:
    newer = {**DEVICE_INFO, "syncMode": "peer", "learnMode": 5, "voltage": [1, {"a": None}]}
    info = connect(transport.respond(success_response(newer))).get_device_info()
    assert (info.sync_mode, info.learn_mode) == ("peer", 5)
    assert isinstance(info.sync_mode, SyncMode)
    assert isinstance(info.learn_mode, LearnMode)
    assert info.additional_properties == {"voltage": [1, {"a": None}]}
    assert info.to_dict() == newer


PARTS: list[tuple[str, dict[str, Any], Any, tuple[str, ...]]] = [
    ("get_device_info", DEVICE_INFO, success_response, ()),
    ("get_calib", CALIB, success_response, ()),
    ("register_item", REGISTERED, success_response, ("image",)),
    ("get_result", RESULT, success_response, ()),
    ("get_item_list", ITEMS[0], lambda entry: success_response([entry]), ()),
    ("get_registered_item_list", PENDING[0], lambda entry: success_response([entry]), ()),
    ("get_backup_status", BACKUP_DONE, json_response, ("code", "status")),
    ("get_restore_status", RESTORE_DONE, json_response, ("code", "status")),
    (
        "get_result",
        {"id": "7", "score": 0.5},
        lambda entry: success_response({**RESULT, "items": [entry]}),
        ("id", "score"),
    ),
    ("get_learnmode", {"mode": 1}, success_response, ("mode",)),
]
"""An operation, an object of its response, the response for one, and the fields without which it means nothing."""


def find_part(result: Any, name: str, fields: dict[str, Any]) -> Any:
    """Return the object of a result with these fields."""
    if isinstance(result, list):
        return result[0]
    return result.items[0] if name == "get_result" and "score" in fields else result


GAPS = [
    pytest.param(name, fields, respond, field, id=f"{name}-{field}")
    for name, fields, respond, essential in PARTS
    for field in fields
    if field not in essential
]


@pytest.mark.parametrize(("name", "fields", "respond", "field"), GAPS)
def test_a_missing_field_is_none(
    connect: Any, transport: ScriptedTransport, name: str, fields: dict[str, Any], respond: Any, field: str
) -> None:
    expected = {key: value for key, value in fields.items() if key != field}
    nothing: Any = [] if field == "items" else "" if field in ("msg", "filename") else None
    for sent in (expected, {**fields, field: None}):
        part = find_part(BY_NAME[name].call(connect(transport.respond(respond(sent)))), name, fields)
        result = part.to_dict()
        assert result.pop(field, None) in (nothing, None)
        assert result == expected
    if field not in ("msg", "filename", "masterIP", "masterSN"):  # the contract does not require these
        with pytest.raises(InvalidAnswerError, match=rf"\.{field} is missing"):
            BY_NAME[name].call(connect(transport.respond(respond(expected)), strict=True))
    if field not in ("clientName", "masterIP", "masterSN"):  # the contract allows null for these (A18, A19)
        with pytest.raises(InvalidAnswerError, match=rf"\.{field} must be"):
            BY_NAME[name].call(connect(transport.respond(respond({**fields, field: None})), strict=True))


KINDS = [
    pytest.param(name, fields, respond, field, id=f"{name}-{field}")
    for name, fields, respond, _ in PARTS
    for field, value in fields.items()
    if not isinstance(value, list) and (not isinstance(value, str) or value.isdecimal())
]


@pytest.mark.parametrize(("name", "fields", "respond", "field"), KINDS)
def test_a_number_may_be_text_and_a_text_a_number(
    connect: Any, transport: ScriptedTransport, name: str, fields: dict[str, Any], respond: Any, field: str
) -> None:
    value = fields[field]
    other = int(value) if isinstance(value, str) else str(value)
    response = respond({**fields, field: other})
    part = find_part(BY_NAME[name].call(connect(transport.respond(response))), name, fields)
    read = part.to_dict()
    assert read[field] == (str(other) if isinstance(value, str) else value)
    assert type(read[field]) is type(value)
    with pytest.raises(InvalidAnswerError, match=rf"{field} must be") as caught:
        BY_NAME[name].call(connect(transport.respond(response), strict=True))
    assert caught.value.content == response.content


@pytest.mark.parametrize("sample", SAMPLES, ids=names(SAMPLES))
def test_a_code_may_be_text(connect: Any, transport: ScriptedTransport, sample: Sample) -> None:
    response = json_response({"code": "-6210", "data": None})
    with pytest.raises(DeviceError) as caught:
        sample.call(connect(transport.respond(response)))
    assert caught.value.code == -6210
    if sample in ENVELOPED:
        good = json_response({"code": "0", "data": sample.data})
        assert type(sample.call(connect(transport.respond(good)))) is sample.result
        with pytest.raises(InvalidAnswerError, match="code must be an integer, not '0'"):
            sample.call(connect(transport.respond(good), strict=True))


@pytest.mark.parametrize("sample", SAMPLES, ids=names(SAMPLES))
def test_a_strict_client_accepts_what_the_contract_allows(
    connect: Any, transport: ScriptedTransport, sample: Sample
) -> None:
    assert type(sample.call(connect(transport.respond(sample.response), strict=True))) is sample.result


def test_a_strict_client_accepts_unknown_fields_and_values(
    connect: Any, transport: ScriptedTransport
) -> None:
    newer = {**DEVICE_INFO, "syncMode": "peer", "learnMode": 5, "soldOutLimit": 3.0, "voltage": [1]}
    info = connect(transport.respond(success_response(newer)), strict=True).get_device_info()
    assert (info.sync_mode, info.learn_mode, info["voltage"]) == ("peer", 5, [1])
    optional = {key: value for key, value in DEVICE_INFO.items() if key not in ("masterIP", "masterSN")}
    assert (
        connect(transport.respond(success_response(optional)), strict=True).get_device_info().master_ip
        is None
    )


DEPARTURES: dict[str, tuple[str, bytes, str]] = {
    "a trailing comma": ("get_learnmode", b'{"code":0,"data":{"mode":1,}}', "JSON"),
    "padding": ("get_learnmode", b'\xef\xbb\xbf{"code":0,"data":{"mode":1}}', "JSON"),
    "zeros behind": ("get_learnmode", b'{"code":0,"data":{"mode":1}}\0', "JSON"),
    "a control character": ("get_restore_status", b'{"code":0,"status":4,"msg":"a\tb"}', "control character"),
    "another charset": ("get_restore_status", '{"code":0,"status":4,"msg":"完成"}'.encode("gbk"), "UTF-8"),
    "half a surrogate pair": ("get_restore_status", b'{"code":0,"status":4,"msg":"\\ud800"}', "surrogate"),
    "NaN": ("get_learnmode", b'{"code":0,"data":{"mode":1,"load":NaN}}', "NaN"),
    "null for a list": ("get_item_list", b'{"code":0,"data":null}', "data must be a list"),
    "no list": ("get_item_list", b'{"code":0}', "data must be a list"),
    "a list in an object": ("get_item_list", b'{"code":0,"data":{"items":[]}}', "data must be a list"),
    "an object for a list": (
        "get_item_list",
        b'{"code":0,"data":{"id":"1","name":"x"}}',
        "data must be a list",
    ),
    "null for the guesses": (
        "get_result",
        b'{"code":0,"data":{"items":null,"sid":"1"}}',
        "items must be a list",
    ),
    "a guess for the guesses": (
        "get_result",
        b'{"code":0,"data":{"items":{"id":"1","score":0.5},"sid":"1"}}',
        "items must be a list",
    ),
    "several pictures in an entry": (
        "get_registered_item_list",
        b'{"code":0,"data":[{"id":"1","name":"x","image_id":["7","8"]}]}',
        "image_id must be a string",
    ),
    "no guesses": ("get_result", b'{"code":0,"data":{"items":null,"sid":"1"}}', "items must be a list"),
    "a mode with another name": (
        "get_device_info",
        json.dumps({"code": 0, "data": RENAMED}).encode(),
        "DeviceInfo.syncMode is missing",
    ),
    "a number as text": (
        "get_calib",
        b'{"code":0,"data":{"left":"1","top":0,"width":1,"height":1}}',
        "CalibrationArea.left must be an integer, not '1'",
    ),
    "data where none belongs": ("reboot", b'{"code":0,"data":7}', "data must be null"),
}


@pytest.mark.parametrize("name", DEPARTURES)
def test_a_strict_client_refuses_what_another_one_reads(
    connect: Any, transport: ScriptedTransport, name: str
) -> None:
    operation, content, message = DEPARTURES[name]
    getattr(connect(transport.respond(raw_response(content))), operation)()
    with pytest.raises(InvalidAnswerError, match=message):
        getattr(connect(transport.respond(raw_response(content)), strict=True), operation)()


UNBOUNDED = {
    "a score above 1": ("get_result", {**RESULT, "items": [{"id": "1", "score": 1.0000000000000002}]}),
    "a score in percent": ("get_result", {**RESULT, "items": [{"id": "1", "score": 91.5}]}),
    "more than ten guesses": ("get_result", {**RESULT, "items": [{"id": "1", "score": 0.0}] * 11}),
    "an edge outside the picture": ("get_calib", {"left": 1280, "top": -1, "width": 1281, "height": 9999}),
}


@pytest.mark.parametrize("case", UNBOUNDED)
@pytest.mark.parametrize("strict", [False, True])
def test_a_response_has_no_limits_that_nobody_promised(
    connect: Any, transport: ScriptedTransport, case: str, strict: bool
) -> None:
    name, data = UNBOUNDED[case]
    result = BY_NAME[name].call(connect(transport.respond(success_response(data)), strict=strict))
    assert result.to_dict() == data


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("response", [success_response(None), json_response({"code": 0})])
def test_a_module_that_was_never_calibrated_has_no_area(
    connect: Any, transport: ScriptedTransport, strict: bool, response: Any
) -> None:
    area = connect(transport.respond(response), strict=strict).get_calib()
    assert (area.left, area.top, area.width, area.height) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("fields", "mode"),
    [
        ({"sync_mode": "slave"}, SyncMode.SLAVE),
        ({"sync_mode": "Slave"}, SyncMode.SLAVE),
        ({"syncMode": "master", "sync_mode": "slave"}, SyncMode.MASTER),
        ({}, None),
    ],
    ids=str,
)
def test_the_synchronization_mode_has_two_names(
    connect: Any, transport: ScriptedTransport, fields: dict[str, Any], mode: SyncMode | None
) -> None:
    info = {name: value for name, value in DEVICE_INFO.items() if name != "syncMode"} | fields
    assert connect(transport.respond(success_response(info))).get_device_info().sync_mode is mode


def test_a_single_guess_or_none_is_a_list(connect: Any, transport: ScriptedTransport) -> None:
    for items, count in ((None, 0), ({}, 0), ("", 0), ({"id": "1", "score": 0.5}, 1)):
        response = success_response({"items": items, "sid": "1"})
        assert len(connect(transport.respond(response)).get_result().items) == count


@pytest.mark.parametrize(
    "control", ["\t", "\n", "\r", "\x01", "\x0b", "\x1b", "\x1f", "\x7f", "\x85"], ids=repr
)
def test_control_characters_in_a_name_are_read(
    connect: Any, transport: ScriptedTransport, control: str
) -> None:
    content = f'{{"code":0,"data":[{{"id":"1","name":"a{control}b"}},{{"id":"2","name":"c"}},]}}'.encode()
    items = connect(transport.respond(raw_response(content))).get_item_list()
    assert [item.name for item in items] == [f"a{control}b", "c"]


WATERMELON = "西瓜".encode()[:4]


def list_of(*names: bytes) -> bytes:
    entries = b",".join(b'{"id":"%d","name":"%b"}' % (number, name) for number, name in enumerate(names))
    return b'{"code":0,"data":[' + entries + b"]}"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (list_of("苹果".encode(), WATERMELON, "香蕉".encode()), ["苹果", "西\ufffd", "香蕉"]),
        (list_of(WATERMELON, "苹果".encode()), ["西\ufffd", "苹果"]),
        (list_of("苹果".encode(), "香蕉".encode()[:5], "梨".encode()[:1]), ["苹果", "香\ufffd", "\ufffd"]),
        (list_of("苹果".encode(), b"\xff\xfe"), ["苹果", "\ufffd\ufffd"]),
        (list_of("Арбуз".encode()[:7], "Груша".encode()), ["Арб\ufffd", "Груша"]),
        (list_of(b"Caf\xe9"), ["Caf\ufffd"]),
        (
            list_of(*("苹果 西瓜 香蕉 榴莲 猕猴桃".encode("gbk").split())),
            ["苹果", "西瓜", "香蕉", "榴莲", "猕猴桃"],
        ),
        (list_of("香蕉".encode("gbk")), ["香蕉"]),
        (
            list_of("苹果".encode("gbk"), "西瓜".encode("gbk")[:3], "香蕉".encode("gbk")),
            ["苹果", "西\ufffd", "香蕉"],
        ),
        (list_of("苹果".encode(), b"\xed\xa0\x80"), ["苹果", "\ufffd\ufffd\ufffd"]),
        (list_of(b"a\\ud800b", b"\\udc00\\ud800", b"\\uD83D\\uDE00"), ["a\ufffdb", "\ufffd\ufffd", "😀"]),
    ],
)
def test_one_broken_name_leaves_the_others_as_they_are(
    connect: Any, transport: ScriptedTransport, content: bytes, expected: list[str]
) -> None:
    items = connect(transport.respond(raw_response(content))).get_item_list()
    assert [item.name for item in items] == expected


@pytest.mark.parametrize(
    "number", ["1e999", "-1e999", "NaN", "Infinity", "-Infinity", "1" + "0" * 400 + ".0"]
)
def test_a_number_that_json_cannot_have_is_null(
    connect: Any, transport: ScriptedTransport, number: str
) -> None:
    info = json.dumps({**DEVICE_INFO, "load": [1], "\ud800": 1})
    content = f'{{"code":0,"data":{info}}}'.replace("[1]", f"[{number}]").replace("3,", f"{number},")
    device = connect(transport.respond(raw_response(content.encode()))).get_device_info()
    assert (device.sold_out_limit, device["load"], device["\ufffd"]) == (None, [None], 1)
    json.dumps(device.to_dict(), allow_nan=False, ensure_ascii=False).encode()
    error = f'{{"code":-6210,"load":{number},"msg":"\\udfff"}}'.encode()
    with pytest.raises(DeviceError) as caught:
        connect(transport.respond(raw_response(error))).get_device_info()
    assert caught.value.answer == {"code": -6210, "load": None, "msg": "\ufffd"}


@pytest.mark.parametrize("strict", [None, 1, "yes"])
def test_strict_is_a_switch(connect: Any, transport: ScriptedTransport, strict: Any) -> None:
    with pytest.raises(InvalidInputError, match="strict must be True or False"):
        connect(transport, strict=strict)


def test_a_whole_number_may_have_a_decimal_point(connect: Any, transport: ScriptedTransport) -> None:
    area = connect(
        transport.respond(raw_response(b'{"code":0,"data":{"height":41.0,"left":4e1,"top":0.0,"width":1}}'))
    )
    found = area.get_calib()
    assert (found.height, found.left, found.top) == (41, 40, 0)
    assert type(found.height) is int


@pytest.mark.parametrize("sample", SAMPLES, ids=names(SAMPLES))
def test_an_error_envelope_with_an_http_error_status_is_a_device_error(
    connect: Any, transport: ScriptedTransport, sample: Sample
) -> None:
    with pytest.raises(DeviceError) as caught:
        sample.call(connect(transport.respond(json_response({"code": -6210, "data": None}, status=500))))
    assert (caught.value.code, caught.value.operation) == (-6210, sample.name)
    assert caught.value.answer == {"code": -6210, "data": None}


def test_a_long_string_that_breaks_off_is_rejected_quickly(
    connect: Any, transport: ScriptedTransport
) -> None:
    response = b'{"code": 0, "data": "' + rb"\"" * 30_000
    started = time.monotonic()
    with pytest.raises(InvalidAnswerError):
        connect(transport.respond(raw_response(response)), retries=0).get_item_list()
    assert time.monotonic() - started < 5  # far more than it takes, far less than quadratic time


def test_a_large_file_is_not_searched_for_an_error(connect: Any, transport: ScriptedTransport) -> None:
    content = b'{"code": -6202, "data": null, "rest": "' + b"x" * 10_000 + b'"}'
    assert connect(transport.respond(raw_response(content))).download_backup(filename="a.evo") == content
