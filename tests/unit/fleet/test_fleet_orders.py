"""Orders are checked, and their scales chosen, before anything is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vision_ai import InvalidInputError
from vision_ai_fleet.controller.retention import choose_old
from vision_ai_fleet.errors import NotFoundError
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.objects import Manifest
from vision_ai_fleet.orders import check_arguments, check_desired, prepare_order
from vision_ai_fleet.rollout import RolloutSpec
from vision_ai_fleet.scales import Presence, Scale, make_scale
from vision_ai_fleet.schedule import Schedule, check_schedule


def make(name: str, online: bool = True) -> Scale:
    value = {"device": {"engine": "9.5.0", "sn": f"sn-{name}"}, "time": 1.0}
    return make_scale(ScaleId.parse(name), json.dumps(value).encode(), Presence() if online else None)


def make_manifest(prefix: str, stream: str = "BACKUPS-0042", **more: Any) -> dict[str, Any]:
    values = {"stream": stream, "prefix": prefix, "name": "night", "digest": "ab" * 32, "size": 9}
    return Manifest.from_dict({**values, **more}).to_dict()


SCALES = [make(name) for name in ("0042/01", "0042/02", "0042/03", "0043/01", "0044/01", "0044/02")]


def order(spec: RolloutSpec, scales: list[Scale] | None = None) -> list[str]:
    return [str(scale) for scale in prepare_order(spec, SCALES if scales is None else scales, "test")[1]]


def test_scales_take_turns_by_store_or_follow_store_by_store() -> None:
    turns = ["0042/01", "0043/01", "0044/01", "0042/02", "0044/02", "0042/03"]
    assert order(RolloutSpec("", "doctor")) == turns
    assert order(RolloutSpec("", "doctor", order="within-store")) == turns
    assert order(RolloutSpec("", "doctor", order="store")) == [str(scale.id) for scale in SCALES]


def test_the_canary_is_a_scale_that_is_connected() -> None:
    scales = [make("0042/01", online=False), make("0042/02"), make("0042/03")]
    assert order(RolloutSpec("", "doctor"), scales) == ["0042/02", "0042/01", "0042/03"]
    assert order(RolloutSpec("", "doctor"), scales[:1]) == ["0042/01"]


def test_the_source_of_a_data_set_is_not_its_canary() -> None:
    arguments = {"file": make_manifest("backups.0042.01")}
    spec, targets = prepare_order(RolloutSpec("", "restore", arguments), SCALES[:3], "test")
    assert targets[0] == ScaleId("0042", "02") and spec.canary_excludes == ("0042/01",)
    arguments = {"file": make_manifest("files", "FILES", serial_number="sn-0042/01")}
    assert order(RolloutSpec("", "restore", arguments))[0] == "0043/01"
    with pytest.raises(InvalidInputError, match="data set comes from"):
        order(RolloutSpec("", "restore", arguments, where=("scale=01", "store=0042")))


def test_a_scale_that_is_named_alone_gets_its_own_backup_back() -> None:
    arguments = {"file": make_manifest("backups.0042.01")}
    assert order(RolloutSpec("", "restore", arguments, targets=("0042/01",))) == ["0042/01"]
    assert len(order(RolloutSpec("", "restore", {"file": "own"}))) == 6


def test_a_backup_is_no_data_set_for_scales_that_may_not_read_it() -> None:
    with pytest.raises(InvalidInputError, match="0043/01 may not read a backup of the scale 0042/01"):
        order(RolloutSpec("", "restore", {"file": make_manifest("backups.0042.01")}))


@pytest.mark.parametrize(
    ("spec", "error", "message"),
    [
        (RolloutSpec("", "dance"), InvalidInputError, "not a kind of job"),
        (RolloutSpec("", "doctor", where=("color=red",)), InvalidInputError, "no field 'color'"),
        (RolloutSpec("", "doctor", where=("store=9999",)), InvalidInputError, "no scale was selected"),
        (RolloutSpec("", "doctor", targets=("0042/99",)), NotFoundError, "no scale 0042/99"),
        (RolloutSpec("", "doctor", targets=("nonsense",)), InvalidInputError, "letters, digits"),
        (RolloutSpec("", "doctor", stages=("50%", "10%")), InvalidInputError, "stages must grow"),
        (RolloutSpec("", "doctor", window="night"), InvalidInputError, "window"),
        (RolloutSpec("", "doctor", expires_after=1.0), InvalidInputError, "expires_after"),
        (RolloutSpec("a b", "doctor"), InvalidInputError, "rollout must be"),
    ],
)
def test_an_order_that_cannot_be_carried_out_is_refused(
    spec: RolloutSpec, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        prepare_order(spec, SCALES, "test")


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        ("backup", {"mode": 1}, "it has none"),
        ("set_learn_mode", {}, "needs mode"),
        ("set_learn_mode", {"mode": 2}, "0 or 1"),
        ("set_learn_mode", {"mode": True}, "0 or 1"),
        ("set_calibration", {"left": 0, "top": 0, "width": 1280}, "needs height"),
        (
            "set_calibration",
            {"left": 1, "top": 0, "width": 1280, "height": 720},
            "left [+] width must be 1280",
        ),
        ("set_calibration", {"left": -1, "top": 0, "width": 9, "height": 9}, "left must be 0 to 1279"),
        ("restore", {"file": "theirs"}, "not the manifest"),
        ("firmware", {"file": "own"}, "not the manifest"),
        ("conformance", {"effects": "act"}, "only reads"),
    ],
)
def test_arguments_that_are_not_possible_are_refused(
    kind: str, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInputError, match=message):
        check_arguments(kind, arguments)


def test_a_desired_state_is_checked() -> None:
    area = {"left": 0, "top": 0, "width": 9, "height": 9}
    assert check_desired({"learn_mode": None, "calibration": area, "enforce": True}) == {
        "calibration": area,
        "enforce": True,
    }
    for wrong in ({"mode": 1}, {"learn_mode": 3}, {"calibration": 5}, {"enforce": 1}):
        with pytest.raises(InvalidInputError):
            check_desired(wrong)


@pytest.mark.parametrize(
    "changes",
    [
        *({"at": "25:00"}, {"at": "02.30"}, {"weekdays": ("monday",)}, {"spread": 90000.0}),
        *({"keep": -1}, {"zone": "Mars/Base"}, {"kind": "restore"}, {"name": "a.b"}, {"window": "x"}),
    ],
)
def test_a_schedule_that_cannot_be_carried_out_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        check_schedule(Schedule(**{"name": "nightly", "kind": "backup", "at": "02:30", **changes}))


def test_a_schedule_is_spread_over_the_scales_always_in_the_same_way() -> None:
    schedule = Schedule("nightly", "backup", "23:30", weekdays=("sat", "mon"), spread=3600.0)
    crons = [schedule.make_cron(ScaleId("0042", f"{number:02}")) for number in range(60)]
    assert crons == [schedule.make_cron(ScaleId("0042", f"{number:02}")) for number in range(60)]
    moments = [cron.split() for cron in crons]
    # What begins after midnight does so on the following day.
    assert {(hour, days) for _, _, hour, _, _, days in moments} == {("23", "1,6"), ("0", "0,2")}
    assert len({tuple(moment) for moment in moments}) > 50
    exact = Schedule("nightly", "backup", "02:30", spread=0.0)
    assert exact.make_cron(ScaleId("0042", "07")) == "0 30 2 * * *"


@pytest.mark.parametrize(
    ("engines", "keep", "old"),
    [
        (["9.5", "9.5", "9.5"], 2, [2]),
        (["9.4", "9.4", "9.5", "9.5"], 2, [3]),
        (["9.4", "9.4"], 1, [1]),
        (["9.5", "9.5"], 0, []),
    ],
)
def test_the_newest_backups_stay_and_the_last_that_can_be_restored(
    engines: list[str], keep: int, old: list[int]
) -> None:
    manifests = [
        Manifest.from_dict(make_manifest("backups.0042.01", name=str(number), engine=engine))
        for number, engine in enumerate(engines)
    ]
    assert [int(each.name) for each in choose_old(manifests, keep, "9.5")] == old
