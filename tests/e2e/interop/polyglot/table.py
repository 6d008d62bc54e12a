"""The results of all languages as a table for a terminal with 80 columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from polyglot.runner import STAGES, Result

DONE, FAILED, NOT_RUN = "✓", "✗", "–"


def build_table(results: Sequence[Result]) -> Table:
    table = Table("", title="Clients in other languages", title_justify="left", box=None, pad_edge=False)
    for result in results:
        table.add_column(result.language.name, style="" if result.complete else "bold red")
    table.add_row("generator", *(_generator(result) for result in results))
    for stage in STAGES:
        table.add_row(stage, *(_mark(result, stage) for result in results))
    table.add_row("time", *("missing" if result.missing else f"{result.seconds:.0f} s" for result in results))
    return table


def _generator(result: Result) -> str:
    return result.language.generator_and_version.replace("-", "-\n").replace(" ", "\n")


def _mark(result: Result, stage: str) -> str:
    if stage in result.done:
        return DONE
    return FAILED if stage == result.failed else NOT_RUN
