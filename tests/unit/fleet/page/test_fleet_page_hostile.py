"""Agents that lie: whatever they report, the page gets short texts, sane numbers and valid JSON."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from shared_fleet_page import GeneratedFleet

from vision_ai_fleet.jobs import Execution, State
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.page.app import FleetPage
from vision_ai_fleet.page.values import MAX_TEXT, limit_value
from vision_ai_fleet.scales import Presence, make_scale

ID = ScaleId("0001", "01")
HTML = "<img src=x onerror=alert(1)>"
DEEP: Any = "end"
for _ in range(60):
    DEEP = {"deeper": [DEEP]}
LIES: dict[str, Any] = {
    "numbers": {"code": -(10**300), "items": 10**400, "time": 1e308, "backup": {"time": 10**30, "size": -1}},
    "types": {
        "device": [1, 2],
        "api": {"v": 1},
        "module": 7,
        "link": "all fine",
        "reported": "0",
        "drift": {"a": 1},
        "backup": [],
        "desired": 5,
        "time": "yesterday",
    },
    "texts": {
        "device": {"engine": "9" * 10_000, "sn": HTML, "firmware": "\ud800x"},
        "module": HTML,
        "drift": [HTML],
    },
    "many": {
        "device": {f"field{n}": "x" * 1000 for n in range(5000)},
        "drift": ["x"] * 5000,
        "link": [{}] * 5000,
    },
    "deep": {"device": DEEP, "link": [DEEP]},
    "nothing": {},
    "booleans": {"code": True, "items": False, "time": True, "reported": {"learn_mode": True}},
}


def read(fleet: GeneratedFleet, *paths: str) -> list[httpx.Response]:
    async def run() -> list[httpx.Response]:
        page = FleetPage(fleet)
        async with page.running():
            await asyncio.sleep(0)
            transport = httpx.ASGITransport(page.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                responses = [await client.get(f"/data/{path}") for path in paths]
                page.live.publish()
                json.dumps(page.live.hub.state, allow_nan=False)
                return responses

    return asyncio.run(run())


@pytest.mark.parametrize("lie", LIES)
def test_lies_become_harmless(lie: str) -> None:
    fleet = GeneratedFleet(1, 2)
    data = json.dumps(LIES[lie]).encode()
    fleet.scales[ID] = make_scale(ID, data, Presence(state=HTML * 100, time=1e300, outbox=10**40))
    listed, one = read(fleet, "scales?sort=items&where=engine!=1", "scales/0001/01")
    assert listed.status_code == one.status_code == 200
    assert listed.json()["total"] == 2
    assert len(listed.content) < 5000
    assert len(one.content) < 100_000
    for response in (listed, one):
        json.loads(response.content, parse_constant=pytest.fail)
    for value in walk(one.json()):
        assert not isinstance(value, str) or len(value) <= MAX_TEXT
        assert not isinstance(value, int | float) or abs(value) < 2**53


def walk(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [each for one in value.values() for each in walk(one)]
    if isinstance(value, list):
        return [each for one in value for each in walk(one)]
    return [value]


def test_execution_of_a_liar_is_shown() -> None:
    fleet = GeneratedFleet(1, 1)
    payload = {
        "state": "FAILED",
        "kind": HTML,
        "job": "x" * 5000,
        "attempt": 10**30,
        "time": "now",
        "started": [],
        "progress": "half",
        "code": 10**40,
        "message": HTML * 1000,
    }
    fleet.executions = {ID: Execution.from_dict(payload)}
    assert fleet.executions[ID].state is State.FAILED
    rollout, scale = read(fleet, "rollouts/backup-0411/executions", "scales/0001/01")
    (row,) = rollout.json()["rows"]
    assert row["code"] is None
    assert len(row["message"]) == MAX_TEXT
    assert scale.json()["jobs"] == [row]


def test_limit_keeps_what_is_in_order() -> None:
    value = {"a": [1, 2.5, None, True, "x"], "b": {"c": -6103}}
    assert limit_value(value) == value
    assert limit_value(float("nan")) is None
    assert limit_value({"a": object()}) == {"a": None}


@pytest.mark.parametrize("number", ["1" + "0" * 400, "1e400", "NaN", "-Infinity"])
def test_impossible_numbers_are_missing(number: str) -> None:
    data = (
        f'{{"time": {number}, "code": {number}, "items": {number}, "backup": {{"time": {number}}}}}'.encode()
    )
    scale = make_scale(ID, data, Presence.from_dict(json.loads(f'{{"outbox": {number}, "time": {number}}}')))
    assert (scale.reported, scale.code, scale.items, scale.backup_time) == (None, None, None, None)
    assert scale.presence == Presence(outbox=0, time=0.0)
