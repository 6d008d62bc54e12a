"""What is sent, byte for byte."""

from __future__ import annotations

import os
from typing import Any

import httpx
import pytest
from samples import BY_NAME, SAMPLES, Sample, names
from scripted_transport import ScriptedTransport, raw_response, success_response

from vision_ai import DEFAULT_URL, LearnMode, __version__
from vision_ai._transports import selection
from vision_ai_emulator.emulator import Emulator

WITHOUT_BODY = [each for each in SAMPLES if not each.arguments or each.name == "download_backup"]
WITH_JSON = [each for each in SAMPLES if each not in WITHOUT_BODY and each.name != "start_restore"]

BODIES = {
    "set_calib": '{"left":444,"top":39,"width":348,"height":482}',
    "set_learnmode": '{"mode":0}',
    "register_item": '{"id":"003","name":"梨","item_id":"003","item_name":"梨"}',
    "delete_registered_image": '{"id":"003","image_id":"7","item_id":"003"}',
    "delete_registered_item": '{"id":"003","item_id":"003"}',
    "commit_registered_item": '{"id":"003","item_id":"003"}',
    "result_feedback": '{"sid":"1","id":"003","name":"梨","intop":true,"item_id":"003","item_name":"梨"}',
}
WITH_TWINS = [each for each in WITH_JSON if "item_id" in BODIES[each.name]]


def request_of(connect: Any, transport: ScriptedTransport, sample: Sample, **settings: Any) -> Any:
    sample.call(connect(transport.respond(sample.response), **settings))
    [request] = transport.requests
    return request


@pytest.mark.parametrize("sample", SAMPLES, ids=names(SAMPLES))
def test_each_operation_has_its_method_and_path(
    connect: Any, transport: ScriptedTransport, sample: Sample
) -> None:
    request = request_of(connect, transport, sample)
    assert (request.method, request.path) == (sample.method, sample.path)


@pytest.mark.parametrize("sample", SAMPLES, ids=names(SAMPLES))
def test_every_request_has_the_right_headers(
    connect: Any, transport: ScriptedTransport, sample: Sample
) -> None:
    request = request_of(connect, transport, sample)
    assert request.headers["user-agent"] == f"vision-ai-module/{__version__}"
    assert "transfer-encoding" not in request.headers
    assert "accept-encoding" not in request.headers
    if sample.method == "POST":
        assert request.headers["content-length"] == str(len(request.body))
    assert len(request.headers.get_list("host")) == 1


@pytest.mark.parametrize("sample", WITHOUT_BODY, ids=names(WITHOUT_BODY))
def test_operations_without_parameters_send_no_body(
    connect: Any, transport: ScriptedTransport, sample: Sample
) -> None:
    request = request_of(connect, transport, sample)
    assert request.body == b""
    assert "content-type" not in request.headers


@pytest.mark.parametrize("sample", WITH_JSON, ids=names(WITH_JSON))
def test_parameters_are_sent_as_json_in_utf_8(
    connect: Any, transport: ScriptedTransport, sample: Sample
) -> None:
    request = request_of(connect, transport, sample)
    assert request.body.decode() == BODIES[sample.name]
    assert request.headers["content-type"] == "application/json"


@pytest.mark.parametrize("sample", WITH_TWINS, ids=names(WITH_TWINS))
@pytest.mark.parametrize("field_names", ["both", "id", "item_id"])
def test_fields_with_two_names_follow_the_field_names_option(
    connect: Any, transport: ScriptedTransport, sample: Sample, field_names: str
) -> None:
    body = request_of(connect, transport, sample, field_names=field_names).json
    twins = {"id": "item_id", "name": "item_name"}
    expected: dict[str, Any] = {}
    for name, value in sample.arguments.items():
        if name not in twins or field_names != "item_id":
            expected[name] = value
        if name in twins and field_names != "id":
            expected[twins[name]] = value
    assert body == expected


@pytest.mark.parametrize("field_names", ["both", "id", "item_id"])
def test_the_module_accepts_every_field_names_option(
    connect: Any, emulator: Emulator, field_names: str
) -> None:
    module = connect(emulator.url, field_names=field_names)
    [picture] = module.learn(id="001", name="苹果", pictures=1)
    assert picture.image_id
    module.confirm(module.get_result(), id="002", name="梨")
    assert {(item.id, item.name) for item in module.get_item_list()} == {("001", "苹果"), ("002", "梨")}


def test_text_is_sent_unchanged(connect: Any, transport: ScriptedTransport) -> None:
    name = 'a"b\\c\n\t\u2028 🍎 é'
    connect(transport.respond(success_response()), field_names="id").delete_registered_item(id=name)
    assert transport.requests[0].json == {"id": name}
    assert "🍎".encode() in transport.requests[0].body


def test_an_enum_member_is_sent_as_its_number(connect: Any, transport: ScriptedTransport) -> None:
    connect(transport.respond(success_response())).set_learnmode(mode=LearnMode.ON)
    assert transport.requests[0].body == b'{"mode":1}'


@pytest.mark.parametrize(
    ("filename", "path"),
    [
        ("test.evo", "/download/test.evo"),
        ("a b.evo", "/download/a%20b.evo"),
        ("备份.evo", "/download/%E5%A4%87%E4%BB%BD.evo"),
        ("a/../b", "/download/a%2F..%2Fb"),
        ("a?b#c", "/download/a%3Fb%23c"),
        ("100%", "/download/100%25"),
        ("%2e%2e", "/download/%252e%252e"),
        ("a\\b\r\n\0", "/download/a%5Cb%0D%0A%00"),
        ("..", "/download/%2E%2E"),
        (".", "/download/%2E"),
    ],
)
def test_the_file_name_of_a_download_is_percent_encoded(
    connect: Any, transport: ScriptedTransport, filename: str, path: str
) -> None:
    connect(transport.respond(raw_response(b"a backup"))).download_backup(filename=filename)
    assert transport.paths == [path]


def route_every_url_to(transport: ScriptedTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    """No URL leads out of this process."""
    monkeypatch.setattr(
        selection, "_open_tcp", lambda _, __, asynchronous: selection._adapt(transport, asynchronous)
    )


@pytest.mark.parametrize("url", [None, DEFAULT_URL, f"{DEFAULT_URL}/", f" {DEFAULT_URL}:80 "])
def test_the_modules_own_address_is_the_default(
    connect: Any, transport: ScriptedTransport, monkeypatch: pytest.MonkeyPatch, url: str | None
) -> None:
    route_every_url_to(transport, monkeypatch)
    transport.respond(BY_NAME["get_calib"].response)  # the carrier is patched: nothing leaves this process
    connect(url).get_calib()
    assert transport.requests[0].url == "http://172.22.0.6/api/get_calib"
    assert transport.requests[0].headers["host"] == "172.22.0.6"


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("http://127.0.0.1:8172", "127.0.0.1:8172", "/api/get_calib"),
        ("HTTP://127.0.0.1:8172/", "127.0.0.1:8172", "/api/get_calib"),
        ("http://localhost/base/", "localhost", "/base/api/get_calib"),
        ("http://[::1]:81", "[::1]:81", "/api/get_calib"),
        ("https://localhost", "localhost", "/api/get_calib"),
    ],
)
def test_the_url_sets_the_host_and_the_path_prefix(
    connect: Any,
    transport: ScriptedTransport,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    host: str,
    target: str,
) -> None:
    route_every_url_to(transport, monkeypatch)
    request = request_of(lambda _, **settings: connect(url), transport, BY_NAME["get_calib"])
    assert (request.headers["host"], request.path) == (host, target)


@pytest.mark.parametrize(
    ("url", "hinted"),
    [("http://172.22.0.6", True), ("http://172.22.0.6:80", True), ("http://172.22.0.60", False)],
)
def test_only_the_default_address_gets_the_usb_hint(
    connect: Any, transport: ScriptedTransport, monkeypatch: pytest.MonkeyPatch, url: str, hinted: bool
) -> None:
    route_every_url_to(transport, monkeypatch)
    transport.respond(httpx.ConnectError("refused"))
    with pytest.raises(Exception, match="cannot be reached") as caught:
        connect(url, retries=0).get_calib()
    assert ("172.22.0.7/24" in str(caught.value)) is hinted


def test_the_url_comes_from_the_environment(
    connect: Any, served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "VISION_AI_URL", served)
    assert connect(None).get_learnmode().mode == 1
