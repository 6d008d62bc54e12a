"""The metrics of a fleet, and the files for Grafana and Prometheus that name them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from shared_fleet_events import NOON, make_recognition
from shared_fleet_scales import NOW, PresenceState, ScaleState

from vision_ai_fleet import observability
from vision_ai_fleet.events.quality import Quality
from vision_ai_fleet.events.stream import EventBatch
from vision_ai_fleet.names import ScaleId
from vision_ai_fleet.observability.alerts import Alert, Rule
from vision_ai_fleet.observability.engine_figures import make_engine_metrics
from vision_ai_fleet.observability.fleet_state import FleetState
from vision_ai_fleet.observability.metrics import MAX_VERSIONS, render
from vision_ai_fleet.rollout import Phase, Rollout, RolloutSpec, RolloutState

FOLDER = Path(observability.__file__).parent
DASHBOARD = FOLDER / "grafana" / "dashboard.json"
ALERTS = FOLDER / "prometheus" / "alerts.yml"
VARZ = {
    "connections": 5,
    "subscriptions": 9,
    "leafnodes": 0,
    "mem": 1000,
    "cpu": 1.5,
    "in_msgs": 7,
    "out_msgs": 8,
    "in_bytes": 70,
    "out_bytes": 80,
    "slow_consumers": 0,
    "jetstream": {"stats": {"memory": 1, "storage": 2}},
}
SCALES = (
    ScaleState(presence=PresenceState(outbox=3), backup_time=NOW - 100),
    ScaleState(ScaleId("0042", "08"), None, engine="8.0.0", module="camera_lost", backup_time=None),
    ScaleState(ScaleId("0043", "01"), drift=("learn_mode",), backup_time=NOW - 50),
)
ROLLOUT = Rollout(
    RolloutSpec("r1", "backup"), RolloutState(Phase.COMPLETED, counts={"SUCCEEDED": 2, "FAILED": 1})
)

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(state: FleetState, **options: Any) -> Samples:
    text = render(state, now=NOW, **options).decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def get(samples: Samples, name: str, **labels: str) -> float | None:
    return samples.get((name, tuple(sorted(labels.items()))))


@pytest.fixture
def state(tmp_path: Path) -> Iterator[FleetState]:
    with Quality(tmp_path / "quality.db") as quality:
        quality.begin()
        events = [make_recognition(row=row, choice="001" if row < 3 else "002") for row in range(4)]
        quality.add(EventBatch([*events, make_recognition(row=9)], [NOON.timestamp()] * 5, 12, refused=2))
        yield FleetState(
            SCALES,
            rollouts=[ROLLOUT],
            alerts=[Alert(Rule.OFFLINE, "0042", "08", NOW, "")],
            quality=quality,
            has_lease=True,
            engine_figures=VARZ,
        )


def test_what_is_known_of_a_chain(state: FleetState) -> None:
    samples = read(state)
    fleet = "vision_ai_fleet_"
    assert get(samples, f"{fleet}scales", store="0042", presence="online") == 1
    assert get(samples, f"{fleet}scales", store="0042", presence="offline") == 1
    assert get(samples, f"{fleet}module_states", module_state="camera_lost") == 1
    assert get(samples, f"{fleet}module_states", module_state="not_activated") == 0
    assert get(samples, f"{fleet}engine_versions", engine="9.5.0") == 2
    assert get(samples, f"{fleet}firmware_versions", firmware="1.0") == 3
    assert get(samples, f"{fleet}scale_states", state="offline") == 1
    assert get(samples, f"{fleet}outbox_events") == 3
    assert get(samples, f"{fleet}drifted_scales") == 1
    assert get(samples, f"{fleet}scales_without_backup") == 1
    assert get(samples, f"{fleet}oldest_backup_age_seconds") == 100
    assert get(samples, f"{fleet}jobs", kind="backup", state="SUCCEEDED") == 2
    assert get(samples, f"{fleet}rollouts", phase="COMPLETED") == 1
    assert get(samples, f"{fleet}alerts", rule="offline") == 1
    assert get(samples, f"{fleet}alerts", rule="camera_lost") == 0
    assert get(samples, f"{fleet}controller_lease") == 1
    assert get(samples, f"{fleet}recognitions", store="0042") == 5
    assert get(samples, f"{fleet}right_first_ratio", store="0042") == 0.75
    assert get(samples, f"{fleet}refused_events_total") == 2
    assert get(samples, "gnatsd_varz_connections") == 5
    assert get(samples, "gnatsd_varz_in_msgs_total") == 7
    labels = {"messaging_system": "nats", "messaging_destination_name": "EVENTS"}
    assert get(samples, "messaging_client_consumed_messages_total", **labels) == 12
    assert (get(samples, "process_cpu_time_seconds_total") or 0) > 0
    assert any(
        name == "target_info" and ("service_name", "vision-ai-fleet") in labels for name, labels in samples
    )


def test_each_scale_has_series_only_where_asked(state: FleetState) -> None:
    assert not any("scale" in dict(labels) for _, labels in read(state))
    samples = read(state, per_scale=True)
    assert get(samples, "vision_ai_fleet_scale_online", store="0042", scale="08") == 0
    assert get(samples, "vision_ai_fleet_scale_module_ready", store="0042", scale="07") == 1
    assert get(samples, "vision_ai_fleet_scale_backup_age_seconds", store="0042", scale="07") == 100


def test_what_agents_say_makes_no_endless_series() -> None:
    lying = [
        ScaleState(ScaleId("0042", str(number)), None, f'"{number}\n' * 500, f"f{number}", f"m{number}")
        for number in range(500)
    ]
    samples = read(FleetState(lying))
    for name in ("engine_versions", "firmware_versions"):
        values = [(dict(labels), value) for (each, labels), value in samples.items() if each.endswith(name)]
        assert len(values) <= MAX_VERSIONS + 1
        assert sum(value for _, value in values) == 500
        assert all(len(text) <= 64 for labels, _ in values for text in labels.values())
    assert get(samples, "vision_ai_fleet_module_states", module_state="other") == 500


def test_figures_of_another_engine_are_left_out() -> None:
    assert list(make_engine_metrics({"connections": "many", "jetstream": None})) == []


NAME = re.compile(r"\b(?:vision_ai_fleet|gnatsd|process|messaging)_[a-z0-9_]+")


def find_names(expressions: list[str]) -> set[str]:
    return {name for expression in expressions for name in NAME.findall(re.sub(r"\{[^}]*\}", "", expression))}


def test_the_dashboard_names_metrics_that_exist(state: FleetState) -> None:
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    panels = dashboard["panels"]
    expressions = [target["expr"] for panel in panels for target in panel["targets"]]
    names = {name for name, _ in read(state)}
    assert find_names(expressions) <= names
    assert len(find_names(expressions)) > 15
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(set(places)) == len(places), "panels overlap"
    assert max(x for x, _ in places) == 23


def test_the_alerting_rules_name_metrics_that_exist(state: FleetState) -> None:
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    names = {name for name, _ in read(state)}
    assert find_names([rule["expr"] for rule in rules]) <= names
    assert all(rule["annotations"]["summary"] and rule["labels"]["severity"] for rule in rules)
    values = {value for _, labels in read(state) for _, value in labels}
    for rule in rules:
        named = set(re.findall(r'(?:rule|module_state)="([a-z_]+)"', rule["expr"]))
        assert named <= values


def test_the_metrics_and_rules_are_in_the_forms_of_prometheus(state: FleetState) -> None:
    """Checked by its own parser of the format, and by promtool where that is installed."""
    metrics = render(state, per_scale=True)
    families = list(text_string_to_metric_families(metrics.decode()))
    assert len(families) > 10
    assert all(family.documentation and family.samples for family in families)
    if promtool := shutil.which("promtool"):
        subprocess.run([promtool, "check", "rules", str(ALERTS)], check=True)
        subprocess.run([promtool, "check", "metrics"], input=metrics, check=True)
