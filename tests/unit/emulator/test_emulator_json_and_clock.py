"""The device's JSON, its generator, and its clocks."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from emulator_support import EmulatorClient

from vision_ai_emulator import ManualClock, RealClock
from vision_ai_emulator.device.identifiers import IdentifierGenerator
from vision_ai_emulator.shared import jsoncpp
from vision_ai_emulator.shared.json_values import Json


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"score": 0.55, "id": "002"}, '{"id":"002","score":0.55000000000000004}'),
        (0.45, "0.45000000000000001"),
        (0.5, "0.5"),
        (1.0, "1.0"),
        (0.0, "0.0"),
        (1e-7, "9.9999999999999995e-08"),
        ([True, False, None, 3, -6213], "[true,false,null,3,-6213]"),
        ('苹果 "x" \\ / \n\x01', '"苹果 \\"x\\" \\\\ / \\n\\u0001"'),
        ({"b": {"d": 1, "c": []}, "a": {}}, '{"a":{},"b":{"c":[],"d":1}}'),
    ],
)
def test_json_has_the_form_of_jsoncpp(value: Json, text: str) -> None:
    assert jsoncpp.write(value) == text.encode()


def test_responses_are_jsoncpp_json(client: EmulatorClient) -> None:
    def call(operation: str) -> bytes:
        return client.http.post(f"/api/{operation}").content

    assert call("get_calib") == b'{"code":0,"data":{"height":482,"left":444,"top":39,"width":348}}'
    assert call("nonsense") == b'{"code":-6117,"data":null}'
    assert call("get_backup_status") == '{"code":0,"filename":"","msg":"没有备份任务","status":0}'.encode()
    assert call("get_restore_status") == '{"code":0,"msg":"没有恢复任务","status":0}'.encode()
    assert call("start_backup") == b'{"code":0}'
    client.teach("001", "苹果", "apple", 1)
    assert call("get_item_list") == '{"code":0,"data":[{"id":"001","name":"苹果"}]}'.encode()
    score = client.call_data("get_result")["items"][0]["score"]
    result = call("get_result")
    assert result.startswith(
        f'{{"code":0,"data":{{"items":[{{"id":"001","score":{score:.17g}}}],"sid":"'.encode()
    )


def test_numbers_and_escapes_are_read() -> None:
    assert jsoncpp.read(b'{"a": [1, 41.0, true], "\\u82f9": "\\ud83c\\udf4e"}') == {
        "a": [1, 41.0, True],
        "苹": "🍎",
    }
    assert jsoncpp.read(b"9" * 5000) == float("inf")


def test_identifiers_have_the_vendors_form_and_never_repeat() -> None:
    clock = ManualClock()
    generator = IdentifierGenerator(random.Random(1))
    generated = [generator.generate(clock.now()) for _ in range(20_000)]
    clock.step(0.001)
    generated += [generator.generate(clock.now()) for _ in range(20_000)]
    assert len(set(generated)) == len(generated)
    assert all(len(each) == 23 and each.isdigit() for each in generated)
    assert generated[0].startswith("20220414150011198") and generated[-1].startswith("20220414150011199")


def test_the_real_clock_returns_the_current_time() -> None:
    clock = RealClock()
    times = [clock.seconds() for _ in range(5)]
    assert times == sorted(times) and times[0] >= 0
    assert abs((clock.now() - datetime.now()).days) <= 1


def test_the_manual_clock_moves_only_when_stepped() -> None:
    clock = ManualClock()
    assert clock.seconds() == 0
    clock.step(1.5)
    clock.step(0)
    assert clock.seconds() == 1.5
    for bad in (-1, float("nan")):
        with pytest.raises(ValueError, match="0 or more"):
            clock.step(bad)
