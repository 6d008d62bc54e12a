"""A thousand agents and a server that is killed: nothing is lost, and nothing is done twice. Times are not judged."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks" / "fleet"))

from backup_load import BackupFigures, measure_backup
from chaos import run_rounds
from fleet_load import Figures, measure
from load_report import PROTOTYPE, find_problems, format_report, format_table

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def run_slowly(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(coroutine, 400))


def test_a_few_agents(run: Run, tmp_path: Path) -> None:
    figures = run(measure(5, tmp_path, processes=1, idle_seconds=0, events_each=2))
    assert find_problems([figures]) == []
    assert (figures.acts, figures.ends) == (5, {"SUCCEEDED": 5})


@pytest.mark.slow
def test_a_thousand_agents(tmp_path: Path) -> None:
    figures = run_slowly(measure(1000, tmp_path, idle_seconds=0, events_each=1))
    assert find_problems([figures]) == []
    assert figures.killed_at < 1000, "the server was killed in the middle"
    assert figures.acts == figures.ends.get("SUCCEEDED", 0) + figures.ends.get("INTERRUPTED", 0)


@pytest.mark.slow
def test_a_backup_whose_agent_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    figures = run_slowly(measure_backup(tmp_path, 40 * 10**6, kills=(0.3,)))
    assert (figures.state, figures.is_equal, figures.kills) == ("SUCCEEDED", True, 1)
    assert figures.extra < 10 * 10**6, "the upload began anew"
    assert figures.memory < 64


@pytest.mark.slow
def test_whatever_is_killed_nothing_is_lost_or_done_twice(tmp_path: Path) -> None:
    """`make chaos-fleet` does many rounds of it."""
    figures = run_slowly(run_rounds(tmp_path, 1, random.randrange(1000)))
    assert figures.problems == []
    assert figures.kills.total() > 0
    assert figures.ends.total() == 2 * 12, "two restarts of twelve scales"
    assert figures.ends["SUCCEEDED"] <= figures.acts <= figures.ends.total()


def test_the_report_names_what_was_lost() -> None:
    good = Figures(100, scales=100, answered=100, succeeded=100, stored=400, events_each=4)
    assert find_problems([good]) == []
    bad = Figures(1000, scales=1000, answered=999, succeeded=1000, twice=1, stored=4000, events_each=4)
    assert find_problems([good, bad]) == [
        "1,000 agents: answered calls: 999, not 1000",
        "1,000 agents: modules that were restarted twice: 1, not 0",
    ]


def test_the_table_has_the_prototype_beside_and_an_estimate() -> None:
    table = format_table([Figures(100, connected=0.25), Figures(10_000, connected=20.0, server=1500)])
    lines = table.splitlines()
    assert lines[0] == "| measured / prototype | 100 | 10,000 | 30,000 (estimate) |"
    assert lines[2] == "| all connected and ready, s | 0.2 / 0.3 | 20.0 / 28.0 | 60.0 |"
    assert lines[3].endswith("| 1,500 / 1,549 | 4,500 |")
    assert {line.count("|") for line in lines} == {5}
    assert set(PROTOTYPE) == {100, 1000, 5000, 10_000}
    backup = BackupFigures(250 * 10**6, 60.0, 2, 40, 68_000, "SUCCEEDED", is_equal=True)
    report = format_report([Figures(100)], backup, None, sync="2m", load=1.0)
    assert "A backup of 250 MB with its agent killed 2 times: SUCCEEDED after 60 s, 40 MiB" in report
