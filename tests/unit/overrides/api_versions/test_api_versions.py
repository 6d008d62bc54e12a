"""A client finds out which version of the API its module speaks (B1), and uses its operations."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest
from attrs import evolve
from scripted_transport import ScriptedTransport, error_response, success_response

from vision_ai import (
    DeviceError,
    Image,
    InvalidAnswerError,
    InvalidInputError,
    ItemTemplate,
    PredictSpeed,
    Profile,
    RecognitionResult,
    UnreachableError,
    UnsupportedOperationError,
    VisionAI,
)
from vision_ai_emulator import Emulator
from vision_ai_generated import api

INFO_V1 = {
    "clientID": "0000",
    "clientName": "",
    "engine": "9.5.0",
    "firmware": "9.9.4.2",
    "learnMode": 1,
    "sdk": "9.1.1",
    "sn": "1",
    "soldOutLimit": 3,
    "sync": "1",
    "syncMode": "normal",
}
OTHER_METHOD = ["unknown_command", "answer", "code", "http_404", "http_405"]


@pytest.fixture
def v2() -> Emulator:
    return Emulator(api="v2", reboot_seconds=0.1)


def set_dialect(emulator: Emulator, **switches: Any) -> None:
    emulator.dialect = evolve(emulator.dialect, **switches)


# Finding out


@pytest.mark.parametrize("other_method", OTHER_METHOD)
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_device_information_tells_the_version(connect: Any, version: Any, other_method: str) -> None:
    emulator = Emulator(api=version)
    set_dialect(emulator, other_method=other_method)
    module = connect(emulator.url)
    assert module.api_version is None
    module.get_device_info()
    assert module.api_version == version
    assert len(emulator.requests) <= 2


@pytest.mark.parametrize("other_method", OTHER_METHOD)
@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("name", ["get_result", "get_item_list", "get_image"])
def test_a_read_of_both_versions_works_with_at_most_one_more_request(
    connect: Any, version: Any, other_method: str, name: str
) -> None:
    emulator = Emulator(api=version)
    set_dialect(emulator, other_method=other_method)
    module = connect(emulator.url)
    for _ in range(3):
        getattr(module, name)()
    assert len(emulator.requests) <= 4
    assert module.api_version in (None, version)


@pytest.mark.parametrize("other_method", OTHER_METHOD)
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_an_act_of_one_version_is_sent_once_or_not_at_all(
    connect: Any, version: Any, other_method: str
) -> None:
    emulator = Emulator(api=version)
    set_dialect(emulator, other_method=other_method)
    module = connect(emulator.url)
    own, other = (
        ("register_item", "add_item_template") if version == "v1" else ("add_item_template", "register_item")
    )
    arguments = {"register_item": {"id": "1", "name": "Apple"}, "add_item_template": {"id": "1"}}
    with pytest.raises(UnsupportedOperationError) as caught:
        getattr(module, other)(**arguments[other])
    assert (caught.value.operation, caught.value.api_version) == (other, version)
    getattr(module, own)(**arguments[own])
    getattr(module, own)(**arguments[own])
    paths = [path for _, path in emulator.requests]
    assert paths == ["/api/get_device_info", f"/api/{own}", f"/api/{own}"]
    assert emulator.requests[0][0] == "POST"


def test_a_call_that_is_the_same_in_both_versions_does_not_ask(connect: Any, v2: Emulator) -> None:
    module = connect(v2.url)
    module.set_calib(left=1, top=2, width=3, height=4)
    assert v2.requests == (("POST", "/api/set_calib"),)
    assert module.api_version is None


def test_several_threads_ask_once(v2: Emulator) -> None:
    with VisionAI(v2.url, concurrency=4) as module:
        threads = [
            threading.Thread(target=module.set_predict_speed, kwargs={"speed": "fast"}) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [path for _, path in v2.requests].count("/api/get_device_info") == 1


def test_nothing_is_sent_where_the_version_cannot_be_asked_for(
    connect: Any, transport: ScriptedTransport
) -> None:
    module = connect("http://127.0.0.1:9", timeout=1, retries=0)
    with pytest.raises(UnreachableError, match="register_item: not sent, because the module does not answer"):
        module.register_item(id="1", name="Apple")
    assert module.api_version is None


@pytest.mark.parametrize(
    "response",
    [error_response(-6210), success_response(), success_response({"a": 1})],
    ids=["an error", "no data", "other data"],
)
def test_v1_is_assumed_where_the_answer_tells_nothing(
    connect: Any, transport: ScriptedTransport, response: Any
) -> None:
    transport.respond(response, success_response(), success_response())
    module = connect(transport, api="auto")
    module.delete_registered_item(id="1")
    module.delete_registered_item(id="1")
    assert [request.path for request in transport.requests] == [
        "/api/get_device_info",
        "/api/delete_registered_item",
        "/api/delete_registered_item",
    ]


def test_a_module_that_knows_neither_form_is_reported_with_its_first_answer(
    connect: Any, transport: ScriptedTransport
) -> None:
    transport.respond(error_response(-6117), error_response(-6117))
    with pytest.raises(DeviceError, match="-6117"):
        connect(transport, api="auto").get_result()
    assert [request.method for request in transport.requests] == ["POST", "GET"]


def test_another_failure_of_the_other_form_is_raised_as_it_is(
    connect: Any, transport: ScriptedTransport
) -> None:
    transport.respond(error_response(-6117), error_response(-6209))
    with pytest.raises(DeviceError, match="-6209"):
        connect(transport, api="auto").get_result()


# A version that is set


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_version_that_is_set_is_not_asked_for(connect: Any, version: Any) -> None:
    emulator = Emulator(api=version)
    module = connect(emulator.url, api=version)
    assert module.api_version == version
    module.get_result()
    assert emulator.requests == (("POST" if version == "v1" else "GET", "/api/get_result"),)


def test_with_v1_set_an_operation_that_v2_may_lack_is_tried(connect: Any, v2: Emulator) -> None:
    module = connect(v2.url, api="v1")
    with pytest.raises(DeviceError, match="-6117"):
        module.start_backup()
    with pytest.raises(UnsupportedOperationError, match="api='v1' was set"):
        module.set_time(sec=0, usec=0)
    assert v2.requests == (("POST", "/api/start_backup"),)


@pytest.mark.parametrize("value", ["v3", "", 2, None, "V1"])
def test_another_version_is_refused(connect: Any, value: Any) -> None:
    with pytest.raises(InvalidInputError, match='api must be "auto", "v1" or "v2"'):
        connect("emulator:", api=value)


def test_a_profile_knows_the_version(connect: Any, v2: Emulator) -> None:
    module = connect(v2.url, profile=Profile(api="v2"))
    assert module.api_version == "v2"
    module.set_predict_speed(speed=PredictSpeed.NORMAL)
    assert v2.requests == (("POST", "/api/set_predict_speed"),)


def test_a_profile_from_before_an_upgrade_does_no_harm(connect: Any, v2: Emulator) -> None:
    module = connect(v2.url, profile=Profile(api="v1"))
    module.get_result()
    assert module.api_version == "v2"


# Operations of V2


def test_every_operation_of_v2_works(connect: Any, v2: Emulator) -> None:
    module = connect(v2.url)
    info = module.get_device_info()
    assert (info.board, info.client_id, info.predict_speed) == ("1109", None, PredictSpeed.FAST)
    module.set_predict_speed(speed="normal")
    module.set_time(sec=1767268800, usec=0)
    module.set_sync_master(upload=True, download=False)
    module.set_calib(left=0, top=0, width=1280, height=720)
    assert (module.get_image().width, module.get_image().height) == (1280, 720)
    template = module.add_item_template(id="001")
    assert Image.from_base64(template.image).width == 1280
    module.add_item_template(id="001")
    assert [(item.id, item.name, item.count) for item in module.get_item_list()] == [("001", None, 2)]
    assert template.sid in module.get_item_template_list(id="001")
    module.delete_item_template(id="001", sid=template.sid)
    assert len(module.get_item_template_list(id="001")) == 1
    assert module.get_result().items[0].id == "001"
    assert module.get_device_info().predict_speed == PredictSpeed.NORMAL
    module.delete_item(id="001")
    module.clear_all_template()
    assert module.get_item_list() == []


def test_the_methods_of_a_v2_module_are_those_of_its_document(connect: Any, v2: Emulator) -> None:
    module = connect(v2.url)
    module.get_device_info()
    module.get_item_list()
    module.get_result()
    module.get_image()
    v2.clear_log()
    for name in ("get_device_info", "get_item_list", "get_result", "get_image"):
        getattr(module, name)()
    assert {method for method, _ in v2.requests} == {"GET"}


@pytest.mark.parametrize("center", [True, False])
@pytest.mark.parametrize("maximum", ["beside_data", "inside_data"])
def test_the_center_is_no_template(connect: Any, v2: Emulator, center: bool, maximum: str) -> None:
    set_dialect(v2, center_entry=center, template_max=maximum)
    module = connect(v2.url)
    sids = [module.add_item_template(id="1").sid for _ in range(2)]
    assert module.get_item_template_list(id="1") == sids


def test_a_product_number_that_is_called_sid_is_read(connect: Any, v2: Emulator) -> None:
    set_dialect(v2, sid_for_id=True)
    module = connect(v2.url)
    for number in ("001", "002"):
        module.add_item_template(id=number)
    assert sorted((item.id, item.count) for item in module.get_item_list()) == [("001", 1), ("002", 1)]


@pytest.mark.parametrize("with_sid", [True, False])
def test_a_recognition_with_or_without_a_number_is_read(connect: Any, v2: Emulator, with_sid: bool) -> None:
    set_dialect(v2, result_sid=with_sid)
    result = connect(v2.url).get_result()
    assert (result.sid is not None) == with_sid


def test_strict_clients_take_each_version_as_its_document_has_it(connect: Any, v2: Emulator) -> None:
    module = connect(v2.url, strict=True)
    module.add_item_template(id="1")
    module.get_device_info()
    module.get_result()
    assert module.get_item_list()[0].count == 1
    v1 = Emulator()
    assert connect(v1.url, strict=True).get_device_info().sdk


# Operations that V2 does not have


@pytest.mark.parametrize(
    "operation",
    [each for each in api.OPERATIONS.values() if not each.deprecated and api.find_form(each, "v2") is None],
    ids=lambda operation: operation.name,
)
def test_an_operation_that_v2_lacks_is_not_sent(
    connect: Any, v2: Emulator, operation: Any, tmp_path: Any
) -> None:
    (tmp_path / "test.evo").write_bytes(b"x" * 5000)
    values = {"mode": 1, "intop": True, "file": str(tmp_path / "test.evo")}
    module = connect(v2.url)
    module.get_device_info()
    before = v2.requests
    with pytest.raises(UnsupportedOperationError) as caught:
        getattr(module, operation.name)(
            **{field.python_name: values.get(field.name, "1") for field in operation.fields}
        )
    message = str(caught.value)
    assert message.startswith(f"{operation.name}: the module speaks version V2 of the API")
    assert "Nothing was sent" in message
    assert "api='v1'" in message
    assert v2.requests == before


@pytest.mark.parametrize(
    "call",
    [
        lambda module, folder: module.confirm(RecognitionResult(items=[], sid="1"), id="1", name="Apple"),
        lambda module, folder: module.confirm(RecognitionResult(items=[]), id="1", name="Apple"),
        lambda module, folder: module.backup(folder),
        lambda module, folder: module.save_backup("test.evo", folder),
        lambda module, folder: module.restore(folder / "test.evo"),
        lambda module, folder: module.reboot(),
        lambda module, folder: module.reset_device(),
    ],
    ids=["confirm", "confirm without sid", "backup", "save_backup", "restore", "reboot", "reset_device"],
)
def test_a_workflow_that_v2_lacks_is_not_begun(connect: Any, v2: Emulator, call: Any, tmp_path: Any) -> None:
    (tmp_path / "test.evo").write_bytes(b"x" * 5000)
    module = connect(v2.url)
    with pytest.raises(UnsupportedOperationError):
        call(module, tmp_path)
    assert [path for _, path in v2.requests] == ["/api/get_device_info"]


# Workflows


def test_learn_adds_templates(connect: Any, v2: Emulator) -> None:
    templates = connect(v2.url).learn(id="001", name="Apple", pictures=2)
    assert all(isinstance(each, ItemTemplate) for each in templates)
    paths = [path for _, path in v2.requests]
    assert paths == ["/api/get_device_info", "/api/get_item_list", *["/api/add_item_template"] * 2]


def test_learn_takes_its_templates_back_when_one_fails(connect: Any, v2: Emulator) -> None:
    module = connect(v2.url)
    kept = module.add_item_template(id="001").sid
    with pytest.raises(DeviceError, match="-6103"):
        module.learn(
            id="001",
            name="Apple",
            pictures=3,
            progress=lambda step: v2.fail_next(-6103, "add_item_template") if step.done == 2 else None,
        )
    assert module.get_item_template_list(id="001") == [kept]


def test_learn_says_which_templates_stay(connect: Any, v2: Emulator) -> None:
    module = connect(v2.url)

    def fail(step: Any) -> None:
        if step.done == 1:
            v2.fail_next(-6103, "add_item_template")
            v2.fail_next(-6217, "delete_item_template")

    with pytest.raises(DeviceError, match="-6103") as caught:
        module.learn(id="001", name="Apple", pictures=2, progress=fail)
    [sid] = module.get_item_template_list(id="001")
    assert f"Template {sid} of '001' was added and stays" in caught.value.__notes__[0]


def test_the_clock_is_set_when_the_module_is_ready(connect: Any, v2: Emulator) -> None:
    before = int(time.time())
    connect(v2.url).wait_until_ready()
    [entry] = [each for each in v2.log if each.path == "/api/set_time"]
    sent = json.loads(entry.body)
    assert before <= sent["sec"] <= time.time()
    assert 0 <= sent["usec"] < 1_000_000


def test_a_switch_leaves_the_clock_alone(connect: Any, v2: Emulator) -> None:
    connect(v2.url, set_clock=False).wait_until_ready()
    v1 = Emulator()
    connect(v1.url).wait_until_ready()
    assert "/api/set_time" not in [path for _, path in v2.requests]


def test_a_clock_that_cannot_be_set_is_logged(
    connect: Any, v2: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    v2.fail_next(-6210, "set_time")
    assert connect(v2.url).wait_until_ready().board == "1109"
    assert "its clock was not set: set_time: UNKNOWN_ERROR (-6210)" in caplog.text


# Upgrades


def test_a_till_lives_through_an_upgrade(connect: Any, tmp_path: Any) -> None:
    emulator = Emulator(pace="polls", reboot_seconds=0.1)
    module = connect(emulator.url)
    calls_before = module.get_result()
    assert calls_before.sid is not None
    module.get_device_info()
    assert module.api_version == "v1"
    path = emulator.make_upgrade_file().save(tmp_path)
    module.restore(path, poll=0.01)
    info = module.wait_until_ready(poll=0.01)
    assert (info.board, module.api_version) == ("1109", "v2")
    module.get_result()
    module.learn(id="001", name="Apple", pictures=1)
    with pytest.raises(UnsupportedOperationError):
        module.start_backup()


def test_a_till_that_was_not_told_of_an_upgrade_goes_on(connect: Any) -> None:
    emulator = Emulator()
    module = connect(emulator.url)
    module.get_device_info()
    module.register_item(id="1", name="Apple")
    emulator.change(api="v2")
    with pytest.raises((DeviceError, InvalidAnswerError)):
        module.register_item(id="1", name="Apple")
    module.get_result()
    assert module.api_version == "v2"
    with pytest.raises(UnsupportedOperationError):
        module.register_item(id="1", name="Apple")
