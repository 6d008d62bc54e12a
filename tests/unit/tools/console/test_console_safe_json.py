"""What leaves the console is valid JSON of valid Unicode, whatever the module and the file system contain."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from vision_ai_tools.console.safe_json import MAX_DEPTH, decode_object, encode_json


def nest(depth: int) -> Any:
    return [] if depth == 0 else [nest(depth - 1)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("西瓜 \U0001f349", "西瓜 \U0001f349"),
        ("a\ud83cb", "a\ufffdb"),
        ("\udc00", "\ufffd"),
        (os.fsdecode(b"caf\xe9.evo"), "caf\\xe9.evo"),
        ([float("inf"), float("-inf"), float("nan"), 1.5, 1e308], [None, None, None, 1.5, 1e308]),
        ({"\ud800": {"b": ("\ud800", True, None, 3)}}, {"\ufffd": {"b": ["\ufffd", True, None, 3]}}),
        ({1: "x"}, {"1": "x"}),
    ],
    ids=repr,
)
def test_json_is_valid(value: object, expected: object) -> None:
    text = encode_json(value)
    assert json.loads(text.encode(), parse_constant=pytest.fail) == expected


@pytest.mark.parametrize("depth", [MAX_DEPTH - 1, MAX_DEPTH, 990, 100_000])
def test_nesting_has_an_end(depth: int) -> None:
    value: Any = []
    for _ in range(depth):
        value = [value]
    assert encode_json(value).count("[") == min(depth + 1, MAX_DEPTH)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1]",
        "1",
        "null",
        "\xff",
        '{"a":' * 5000 + "1" + "}" * 5000,
        '{"a":' + "[" * 90_000,
        "1" * 5000,
    ],
    ids=lambda text: f"{text[:8]} {len(text)}",
)
def test_what_is_no_object_of_the_page_is_none(text: str) -> None:
    assert decode_object(text) is None


def test_depth_of_an_object_is_limited() -> None:
    assert decode_object(json.dumps({"a": nest(MAX_DEPTH - 2)})) is not None
    assert decode_object(json.dumps({"a": nest(MAX_DEPTH - 1)})) is None
    wide = {"a": [{"b": index} for index in range(2000)]}
    assert decode_object(json.dumps(wide)) == wide
