"""Valid responses with random damage: a typed result or a VisionAIError, never anything else."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from samples import SAMPLES, Sample, names
from scripted_transport import ScriptedTransport, raw_response

import vision_ai
from vision_ai import VisionAIError
from vision_ai_generated.types import Model

PUBLIC = {name: getattr(vision_ai, name) for name in vision_ai.__all__}
SPLICES = [b"null", b'""', b"[]", b"{}", b"-1", b"1e999", b"0.5", b"true", b'"\\ud800"', b",", b"\\", b"\xff"]
SPLICES += [
    b'"',
    b"\0",
    b"\xef\xbb\xbf",
    b"9" * 5000,
    b'{"code":-6103}',
    b"\xff\xd8\xff",
    b"\xff\xd9",
    b"NaN",
]
HEADERS = [
    None,
    "application/json",
    "image/jpeg",
    "text/html; charset=gbk",
    "x; charset=utf-16",
    ";charset=\xff",
]
HEADERS += ["a/b; charset=punycode", "a/b; charset*=utf-8''%ff", "a/b; charset=idna", "a/b; charset=\\"]


def cut(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def splice(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice(SPLICES) + content[at + chance.randrange(8) :]


def flip(chance: random.Random, content: bytes) -> bytes:
    changed = bytearray(content or b" ")
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def replace_a_value(chance: random.Random, content: bytes) -> bytes:
    values = [b"0", b'"normal"', b"1", b"3", b"444", b'"001"', b"0.95", b'"7"']
    return content.replace(chance.choice(values), chance.choice(SPLICES), 1)


MUTATIONS: list[Callable[[random.Random, bytes], bytes]] = [cut, splice, flip, replace_a_value]


def assert_typed(value: Any, wanted: Any) -> None:
    """Check that every field of a model has its annotated type."""
    if get_origin(wanted) is list:
        assert type(value) is list
        for each in value:
            assert_typed(each, get_args(wanted)[0])
    elif isinstance(wanted, type) and issubclass(wanted, Model):
        assert isinstance(value, wanted)
        hints = get_type_hints(wanted, localns=PUBLIC)
        for name in (*wanted.__match_args__, "additional_properties"):
            assert_typed(getattr(value, name), hints[name])
    elif get_origin(wanted) is UnionType:
        if value is not None:
            assert_typed(value, next(each for each in get_args(wanted) if each is not type(None)))
    elif wanted is not Any and get_origin(wanted) is None:
        assert isinstance(value, wanted)
        assert type(value) is not bool
        assert wanted is not float or type(value) is float


@pytest.mark.parametrize(
    ("flavor", "rounds"),
    [
        ("sync", 50),
        pytest.param("sync", 150, marks=pytest.mark.slow),
        pytest.param("async", 150, marks=pytest.mark.slow),
    ],
    indirect=["flavor"],
)
@pytest.mark.parametrize("sample", SAMPLES, ids=names(SAMPLES))
def test_a_damaged_response_is_a_typed_result_or_an_error_of_the_sdk(
    connect: Any, transport: ScriptedTransport, sample: Sample, rounds: int
) -> None:
    chance = random.Random(f"damage to {sample.name}")
    module = connect(transport, retries=0)
    wanted = get_type_hints(getattr(module, sample.name), localns=PUBLIC)["return"]
    errors = 0
    for _ in range(rounds):
        content = sample.response.content
        for _ in range(chance.randint(1, 3)):
            content = chance.choice(MUTATIONS)(chance, content)
        response = raw_response(
            content, chance.choice(HEADERS), chance.choice([200, 200, 200, 200, 404, 500])
        )
        transport.replies = [response, response]
        try:
            result = sample.call(module)
        except VisionAIError:
            errors += 1
        else:
            assert_typed(result, wanted)
            for each in result if isinstance(result, list) else [result]:
                if isinstance(each, Model):  # can be written as JSON
                    json.dumps(each.to_dict(), allow_nan=False, ensure_ascii=False).encode()
    assert 0 < errors < rounds
