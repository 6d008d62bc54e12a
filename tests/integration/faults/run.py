"""`make faults`: runs the whole fault matrix and prints a table of the outcomes."""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter

from fault_matrix import CellResult, cells, run_cells
from rich.console import Console
from rich.progress import Progress
from rich.table import Table


def table_of(results: list[CellResult]) -> Table:
    cell_counts = Counter(result.cell.fault_case.name for result in results)
    expected_counts = Counter(result.cell.fault_case.name for result in results if not result.problems)
    table = Table("fault", "cells", "as expected", title="Fault matrix", show_footer=True)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, count in cell_counts.items():
        table.add_row(
            name,
            str(count),
            str(expected_counts[name]),
            style="" if expected_counts[name] == count else "bold red",
        )
    footers = ("all", str(len(results)), str(expected_counts.total()))
    for column, text in zip(table.columns, footers, strict=True):
        column.footer = text
    return table


def main() -> int:
    console = Console(highlight=False)
    # wait_until_ready() logs that it could not set the clock.
    logging.getLogger("vision_ai").setLevel(logging.ERROR)
    started = time.monotonic()
    selected = cells()
    with Progress(console=console, transient=True) as bars:
        task = bars.add_task("Fault matrix", total=len(selected))
        results = run_cells(selected, lambda: bars.advance(task))
    console.print(table_of(results))
    failed = [result for result in results if result.problems]
    for result in failed:
        console.print(f"[red]✗[/red] {result.cell}: {'; '.join(result.problems)}", soft_wrap=True)
    seconds = time.monotonic() - started
    second_tries = sum(result.second_try for result in results)
    of_v2 = sum(result.cell.call_case.version == "v2" for result in results)
    summary = f"{len(results)} cells run ({of_v2} with V2), {len(results) - len(failed)} as expected"
    console.print(f"{summary}, {second_tries} run twice, {seconds:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
