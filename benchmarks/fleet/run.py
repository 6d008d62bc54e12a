"""Measure a center with many agents, and write bench-reports/fleet.md.

    python benchmarks/fleet/run.py                 with 100, 1,000, 5,000 and 10,000 agents
    python benchmarks/fleet/run.py 100 1000        with these numbers
    python benchmarks/fleet/run.py --quick         with 100, and a small backup

It ends with 1 if anything was lost or done twice; times are never judged.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from backup_load import AgentFigures, BackupFigures, measure_agent, measure_backup
from fleet_load import Figures, measure
from load_report import find_problems, format_report

REPORT = Path("bench-reports/fleet.md")
AGENTS = (100, 1000, 5000, 10_000)


async def run(counts: Sequence[int], *, quick: bool, sync: str, backup: bool) -> int:
    load = os.getloadavg()[0]
    results: list[Figures] = []
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            results.append(
                await measure(
                    count,
                    Path(folder),
                    processes=1 if count < 1000 else 2,
                    sync=sync,
                    idle_seconds=3.0 if quick else 10.0,
                    report=lambda line: print(f"  {line}", flush=True),
                )
            )
    agent_figures: AgentFigures | None = None
    backup_figures: BackupFigures | None = None
    if backup:
        with tempfile.TemporaryDirectory() as folder:
            agent_figures = await measure_agent(Path(folder), idle_seconds=5.0 if quick else 20.0)
        with tempfile.TemporaryDirectory() as folder:
            size = 50 * 10**6 if quick else 250 * 10**6
            backup_figures = await measure_backup(
                Path(folder), size, report=lambda line: print(f"  {line}", flush=True)
            )
    report = format_report(results, backup_figures, agent_figures, sync=sync, load=load)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(report, encoding="utf-8")
    print(f"\n{report}\nWritten to {REPORT}.")
    problems = find_problems(results)
    if backup_figures is not None and not backup_figures.is_equal:
        problems.append(f"the backup ended as {backup_figures.state}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure a center with many agents.")
    parser.add_argument("agents", nargs="*", type=int, help="numbers of agents")
    parser.add_argument("--quick", action="store_true", help="100 agents, a small backup")
    parser.add_argument("--sync", default="2m", help="when what was acknowledged is on disk: 2m, always")
    parser.add_argument("--no-backup", action="store_true", help="without the backup and the real agent")
    given = parser.parse_args()
    counts = given.agents or ([100] if given.quick else list(AGENTS))
    return asyncio.run(run(counts, quick=given.quick, sync=given.sync, backup=not given.no_backup))


if __name__ == "__main__":
    sys.exit(main())
