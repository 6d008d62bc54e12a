"""Which scales conditions select, and what is said about a condition that is not one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vision_ai import InvalidInputError
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.scales import Presence, Scale, make_scale
from vision_ai_fleet.selection import parse_condition, select


def make(name: str, engine: str = "9.5.0", online: bool = True, **more: Any) -> Scale:
    value = {
        "device": {"engine": engine, "firmware": "9.9.4.2", "sn": f"sn-{name}", "learnMode": 1},
        "module": "ready",
        "api": "v1",
        "time": 1.0,
        **more,
    }
    presence = Presence(state="idle") if online else None
    return make_scale(ScaleId.parse(name), json.dumps(value).encode(), presence)


SCALES = [
    make("0043/02", "9.10.1", module="camera_lost"),
    make("0042/07", "9.4.9", online=False, drift=["learn_mode"]),
    make("0042/10", reported={"learn_mode": 0}),
    Scale(ScaleId("0044", "01"), enrolled=5.0),
]


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ((), ["0042/07", "0042/10", "0043/02", "0044/01"]),
        (("engine=9.5.0",), ["0042/10"]),
        (("engine>=9.5",), ["0042/10", "0043/02"]),
        (("engine > 9.5",), ["0043/02"]),
        (("engine<=9.5",), ["0042/07", "0042/10"]),
        (("engine<9.10", "online=true"), ["0042/10"]),
        (("engine!=9.5.0",), ["0042/07", "0043/02", "0044/01"]),
        (("engine=9.*",), ["0042/07", "0042/10", "0043/02"]),
        (("store=0042",), ["0042/07", "0042/10"]),
        (("scale=0*",), ["0042/07", "0043/02", "0044/01"]),
        (("module=camera_lost",), ["0043/02"]),
        (("online=no",), ["0042/07", "0044/01"]),
        (("learn_mode=0",), ["0042/10"]),
        (("drift=true",), ["0042/07"]),
        (("state=never",), ["0044/01"]),
        (("API=v1", "store!=0042"), ["0043/02"]),
    ],
)
def test_conditions_select_scales(where: tuple[str, ...], names: list[str]) -> None:
    assert [str(scale.id) for scale in select(SCALES, where)[0]] == names


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("engine", "such as engine=9.5.0"),
        ("color=red", "no field 'color'; there are store, scale"),
        ("online=maybe", "true or false"),
        ("online>true", "true or false"),
    ],
)
def test_what_is_no_condition_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        parse_condition(text)


def test_pages_are_sorted_by_any_field() -> None:
    page, total = select(SCALES, sort="-engine", offset=1, limit=2)
    assert ([str(scale.id) for scale in page], total) == (["0042/10", "0042/07"], 4)
    with pytest.raises(InvalidInputError, match="no field 'color'"):
        select(SCALES, sort="color")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"not JSON",
        b'{"device": 3, "module": [], "code": "x", "drift": 5, "backup": "never", "time": "now"}',
    ],
)
def test_an_agent_that_reports_nonsense_is_a_scale_without_values(data: bytes) -> None:
    scale = make_scale(ScaleId("0042", "07"), data)
    assert (scale.engine, scale.module, scale.code, scale.drift, scale.state) == (
        None,
        None,
        None,
        (),
        "never",
    )
    assert scale.to_dict()["store"] == "0042"
