"""A response outside the protocol raises an InvalidAnswerError that keeps the bytes."""

from __future__ import annotations

import contextlib
import json
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

from vision_ai import DeviceError, InvalidAnswerError
from vision_ai._quirks.json_leniency import parse_json

HTML = b"<html><body><h1>It works!</h1></body></html>"
PARSED = [sample for sample in SAMPLES if not isinstance(sample.data, bytes)]
WITH_DATA = [sample for sample in ENVELOPED if sample.data is not None]


@pytest.fixture
def flavor() -> str:
    """Both clients decode responses with the same code."""
    return "sync"


def assert_invalid(
    connect: Any, transport: ScriptedTransport, name: str, response: Any
) -> InvalidAnswerError:
    with pytest.raises(InvalidAnswerError) as caught:
        BY_NAME[name].call(connect(transport.respond(response)))
    assert len(transport.requests) == 1 or name == "start_restore"
    assert caught.value.content == response.content
    assert caught.value.status == response.status_code
    assert str(caught.value).startswith(name)
    assert "\n" not in str(caught.value)
    return caught.value


def _wrong_fields() -> list[Any]:
    """Return the operation and a response for each field of a wrong shape and each essential one that is missing."""
    cases: list[Any] = []

    def add(name: str, field: str, shape: Any, fields: dict[str, Any], *, essential: bool = False) -> None:
        right = fields[field]
        wrong: list[Any] = ["text", 7, True, [[right]]] if field == "items" else [[], {}, [right]]
        if field == "image_id" and name == "get_registered_item_list":
            wrong.remove([])
            wrong.remove([right])  # one picture or many (A7)
        if essential:
            wrong += [None, True]
            if not isinstance(right, str):
                wrong += ["", "text", "1.5.2"]
            if isinstance(right, int):
                wrong += [1.5, "1.5"]
            rest = {key: value for key, value in fields.items() if key != field}
            cases.append(pytest.param(name, shape(rest), id=f"{name}-{field}-missing"))
        cases.extend(
            pytest.param(name, shape({**fields, field: value}), id=f"{name}-{field}-{value!r}")
            for value in wrong
        )

    for name, fields in [
        ("get_device_info", DEVICE_INFO),
        ("get_calib", CALIB),
        ("get_learnmode", {"mode": 1}),
        ("register_item", REGISTERED),
        ("get_result", RESULT),
    ]:
        for field in fields:
            add(name, field, success_response, fields, essential=field in ("mode", "image"))
    for name, fields in [("get_backup_status", BACKUP_DONE), ("get_restore_status", RESTORE_DONE)]:
        for field in fields:
            if field != "code":
                add(name, field, json_response, fields, essential=field == "status")
    for name, fields in [("get_item_list", ITEMS[0]), ("get_registered_item_list", PENDING[0])]:
        for field in fields:
            add(name, field, lambda entry: success_response([entry]), fields)
    for field in ("id", "score"):
        add(
            "get_result",
            field,
            lambda entry: success_response({**RESULT, "items": [entry]}),
            {"id": "1", "score": 0.5},
            essential=True,
        )
    return cases


@pytest.mark.parametrize(("name", "response"), _wrong_fields())
def test_an_essential_field_that_is_missing_or_a_field_of_another_shape_is_invalid(
    connect: Any, transport: ScriptedTransport, name: str, response: Any
) -> None:
    assert_invalid(connect, transport, name, response)


OTHERS = [
    pytest.param(sample, other, id=f"{sample.name} reads {other.name}")
    for sample in WITH_DATA
    for other in WITH_DATA
    if sample.name != other.name
    and {sample.name, other.name} != {"get_item_list", "get_registered_item_list"}
]


@pytest.mark.parametrize(("sample", "other"), OTHERS)
def test_the_response_of_another_operation_is_invalid(
    connect: Any, transport: ScriptedTransport, sample: Sample, other: Sample
) -> None:
    """Reading liberally does not go as far as taking one thing for another."""
    assert_invalid(connect, transport, sample.name, other.response)


@pytest.mark.parametrize("other", WITH_DATA, ids=names(WITH_DATA))
@pytest.mark.parametrize("name", ["get_backup_status", "get_restore_status"])
def test_an_envelope_is_no_status(
    connect: Any, transport: ScriptedTransport, name: str, other: Sample
) -> None:
    assert_invalid(connect, transport, name, other.response)


WRONG_DATA = [
    pytest.param(sample, data, id=f"{sample.name}-{data!r}")
    for sample in WITH_DATA
    for data in (None, [], "text", 7, True, [1], {})
    if not (sample.result is list and data in (None, [], {}))  # an empty list (A7)
    if not (sample.name == "get_calib" and data is None)  # no area is set
]


@pytest.mark.parametrize(("sample", "data"), WRONG_DATA)
def test_data_of_another_type_is_invalid(
    connect: Any, transport: ScriptedTransport, sample: Sample, data: Any
) -> None:
    assert_invalid(connect, transport, sample.name, success_response(data))


CODES = [None, "", "OK", "1.5", "0x0", "1_0", True, False, [], {}, 1.5]


@pytest.mark.parametrize("code", CODES, ids=repr)
@pytest.mark.parametrize("sample", PARSED, ids=names(PARSED))
def test_a_code_of_another_type_is_invalid(
    connect: Any, transport: ScriptedTransport, sample: Sample, code: Any
) -> None:
    body = sample.data if sample.bare else {"data": sample.data}
    assert_invalid(connect, transport, sample.name, json_response({**body, "code": code}))


@pytest.mark.parametrize("sample", PARSED, ids=names(PARSED))
def test_a_response_without_a_code_is_invalid(
    connect: Any, transport: ScriptedTransport, sample: Sample
) -> None:
    body = {**sample.data} if sample.bare else {"data": sample.data}
    body.pop("code", None)
    assert_invalid(connect, transport, sample.name, json_response(body))


NO_JSON = {
    "nothing": b"",
    "spaces": b" \n",
    "only padding": b"\xef\xbb\xbf\0\0",
    "html": HTML,
    "list": b"[]",
    "list of envelopes": b'[{"code": 0, "data": null}]',
    "text": b'"code"',
    "number": b"0",
    "null": b"null",
    "NaN": b'{"code": NaN, "data": null}',
    "Infinity": b'{"code": Infinity}',
    "minus Infinity": b'{"code": -Infinity}',
    "overflow": b'{"code": 1e999}',
    "deep list": b'{"code": 0, "data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep and cut": b"[" * 100_000,
    "long number": b'{"code": ' + b"9" * 10_000 + b"}",
    "cut in a string": b'{"code": 0, "da',
    "cut after a comma": b'{"code": 0,',
    "cut in an escape": b'{"code": 0, "data": "\\',
    "two": b'{"code": 0}{"code": 0}',
    "comma first": b'{,"code": 0}',
    "two commas": b'{"code": 0,,}',
    "single quotes": b"{'code': 0}",
    "comment": b'{"code": 0 /* fine */}',
    "utf-16": '{"code": 0, "data": null}'.encode("utf-16"),
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize("content", NO_JSON.values(), ids=NO_JSON)
@pytest.mark.parametrize("name", ["get_device_info", "start_backup", "get_backup_status", "get_item_list"])
def test_a_body_that_is_not_a_json_object_is_invalid(
    connect: Any, transport: ScriptedTransport, name: str, content: bytes
) -> None:
    assert_invalid(connect, transport, name, raw_response(content, "application/json"))


@pytest.mark.parametrize("status", [302, 404, 405, 500, 503, 100 + 99])
@pytest.mark.parametrize("sample", SAMPLES, ids=names(SAMPLES))
def test_an_http_error_page_is_invalid(
    connect: Any, transport: ScriptedTransport, sample: Sample, status: int
) -> None:
    response = raw_response(HTML, "text/html", status)
    transport.respond(response)  # again, for the second path of the restore
    error = assert_invalid(connect, transport, sample.name, response)
    assert str(status) in str(error)


@pytest.mark.parametrize("sample", SAMPLES, ids=names(SAMPLES))
def test_a_success_envelope_with_an_http_error_status_is_invalid(
    connect: Any, transport: ScriptedTransport, sample: Sample
) -> None:
    response = raw_response(sample.response.content, "application/json", 500)
    assert_invalid(connect, transport, sample.name, response)


NO_PICTURE = {
    "empty": b"",
    "magic only": b"\xff\xd8\xff",
    "magic and end": b"\xff\xd8\xff\xd9",
    "cut in half": JPEG[: len(JPEG) // 2],
    "without its end": JPEG[:-2],
    "without a size": b"\xff\xd8\xff\xe0\x00\x10JFIF\0\xff\xd9",
    "segment of no length": b"\xff\xd8\xff\xe0\x00\x00" + b"\0" * 1000 + b"\xff\xd9",
    "no size in the frame": b"\xff\xd8\xff\xc0\x00\x11\x08\0\0\0\0" + b"\0" * 30 + b"\xff\xd9",
    "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    "html": HTML,
    "success without a picture": b'{"code": 0, "data": null}',
    "code of no type": b'{"code": "camera"}',
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("header", ["image/jpeg", "application/json", None])
@pytest.mark.parametrize("content", NO_PICTURE.values(), ids=NO_PICTURE)
def test_a_body_that_is_neither_a_picture_nor_an_error_is_invalid(
    connect: Any, transport: ScriptedTransport, content: bytes, header: str | None
) -> None:
    assert_invalid(connect, transport, "get_image", raw_response(content, header))


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "9" * 10_000, "1" + "0" * 400])
def test_a_score_that_is_not_finite_is_invalid(
    connect: Any, transport: ScriptedTransport, number: str
) -> None:
    response = '{"code":0,"data":{"items":[{"id":"1","score":' + number + '}],"sid":"1"}}'
    assert_invalid(connect, transport, "get_result", raw_response(response.encode()))


def test_deeply_nested_json_is_invalid(connect: Any, transport: ScriptedTransport) -> None:
    module = connect(transport)
    for depth in range(700, 1000):  # the limits of the parser and of the message lie in this range
        nested = "[" * depth + "]" * depth
        transport.respond(raw_response(f'{{"code":0,"data":{{"height":{nested}}}}}'.encode()))
        with pytest.raises(InvalidAnswerError):
            module.get_calib()


@pytest.mark.parametrize("text", ["1e999", '"\\ud800"'])
def test_deeply_nested_unknown_values_are_read_or_invalid(
    connect: Any, transport: ScriptedTransport, text: str
) -> None:
    module = connect(transport, retries=0)
    for depth in range(100, 1000, 30):
        nested = "[" * depth + text + "]" * depth
        for code in (0, -6210):
            transport.respond(
                raw_response(f'{{"code":{code},"data":{{"left":1,"x":{nested}}},"y":{nested}}}'.encode())
            )
            with contextlib.suppress(InvalidAnswerError, DeviceError):
                assert module.get_calib().left == 1


def test_the_message_quotes_only_the_beginning_of_a_long_body(
    connect: Any, transport: ScriptedTransport
) -> None:
    error = assert_invalid(
        connect, transport, "get_calib", raw_response(json.dumps(["x" * 1_000_000]).encode())
    )
    assert "xxx" in str(error)
    assert len(str(error)) < 400


MIB = 1024 * 1024


@pytest.mark.parametrize("unit", [b'"', b'"",', b",", b"[", b'{"a":1,}', b"\\", b" ", b"\xff"], ids=repr)
@pytest.mark.parametrize("name", ["get_item_list", "get_image", "reboot", "download_backup"])
def test_a_long_text_is_no_response(
    connect: Any, transport: ScriptedTransport, name: str, unit: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[int] = []

    def parse(content: bytes, content_type: str) -> Any:
        parsed.append(len(content))
        return parse_json(content, content_type)

    monkeypatch.setattr("vision_ai._pipeline.response.parse_json", parse)
    response = raw_response(unit * (15 * MIB // len(unit)), status=500 if name == "download_backup" else 200)
    with pytest.raises(InvalidAnswerError):
        BY_NAME[name].call(connect(transport.respond(response)))
    assert parsed == []


def test_a_list_of_one_mib_is_read(connect: Any, transport: ScriptedTransport) -> None:
    items = [{"id": f"{number:06}", "name": "x" * 60} for number in range(11_000)]
    response = success_response(items)
    assert 0.9 * MIB < len(response.content) < MIB
    assert len(connect(transport.respond(response)).get_item_list()) == 11_000


def test_a_response_with_a_picture_inside_may_be_longer(connect: Any, transport: ScriptedTransport) -> None:
    long = {**REGISTERED, "image": REGISTERED["image"] + "A" * 3 * MIB}
    assert (
        len(BY_NAME["register_item"].call(connect(transport.respond(success_response(long)))).image) > 3 * MIB
    )
