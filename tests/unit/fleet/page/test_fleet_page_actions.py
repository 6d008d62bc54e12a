"""What an operator orders on the page, and what the page refuses."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

import pytest
from shared_fleet_page import GeneratedFleet

from vision_ai_fleet.errors import (
    CenterUnreachableError,
    ConflictError,
    FleetError,
    NotPermittedError,
    ScaleOfflineError,
)
from vision_ai_fleet.page.actions import MAX_TARGETS, FleetActions
from vision_ai_fleet.page.index import ScaleIndex
from vision_ai_fleet.rollout import RolloutSpec

KEYS = count()


@pytest.fixture
def fleet() -> GeneratedFleet:
    return GeneratedFleet(stores=4, scales=5)


def act(fleet: GeneratedFleet, name: str, **arguments: Any) -> dict[str, Any]:
    index = ScaleIndex()
    for scale in fleet.scales.values():
        index.update(scale)
    return asyncio.run(FleetActions(fleet, index).run(str(next(KEYS)), name, arguments))


def get_spec(fleet: GeneratedFleet) -> RolloutSpec:
    ((name, spec),) = fleet.orders
    assert name == "submit"
    return spec


def test_job_on_the_scales_of_conditions(fleet: GeneratedFleet) -> None:
    outcome = act(
        fleet,
        "start",
        kind="set_learn_mode",
        arguments={"mode": 1},
        where=["store=0002"],
        confirmed=5,
        stages=["1", "50%"],
        max_failures="1",
        window="22:00-06:00",
    )
    spec = get_spec(fleet)
    assert outcome == {"done": spec.id}
    assert (spec.kind, spec.arguments, spec.where, spec.targets) == (
        "set_learn_mode",
        {"mode": 1},
        ("store=0002",),
        None,
    )
    assert (spec.stages, spec.max_failures, spec.window) == (("1", "50%"), "1", "22:00-06:00")


def test_job_on_the_scales_of_a_search_names_them(fleet: GeneratedFleet) -> None:
    act(fleet, "start", kind="backup", search="0003/", confirmed=5)
    assert get_spec(fleet).targets == tuple(f"0003/{number:02}" for number in range(1, 6))
    assert get_spec(fleet).where == ()


def test_job_begins_with_one_scale_unless_told_otherwise(fleet: GeneratedFleet) -> None:
    act(fleet, "start", kind="reboot", confirmed=20)
    spec = get_spec(fleet)
    assert (spec.stages, spec.max_failures, spec.window) == (("1", "10%", "100%"), "5%", None)


def test_number_of_scales_is_counted_again(fleet: GeneratedFleet) -> None:
    """Between opening the dialog and confirming it, the conditions may have come to select others."""
    for confirmed in (19, 0, None, "20", True):
        outcome = act(fleet, "start", kind="backup", confirmed=confirmed)
        assert outcome == {"failure": {"kind": "count_changed", "count": 20}}
    assert fleet.orders == []


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({"kind": "firmware", "confirmed": 20}, "no_such_action"),
        ({"kind": None, "confirmed": 20}, "no_such_action"),
        ({"kind": "backup", "where": ["store=none"], "confirmed": 0}, "no_scales"),
        ({"kind": "backup", "where": ["nonsense"], "confirmed": 20}, "input"),
        ({"kind": "set_learn_mode", "arguments": {"mode": 2}, "confirmed": 20}, "input"),
        ({"kind": "set_learn_mode", "arguments": "1", "confirmed": 20}, "input"),
        ({"kind": "set_learn_mode", "arguments": {"mode": True}, "confirmed": 20}, "input"),
    ],
)
def test_wrong_orders_are_refused(fleet: GeneratedFleet, arguments: dict[str, Any], kind: str) -> None:
    assert act(fleet, "start", **arguments)["failure"]["kind"] == kind
    assert fleet.orders == []


def test_search_selects_only_so_many() -> None:
    fleet = GeneratedFleet(stores=26, scales=40)
    outcome = act(fleet, "start", kind="backup", search="0", confirmed=len(fleet.scales))
    assert outcome == {"failure": {"kind": "too_many_targets", "limit": MAX_TARGETS}}
    assert fleet.orders == []


@pytest.mark.parametrize("name", ["pause", "resume", "cancel"])
def test_rollout_is_commanded(fleet: GeneratedFleet, name: str) -> None:
    assert act(fleet, name, rollout="backup-0411") == {"done": "backup-0411"}
    assert fleet.orders == [(name, "backup-0411")]
    assert act(fleet, name, rollout="none")["failure"]["kind"] == "not_found"
    assert act(fleet, name, rollout=5)["failure"]["kind"] == "not_found"


def test_unknown_action_is_refused(fleet: GeneratedFleet) -> None:
    for name in ("submit", "_fail", "get_module", "read_metrics"):
        assert act(fleet, name, rollout="x") == {"failure": {"kind": "no_such_action", "name": name}}


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (CenterUnreachableError("gone"), "unreachable"),
        (NotPermittedError("no"), "not_permitted"),
        (ConflictError("changed"), "conflict"),
        (ScaleOfflineError("off"), "scale_offline"),
        (FleetError("full"), "center"),
    ],
)
def test_failure_of_the_center_has_a_kind(fleet: GeneratedFleet, error: FleetError, kind: str) -> None:
    fleet.failure = error
    failure = act(fleet, "start", kind="backup", confirmed=20)["failure"]
    assert failure == {"kind": kind, "detail": str(error)}


def test_same_request_runs_once(fleet: GeneratedFleet) -> None:
    """Browsers may send a request twice."""
    index = ScaleIndex()
    for scale in fleet.scales.values():
        index.update(scale)
    actions = FleetActions(fleet, index)
    order = {"kind": "backup", "confirmed": 20}

    async def run() -> list[dict[str, Any]]:
        return [*await asyncio.gather(*(actions.run("key", "start", order) for _ in range(3)))]

    assert len({str(each) for each in asyncio.run(run())}) == 1
    assert len(fleet.orders) == 1
