"""The results of all languages as tables for a terminal with 80 columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group
from rich.table import Table

from polyglot.runner import STAGES, Result

DONE, FAILED, NOT_RUN = "✓", "✗", "–"


LANGUAGES_PER_TABLE = 6


def build_tables(results: Sequence[Result]) -> Group:
    starts = range(0, len(results), LANGUAGES_PER_TABLE)
    return Group(*(_build_table(results[start : start + LANGUAGES_PER_TABLE]) for start in starts))


def _build_table(results: Sequence[Result]) -> Table:
    table = Table("", title="\nClients in other languages", title_justify="left", box=None, pad_edge=False)
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
    if stage in result.failed:
        return FAILED
    return NOT_RUN if stage in result.stages else ""
