"""The engine's own figures, as it shows them on its monitor port."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any, cast

import httpx
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

logger = logging.getLogger("vision_ai_fleet")

TIMEOUT = 2.0
_GAUGES = {
    "connections": "Clients that are connected.",
    "subscriptions": "Subjects that clients have subscribed to.",
    "leafnodes": "Servers of stores that are connected.",
    "mem": "Memory in bytes.",
    "cpu": "Percent of a processor core.",
}
_COUNTERS = {
    "in_msgs": "Messages received.",
    "out_msgs": "Messages sent.",
    "in_bytes": "Bytes received.",
    "out_bytes": "Bytes sent.",
    "slow_consumers": "Clients that were dropped because they did not read.",
}
_JETSTREAM = {"memory": "Bytes of streams in memory.", "storage": "Bytes of streams on disk."}


async def read_engine_figures(monitor_url: str) -> Mapping[str, Any]:
    """Return `/varz` of the engine; nothing where it cannot be read.

    Args:
        monitor_url: `http://127.0.0.1:8222`; "" where the engine has no monitor port.
    """
    if not monitor_url:
        return {}
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
            figures: object = (await client.get(f"{monitor_url}/varz")).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        logger.debug("the engine shows no figures: %s", error or type(error).__name__)
        return {}
    return cast("dict[str, Any]", figures) if isinstance(figures, dict) else {}


def make_engine_metrics(figures: Mapping[str, Any]) -> Iterable[Metric]:
    """Yield the metrics of `/varz`, with the names of NATS's exporter. What is missing is left out."""
    for name, text in _GAUGES.items():
        if (value := _get_number(figures, name)) is not None:
            yield GaugeMetricFamily(f"gnatsd_varz_{name}", text, value)
    for name, text in _COUNTERS.items():
        if (value := _get_number(figures, name)) is not None:
            yield CounterMetricFamily(f"gnatsd_varz_{name}", text, value)
    jetstream = _get_mapping(_get_mapping(figures, "jetstream"), "stats")
    for name, text in _JETSTREAM.items():
        if (value := _get_number(jetstream, name)) is not None:
            yield GaugeMetricFamily(f"gnatsd_varz_jetstream_stats_{name}", text, value)


def _get_number(figures: Mapping[str, Any], name: str) -> float | None:
    value: object = figures.get(name)
    return float(value) if isinstance(value, int | float) else None


def _get_mapping(figures: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value: object = figures.get(name)
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
