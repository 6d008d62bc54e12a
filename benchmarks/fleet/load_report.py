"""The figures as a table, beside those of the prototype."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from backup_load import AgentFigures, BackupFigures
from fleet_load import Figures

ESTIMATED = 30_000
PROTOTYPE: dict[int, dict[str, Any]] = {
    100: {"connected": 0.3, "server": 33, "inventory": 0.01, "call": 0.02, "job": 0.1}
    | {"restart": 11.7, "lost": 0, "twice": 0, "events": 6600},
    1000: {"connected": 2.0, "server": 165, "inventory": 0.03, "call": 0.2, "job": 1.4}
    | {"restart": 27.9, "lost": 0, "twice": 0, "events": 7500},
    5000: {"connected": 10.5, "server": 744, "inventory": 0.14, "call": 1.0, "job": 7.8}
    | {"restart": 28.3, "lost": 0, "twice": 0, "events": 5700},
    10000: {"connected": 28, "server": 1549, "inventory": 0.49, "call": 4.9, "job": 31.6}
    | {"restart": 114, "lost": 0, "twice": 0, "events": 5000},
}
"""What a prototype of 300 lines took on two shared cores. Its agents kept no clock, metrics or bounds."""

Row = tuple[str, str, Callable[[float], str]]
ROWS: tuple[Row, ...] = (
    ("all connected and ready, s", "connected", "{:.1f}".format),
    ("server, MiB", "server", "{:,.0f}".format),
    ("inventory of all, s", "inventory", "{:.2f}".format),
    ("call to all, s", "call", "{:.2f}".format),
    ("job on all, s", "job", "{:.1f}".format),
    ("`reboot` on all, server killed in the middle: ended after, s", "restart", "{:.1f}".format),
    ("… lost", "lost", "{:.0f}".format),
    ("… done twice", "twice", "{:.0f}".format),
    ("events a second", "events", "{:,.0f}".format),
)
GROWING = ("connected", "server", "inventory", "call", "job")
"""Rows that grow with the number of agents."""


def format_table(results: Sequence[Figures]) -> str:
    """Return the table: for each number of agents what was measured, and after a slash what the prototype took."""
    head = ["measured / prototype", *(f"{each.agents:,}" for each in results), f"{ESTIMATED:,} (estimate)"]
    lines = [_format_row(head), _format_row(["---"] * len(head))]
    for title, name, write in ROWS:
        cells = [_format_cell(each, name, write) for each in results]
        lines.append(_format_row([title, *cells, _estimate(results, name, write)]))
    return "\n".join(lines)


def find_problems(results: Sequence[Figures]) -> list[str]:
    """Return what must not happen with any number of agents: the counts, never the times."""
    problems: list[str] = []
    for each in results:
        counts = {
            "scales in the inventory": (each.scales, each.agents),
            "answered calls": (each.answered, each.agents),
            "jobs that succeeded": (each.succeeded, each.agents),
            "restarts that were lost": (each.lost, 0),
            "modules that were restarted twice": (each.twice, 0),
            "events that were stored": (each.stored, each.agents * each.events_each),
        }
        problems += [
            f"{each.agents:,} agents: {title}: {count}, not {wanted}"
            for title, (count, wanted) in counts.items()
            if count != wanted
        ]
    return problems


def format_report(
    results: Sequence[Figures],
    backup: BackupFigures | None,
    agent: AgentFigures | None,
    *,
    sync: str,
    load: float,
) -> str:
    """Return the whole report in Markdown."""
    lines = [
        "# A center and its agents",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} processors, Python {platform.python_version()}, "
        f"load average {load:.1f} before the start, `sync_interval: {sync}`. Agents with fake modules in two "
        "processes, over loopback without TLS. The prototype's figures are of an idle machine.",
        "",
        format_table(results),
        "",
        *(
            f"- {each.agents:,} agents: one takes {each.agent_memory:.2f} MiB of a process with many and "
            f"{each.idle:.3f} % of a core when idle; the server was killed when {each.killed_at:,} modules had "
            f"restarted, and the jobs ended as {each.ends}. Processor time for each agent, of its own and of the "
            f"server: {_format_processor(each)}."
            for each in results
        ),
    ]
    if agent is not None:
        lines.append(
            f"- One real agent, in a process of its own: ready after {agent.ready:.1f} s, {agent.memory} MiB "
            f"(prototype: 33), {agent.idle:.1f} % of a core when idle."
        )
    if backup is not None:
        equal = "the downloaded file is equal" if backup.is_equal else "**the downloaded file differs**"
        lines.append(
            f"- A backup of {backup.size / 1e6:.0f} MB with its agent killed {backup.kills} times: "
            f"{backup.state} after {backup.seconds:.0f} s, {backup.memory} MiB at the most (prototype: 35), "
            f"{backup.extra / 1e3:,.0f} KB received beyond the file; {equal}."
        )
    return "\n".join(lines) + "\n"


def _format_processor(figures: Figures) -> str:
    steps = (f"{step} {agent:.1f} and {server:.1f} ms" for step, (agent, server) in figures.processor.items())
    return ", ".join(steps)


def _format_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _format_cell(figures: Figures, name: str, write: Callable[[float], str]) -> str:
    measured = write(getattr(figures, name))
    prototype = PROTOTYPE.get(figures.agents, {}).get(name)
    return measured if prototype is None else f"{measured} / {write(prototype)}"


def _estimate(results: Sequence[Figures], name: str, write: Callable[[float], str]) -> str:
    """Return a straight line through the largest number of agents."""
    if name not in GROWING or not results:
        return ""
    largest = results[-1]
    return write(getattr(largest, name) / largest.agents * ESTIMATED)
