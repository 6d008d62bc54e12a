"""Responses that differ from the vendor's document and are understood: the readings A5 to A16."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from samples import (
    BACKUP_DONE,
    CALIB,
    DEVICE_INFO,
    ENVELOPED,
    JPEG,
    RESTORE_DONE,
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
    LearnMode,
    RestoreState,
    SyncMode,
)

NOTHING = [sample for sample in ENVELOPED if sample.result is type(None)]
UTF_8 = {"ensure_ascii": False}


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
