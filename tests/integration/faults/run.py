"""`make faults`: runs the whole fault matrix and prints what came of it."""

from __future__ import annotations

import sys
import time
from collections import Counter

from matrix import Verdict, cells, run_cells
from rich.console import Console
from rich.progress import Progress
from rich.table import Table


def table_of(verdicts: list[Verdict]) -> Table:
    tried = Counter(verdict.cell.trouble.name for verdict in verdicts)
    right = Counter(verdict.cell.trouble.name for verdict in verdicts if not verdict.wrong)
    table = Table("fault", "cells tried", "as expected", title="Fault matrix", show_footer=True)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, count in tried.items():
        table.add_row(name, str(count), str(right[name]), style="" if right[name] == count else "bold red")
    footers = ("all", str(len(verdicts)), str(right.total()))
    for column, text in zip(table.columns, footers, strict=True):
        column.footer = text
    return table


def main() -> int:
    console = Console(highlight=False)
    started = time.monotonic()
    planned = cells()
    with Progress(console=console, transient=True) as bars:
        task = bars.add_task("Fault matrix", total=len(planned))
        verdicts = run_cells(planned, lambda: bars.advance(task))
    console.print(table_of(verdicts))
    wrong = [verdict for verdict in verdicts if verdict.wrong]
    for verdict in wrong:
        console.print(f"[red]✗[/red] {verdict.cell}: {'; '.join(verdict.wrong)}", soft_wrap=True)
    seconds = time.monotonic() - started
    again = sum(verdict.again for verdict in verdicts)
    told = f"{len(verdicts)} cells tried, {len(verdicts) - len(wrong)} as expected"
    console.print(f"{told}, {again} tried twice, {seconds:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
