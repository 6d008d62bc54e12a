"""The bytes of the answers, and the readings of the bytes of requests."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from emulator_support import Channel

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
def test_json_is_written_as_jsoncpp_does(value: Json, text: str) -> None:
    assert jsoncpp.write(value) == text.encode()


def test_json_on_the_wire(channel: Channel) -> None:
    def raw(operation: str) -> bytes:
        return channel.client.post(f"/api/{operation}").content

    assert raw("get_calib") == b'{"code":0,"data":{"height":482,"left":444,"top":39,"width":348}}'
    assert raw("nonsense") == b'{"code":-6117,"data":null}'
    assert raw("get_backup_status") == '{"code":0,"filename":"","msg":"没有备份任务","status":0}'.encode()
    assert raw("get_restore_status") == '{"code":0,"msg":"没有恢复任务","status":0}'.encode()
    assert raw("start_backup") == b'{"code":0}'
    channel.teach("001", "苹果", "apple", 1)
    assert raw("get_item_list") == '{"code":0,"data":[{"id":"001","name":"苹果"}]}'.encode()
    score = channel.data("get_result")["items"][0]["score"]
    result = raw("get_result")
    assert result.startswith(
        f'{{"code":0,"data":{{"items":[{{"id":"001","score":{score:.17g}}}],"sid":"'.encode()
    )


def test_numbers_and_escapes_are_read() -> None:
    assert jsoncpp.read(b'{"a": [1, 41.0, true], "\\u82f9": "\\ud83c\\udf4e"}') == {
        "a": [1, 41.0, True],
        "苹": "🍎",
    }
    assert jsoncpp.read(b"9" * 5000) == float("inf")


def test_identifiers_look_like_the_vendors_and_never_repeat() -> None:
    clock = ManualClock()
    identifiers = IdentifierGenerator(clock, random.Random(1))
    made = [identifiers.generate() for _ in range(20_000)]
    clock.step(0.001)
    made += [identifiers.generate() for _ in range(20_000)]
    assert len(set(made)) == len(made)
    assert all(len(each) == 23 and each.isdigit() for each in made)
    assert made[0].startswith("20220414150011198") and made[-1].startswith("20220414150011199")


def test_the_real_clock_tells_the_time_and_goes_on() -> None:
    clock = RealClock()
    moments = [clock.seconds() for _ in range(5)]
    assert moments == sorted(moments) and moments[0] >= 0
    assert abs((clock.now() - datetime.now()).days) <= 1


def test_the_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock()
    assert clock.seconds() == 0
    clock.step(1.5)
    clock.step(0)
    assert clock.seconds() == 1.5
    for bad in (-1, float("nan")):
        with pytest.raises(ValueError, match="0 or more"):
            clock.step(bad)
