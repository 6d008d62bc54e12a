"""Counters that follow every change, and what of it the tabs are sent."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import replace
from typing import Any

import pytest
from shared_fleet_page import GeneratedFleet, make_fleet_scale

from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.page import live as live_module
from vision_ai_fleet.page.counts import MAX_VERSIONS, SPREADS
from vision_ai_fleet.page.index import ScaleIndex
from vision_ai_fleet.page.live import LiveState
from vision_ai_fleet.page.rows import FAILURES, OFFLINE, STATUSES, find_status
from vision_ai_fleet.rollout import Phase
from vision_ai_fleet.scales import Presence, Scale


def read_counts(index: ScaleIndex) -> dict[str, Any]:
    counts = index.counts
    return {
        "scales": counts.summarize_scales(),
        **{name: counts.summarize_versions(name) for name in SPREADS},
        "stores": counts.find_worst_stores(50),
        "failing": index.find_failing(50),
    }


def test_counters_after_many_changes_are_those_of_the_scales() -> None:
    chance = random.Random(7)
    index, scales = ScaleIndex(), {}
    for _ in range(2000):
        store, number = chance.randrange(6), chance.randrange(8)
        id = ScaleId(f"{store:04}", f"{number:02}")
        if chance.random() < 0.1:
            scales.pop(id, None)
            index.remove(id)
        else:
            scales[id] = make_fleet_scale(store, number, chance.randrange(50))
            index.update(scales[id])
    fresh = ScaleIndex()
    for scale in scales.values():
        fresh.update(scale)
    assert read_counts(index) == read_counts(fresh)
    statuses = [find_status(scale) for scale in scales.values()]
    summary = index.counts.summarize_scales()
    assert {status: statuses.count(status) for status in STATUSES} == {
        each: summary[each] for each in STATUSES
    }
    assert summary["total"] == len(scales)
    assert summary["online"] + summary[OFFLINE] == summary["total"]
    assert summary["failing"] == sum(status in FAILURES for status in statuses)


def test_rare_versions_are_counted_together() -> None:
    index = ScaleIndex()
    for number in range(MAX_VERSIONS + 5):
        scale = make_fleet_scale(1, number)
        for copy in range(2 if number < MAX_VERSIONS else 1):
            index.update(replace(scale, id=ScaleId(f"s{number}", str(copy)), engine=f"9.{number}"))
    index.update(Scale(ScaleId("new", "1")))
    spread = index.counts.summarize_versions("engine")
    assert [each["count"] for each in spread] == [*[2] * MAX_VERSIONS, 5, 1]
    assert spread[MAX_VERSIONS] == {"others": 5, "count": 5}
    assert spread[-1] == {"version": None, "count": 1}


def test_report_without_news_changes_nothing() -> None:
    """Each of 30,000 agents reports twice a minute: lists must not be read again for that."""
    index, scale = ScaleIndex(), make_fleet_scale(1, 1)
    scale = replace(scale, presence=Presence("idle", time=1.0))
    index.update(scale)
    revision = index.revision
    index.update(replace(scale, presence=Presence("idle", time=31.0)))
    assert index.revision == revision
    assert index.scales[scale.id].presence == Presence("idle", time=31.0)
    index.update(replace(scale, presence=Presence("busy", time=61.0)))
    assert index.revision == revision + 1


class Updates:
    """Follows what a page publishes."""

    def __init__(self, live: LiveState) -> None:
        self.live = live
        self.sent = 0

    async def wait(self, section: str, previous: Any) -> Any:
        async with asyncio.timeout(20):
            while self.live.hub.state.get(section) == previous:
                await asyncio.sleep(0.01)
        return self.live.hub.state[section]


def test_changes_reach_the_tabs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "INTERVAL", 0.01)
    fleet = GeneratedFleet(stores=2, scales=3)
    for id, scale in fleet.scales.items():
        fleet.scales[id] = replace(scale, module="ready", drift=(), presence=Presence())
    live = LiveState(fleet)
    updates = Updates(live)

    async def run() -> None:
        task = asyncio.create_task(live.run())
        first = await updates.wait("scales", None)
        assert (first["total"], first["online"]) == (6, 6)
        id = ScaleId("0001", "02")
        fleet.change(replace(fleet.scales[id], presence=None))
        second = await updates.wait("scales", first)
        assert (second["online"], second["offline"]) == (5, 1)
        assert live.hub.state["stores"] == [
            {"store": "0001", "total": 3, "offline": 1, "failing": 0, "drift": 0}
        ]
        del fleet.scales[id]  # the view does not name what was removed
        fleet.notify()
        third = await updates.wait("scales", second)
        assert (third["total"], third["offline"]) == (5, 0)
        rollouts = live.hub.state["rollouts"]
        fleet.change_rollout("backup-0411", Phase.PAUSED)
        changed = await updates.wait("rollouts", rollouts)
        assert (changed["running"], changed["paused"]) == (1, 1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())
    assert fleet._listeners == []  # pyright: ignore[reportPrivateUsage]


def test_only_what_changed_is_sent_and_it_is_small() -> None:
    fleet = GeneratedFleet(stores=50, scales=10)
    live = LiveState(fleet)
    for scale in fleet.list_scales():
        live.index.update(scale)
    live.publish()
    before = dict(live.hub.state)
    assert len(json.dumps(before)) < 30_000
    id = next(scale.id for scale in fleet.list_scales() if find_status(scale) == "ready")
    live.index.update(replace(fleet.scales[id], presence=None))
    live.publish()
    changed = {name: value for name, value in live.hub.state.items() if before[name] != value}
    assert set(changed) <= {"scales", "stores", "revisions"}
    assert len(json.dumps(changed)) < 1500


def test_overview_lists_are_short() -> None:
    fleet = GeneratedFleet(stores=60, scales=20)
    live = LiveState(fleet)
    for scale in fleet.list_scales():
        live.index.update(scale)
    live.publish()
    for name in ("stores", "failing"):
        assert len(live.hub.state[name]) == live_module.MAX_ROWS
    for name in ("alerts", "rollouts"):
        assert len(live.hub.state[name]["rows"]) <= live_module.MAX_ROWS
