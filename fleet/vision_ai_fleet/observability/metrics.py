"""Prometheus metrics of a fleet.

Names of OpenTelemetry's semantic conventions stand where they have one: the resource (`service_name`, `service_version`
in `target_info`), this process (`process_cpu_time_seconds_total`, `process_memory_usage_bytes`) and the messaging
attributes of the events that are counted (`messaging_system`, `messaging_destination_name`). They have none for scales
and their modules: those begin with `vision_ai_fleet_`. The engine's figures have the names of NATS's own exporter.

Each label has few values: a chain has hundreds of stores, and versions beyond the most frequent ones are `other`.
Series for each scale exist where they are asked for.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from .alerts import Rule
from .engine_figures import make_engine_metrics
from .fleet_state import FleetState, ScaleState

MAX_VERSIONS = 20
"""Versions of engine and firmware that have their own series."""
QUALITY_DAYS = 7
"""Days whose recognitions are shown."""
MODULE_STATES = ("ready", "unreachable", "not_activated", "camera_lost", "error")
SCALE_STATES = ("idle", "busy", "job", "offline", "never")
LONGEST_LABEL = 64
"""Characters."""


def render(state: FleetState, *, per_scale: bool = False, now: float | None = None) -> bytes:
    """Return the metrics as text for Prometheus. It takes a moment with 30,000 scales: run it in a thread.

    Args:
        state: The fleet.
        per_scale: Add series for each scale: four for each of up to 30,000.
        now: Seconds since 1970-01-01 UTC; the present by default.
    """
    registry = CollectorRegistry()
    registry.register(_FleetCollector(state, per_scale, time.time() if now is None else now))
    return generate_latest(registry)


class _FleetCollector(Collector):
    def __init__(self, state: FleetState, per_scale: bool, now: float) -> None:
        self._state = state
        self._per_scale = per_scale
        self._now = now

    def collect(self) -> Iterable[Metric]:
        """Yield all metrics."""
        state = self._state
        yield from _make_process_metrics()
        yield from _make_scale_metrics(state.scales, self._now)
        yield from _make_job_metrics(state)
        yield from _make_quality_metrics(state)
        yield _make_alert_metric(state)
        if state.has_lease is not None:
            yield _gauge("controller_lease", "Whether a controller holds the lease.", int(state.has_lease))
        yield from make_engine_metrics(state.engine_figures)
        if self._per_scale:
            yield from _make_metrics_of_each(state.scales, self._now)


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"vision_ai_fleet_{name}", text, value)


def _labeled(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"vision_ai_fleet_{name}", text, labels=labels)


def _make_process_metrics() -> Iterable[Metric]:
    try:
        release = version("vision-ai-module")
    except PackageNotFoundError:
        release = "unknown"
    yield InfoMetricFamily(
        "target", "The resource.", {"service_name": "vision-ai-fleet", "service_version": release}
    )
    yield CounterMetricFamily(
        "process_cpu_time_seconds", "Processor time of this process.", time.process_time()
    )
    memory = _read_memory()
    if memory is not None:
        yield GaugeMetricFamily("process_memory_usage_bytes", "Memory of this process.", memory)


def _read_memory() -> int | None:
    """Return the memory of this process in bytes, where Linux tells it."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except (OSError, ValueError):
        return None
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    return None if found is None else int(found[1]) * 1024


def _make_scale_metrics(scales: Iterable[ScaleState], now: float) -> Iterable[Metric]:
    stores: Counter[tuple[str, str]] = Counter()
    modules: Counter[str] = Counter(dict.fromkeys(MODULE_STATES, 0))
    states: Counter[str] = Counter(dict.fromkeys(SCALE_STATES, 0))
    engines: Counter[str] = Counter()
    firmwares: Counter[str] = Counter()
    outbox = drifted = without_backup = 0
    oldest_backup = 0.0
    for scale in scales:
        stores[scale.id.store, "offline" if scale.presence is None else "online"] += 1
        states[_choose(scale.state, SCALE_STATES)] += 1
        modules[_choose(scale.module, MODULE_STATES)] += 1
        engines[scale.engine or "unknown"] += 1
        firmwares[scale.firmware or "unknown"] += 1
        outbox += 0 if scale.presence is None else max(0, scale.presence.outbox)
        drifted += bool(scale.drift)
        if scale.backup_time is None:
            without_backup += 1
        else:
            oldest_backup = max(oldest_backup, now - scale.backup_time)
    by_store = _labeled(
        "scales", "Scales by store, and whether their agents are connected.", "store", "presence"
    )
    for store in sorted({store for store, _ in stores}):
        for presence in ("online", "offline"):
            by_store.add_metric((store, presence), stores[store, presence])
    yield by_store
    yield _make_counts("scale_states", "Scales by what their agents do.", "state", states)
    yield _make_counts("module_states", "Scales by the state of their modules.", "module_state", modules)
    yield _make_counts("engine_versions", "Scales by the engine of their modules.", "engine", _cut(engines))
    yield _make_counts(
        "firmware_versions", "Scales by the firmware of their modules.", "firmware", _cut(firmwares)
    )
    yield _gauge("outbox_events", "Events that wait at connected scales.", outbox)
    yield _gauge("drifted_scales", "Scales whose module differs from what is desired.", drifted)
    yield _gauge("scales_without_backup", "Scales without any backup.", without_backup)
    yield _gauge(
        "oldest_backup_age_seconds",
        "Age of the newest backup of the scale whose backup is the oldest.",
        oldest_backup,
    )


def _make_job_metrics(state: FleetState) -> Iterable[Metric]:
    phases: Counter[str] = Counter()
    executions: Counter[tuple[str, str]] = Counter()
    for rollout in state.rollouts:
        phases[rollout.state.phase.value] += 1
        for name, count in rollout.state.counts.items():
            executions[rollout.spec.kind, name] += count
    yield _make_counts("rollouts", "Rollouts by phase.", "phase", phases)
    jobs = _labeled("jobs", "Jobs of the rollouts, by kind and state.", "kind", "state")
    for labels, count in sorted(executions.items()):
        jobs.add_metric(labels, count)
    yield jobs


def _make_quality_metrics(state: FleetState) -> Iterable[Metric]:
    if state.quality is None:
        return
    refused = state.quality.refused_events
    yield CounterMetricFamily(
        "vision_ai_fleet_refused_events", "Events that were forged or malformed.", refused
    )
    consumed = CounterMetricFamily(
        "messaging_client_consumed_messages",
        "Events that were counted.",
        labels=("messaging_system", "messaging_destination_name"),
    )
    consumed.add_metric(("nats", "EVENTS"), state.quality.read_position())
    yield consumed
    recognitions = _labeled("recognitions", f"Recognitions of the last {QUALITY_DAYS} days.", "store")
    weighings = _labeled("weighings", "Those whose product was confirmed.", "store")
    firsts = _labeled("right_first_weighings", "Those whose right product came first.", "store")
    rates = _labeled("right_first_ratio", "The share of weighings whose right product came first.", "store")
    for each in state.quality.read_stores(QUALITY_DAYS):
        labels, first = (each.store,), each.hits.first
        recognitions.add_metric(labels, each.recognitions)
        weighings.add_metric(labels, first.total)
        firsts.add_metric(labels, first.count)
        if first.share is not None:
            rates.add_metric(labels, first.share)
    yield from (recognitions, weighings, firsts, rates)


def _make_alert_metric(state: FleetState) -> Metric:
    alerts = Counter(alert.rule.value for alert in state.alerts)
    return _make_counts(
        "alerts", "Alerts by rule.", "rule", Counter({rule.value: alerts[rule.value] for rule in Rule})
    )


def _make_metrics_of_each(scales: Iterable[ScaleState], now: float) -> Iterable[Metric]:
    online = _labeled("scale_online", "Whether the scale's agent is connected.", "store", "scale")
    ready = _labeled("scale_module_ready", "Whether the scale's module is ready.", "store", "scale")
    outbox = _labeled("scale_outbox_events", "Events that wait at the scale.", "store", "scale")
    backup = _labeled("scale_backup_age_seconds", "Age of the scale's newest backup.", "store", "scale")
    for scale in scales:
        online.add_metric(scale.id, int(scale.presence is not None))
        ready.add_metric(scale.id, int(scale.module == "ready"))
        if scale.presence is not None:
            outbox.add_metric(scale.id, scale.presence.outbox)
        if scale.backup_time is not None:
            backup.add_metric(scale.id, now - scale.backup_time)
    yield from (online, ready, outbox, backup)


def _make_counts(name: str, text: str, label: str, counts: Counter[str]) -> GaugeMetricFamily:
    metric = _labeled(name, text, label)
    for value, count in sorted(counts.items()):
        metric.add_metric((value,), count)
    return metric


def _choose(value: str | None, known: tuple[str, ...]) -> str:
    """Return a value that is known: what an agent sends makes no series of its own."""
    return value if value in known else "other"


def _cut(counts: Counter[str]) -> Counter[str]:
    most = counts.most_common(MAX_VERSIONS)
    rest = counts.total() - sum(count for _, count in most)
    result: Counter[str] = Counter()
    for value, count in most:
        result[value[:LONGEST_LABEL]] += count
    return result + Counter({"other": rest})
