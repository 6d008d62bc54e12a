"""Alerts are raised after a while, kept while nothing is known, and cleared after a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from shared_fleet_events import NOON, make_recognition
from shared_fleet_scales import NOW, PresenceState, ScaleState

from vision_ai_fleet.events.quality import Quality
from vision_ai_fleet.events.stream import EventBatch
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.observability.alert_monitor import AlertChanges, AlertMonitor
from vision_ai_fleet.observability.alert_rules import DAY, HOUR, MINUTE, AlertSettings
from vision_ai_fleet.observability.alerts import Alert, Rule

SCALE = ScaleState()
OTHERS = tuple(ScaleState(ScaleId("0042", f"{number:02}")) for number in range(10, 20))
SETTINGS = AlertSettings()


def describe(changes: AlertChanges) -> tuple[list[str], list[str]]:
    return (
        [f"{each.rule} {each.id}" for each in changes.raised],
        [f"{each.rule} {each.id}" for each in changes.cleared],
    )


def evaluate(monitor: AlertMonitor, minutes: float, **changes: Any) -> tuple[list[str], list[str]]:
    """Evaluate one scale of a chain at a time."""
    now = NOW + minutes * MINUTE
    others = tuple(replace(each, backup_time=now) for each in OTHERS)
    scale = replace(SCALE, **{"backup_time": now, **changes})
    return describe(monitor.evaluate((scale, *others), now=now))


@pytest.mark.parametrize(
    ("rule", "changes", "delay"),
    [
        (Rule.OFFLINE, {"presence": None}, 15),
        (Rule.CAMERA_LOST, {"module": "camera_lost"}, 5),
        (Rule.NOT_ACTIVATED, {"module": "not_activated"}, 5),
        (Rule.FIRMWARE_DRIFT, {"engine": "8.0.0"}, 24 * 60),
        (Rule.BACKUP_TOO_OLD, {"backup_time": NOW - 37 * HOUR}, 60),
        (Rule.BACKUP_TOO_OLD, {"backup_time": None}, 60),
    ],
    ids=str,
)
def test_a_broken_rule_raises_its_alert_after_a_while(
    rule: Rule, changes: dict[str, Any], delay: float
) -> None:
    monitor = AlertMonitor(SETTINGS)
    name = f"{rule} 0042/07"
    assert evaluate(monitor, 0, **changes) == ([], [])
    assert evaluate(monitor, delay - 1, **changes) == ([], [])
    assert evaluate(monitor, delay, **changes) == ([name], [])
    assert evaluate(monitor, delay + 1, **changes) == ([], [])
    [alert] = monitor.alerts
    assert (alert.since, alert.key) == (NOW, f"{rule}.0042.07")
    assert alert.message
    assert evaluate(monitor, delay + 2) == ([], [])
    assert evaluate(monitor, delay + 6.9) == ([], [])
    assert evaluate(monitor, delay + 7) == ([], [name])
    assert monitor.alerts == ()


def test_what_breaks_and_recovers_quickly_raises_nothing() -> None:
    monitor = AlertMonitor(SETTINGS)
    for minutes in range(0, 200, 10):
        assert evaluate(monitor, minutes, presence=None) == ([], [])
        assert evaluate(monitor, minutes + 5) == ([], [])


def test_an_alert_whose_rule_is_broken_again_is_not_cleared() -> None:
    monitor = AlertMonitor(SETTINGS)
    evaluate(monitor, 0, module="camera_lost")
    assert evaluate(monitor, 5, module="camera_lost")[0]
    for minutes in range(6, 60, 4):
        assert evaluate(monitor, minutes) == ([], [])
        assert evaluate(monitor, minutes + 2, module="camera_lost") == ([], [])


@pytest.mark.parametrize(
    "changes", [{"presence": None}, {"module": "unreachable"}, {"module": None}], ids=str
)
def test_an_alert_stays_while_nothing_is_known(changes: dict[str, Any]) -> None:
    monitor = AlertMonitor(replace(SETTINGS, delays={Rule.OFFLINE: DAY}))
    assert evaluate(monitor, 0, module="camera_lost") == (["camera_lost 0042/07"], [])
    for minutes in (10, 20, 30):
        assert evaluate(monitor, minutes, **{"module": "camera_lost", **changes}) == ([], [])
    assert len(monitor.alerts) == 1


def test_a_new_controller_goes_on_with_the_alerts_of_the_last_one() -> None:
    monitor = AlertMonitor(
        SETTINGS, [Alert(Rule.OFFLINE, "0042", "07", NOW - HOUR, "the agent is not connected")]
    )
    assert evaluate(monitor, 0, presence=None) == ([], [])
    assert evaluate(monitor, 1) == ([], [])
    assert evaluate(monitor, 6) == ([], ["offline 0042/07"])


def test_alerts_of_a_scale_that_is_gone_are_cleared() -> None:
    monitor = AlertMonitor(SETTINGS, [Alert(Rule.OFFLINE, "0099", "01", NOW, "")])
    assert evaluate(monitor, 0) == ([], ["offline 0099/01"])


def test_a_scale_that_was_never_started_raises_nothing() -> None:
    monitor = AlertMonitor(SETTINGS)
    for minutes in (0, 10_000):
        assert evaluate(monitor, minutes, reported=None, presence=None, backup_time=None) == ([], [])


def test_the_engine_that_modules_should_have() -> None:
    half = [
        ScaleState(ScaleId("0042", str(number)), engine="1" if number % 2 else "2") for number in range(10)
    ]
    undecided = AlertMonitor(AlertSettings(delays={}, backup_age=10 * DAY))
    assert describe(undecided.evaluate(half, now=NOW)) == ([], [])
    told = AlertMonitor(AlertSettings(delays={}, engine="2"))
    assert len(told.evaluate(half, now=NOW).raised) == 5


def test_a_whole_chain_that_goes_offline() -> None:
    scales = [ScaleState(ScaleId(f"{number // 60:04}", f"{number % 60:02}"), None) for number in range(3000)]
    monitor = AlertMonitor(AlertSettings(delays={}))
    assert len(monitor.evaluate(scales, now=NOW).raised) == 3000
    assert monitor.evaluate(scales, now=NOW + 1) == AlertChanges()


def fill(
    quality: Quality, recent: float, before: float, weighings: int = 300, scale: str = "0042/07"
) -> None:
    """Let the right product come first in these shares of weighings."""
    for share, at, start in ((recent, NOON, 0), (before, NOON - timedelta(days=10), weighings)):
        events = [
            make_recognition(scale, start + number, "001" if number < share * weighings else "002", at=at)
            for number in range(weighings)
        ]
        quality.add(EventBatch(events, [], quality.read_position() + 1))


@pytest.mark.parametrize(
    ("recent", "before", "weighings", "is_raised"),
    [
        (0.80, 0.95, 300, True),
        (0.95, 0.80, 300, False),
        (0.93, 0.95, 300, False),
        (0.80, 0.95, 20, False),
        (0.0, 1.0, 1, False),
    ],
)
def test_a_rate_that_fell_beyond_chance(
    tmp_path: Path, recent: float, before: float, weighings: int, is_raised: bool
) -> None:
    with Quality(tmp_path / "quality.db") as quality:
        quality.begin()
        fill(quality, recent, before, weighings)
        monitor = AlertMonitor(AlertSettings(delays={}))
        changes = monitor.evaluate([SCALE], quality, now=NOW)
    assert describe(changes)[0] == (["recognition_rate_fell 0042/07"] if is_raised else [])
    if is_raised:
        assert "80% of 300 weighings" in changes.raised[0].message and "95%" in changes.raised[0].message


def test_a_rate_near_its_limit_does_not_change_the_alert(tmp_path: Path) -> None:
    alert = Alert(Rule.RECOGNITION_RATE_FELL, "0042", "07", NOW, "")
    with Quality(tmp_path / "quality.db") as quality:
        quality.begin()
        fill(quality, 0.91, 0.95)
        monitor = AlertMonitor(AlertSettings(delays={}, clear_after=0), [alert])
        assert monitor.evaluate([SCALE], quality, now=NOW) == AlertChanges()
        assert AlertMonitor(AlertSettings(delays={})).evaluate([SCALE], quality, now=NOW) == AlertChanges()
    assert monitor.alerts == (alert,)


def test_an_alert_comes_back_from_its_entry() -> None:
    alert = Alert(Rule.CAMERA_LOST, "0042", "07", NOW, "the module has lost its camera")
    assert Alert.from_dict(alert.to_dict()) == alert
    for damaged in (
        {},
        {**alert.to_dict(), "rule": "of_a_newer_version"},
        {**alert.to_dict(), "since": None},
    ):
        assert Alert.from_dict(damaged) is None


def test_presence_is_what_counts_for_offline() -> None:
    monitor = AlertMonitor(AlertSettings(delays={}))
    online = replace(SCALE, presence=PresenceState())
    assert monitor.evaluate([online], now=NOW) == AlertChanges()
    assert describe(monitor.evaluate([replace(SCALE, presence=None)], now=NOW))[0] == ["offline 0042/07"]
