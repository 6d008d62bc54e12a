"""The tables, in Markdown, which reads well in a terminal too; and the same as JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from .figures import find, processor_ratio, ranked, ratio
from .registry import Measure, Work
from .targets import MEGABYTE, Verdict, verdicts
from .team import Row

NO_FIGURE = "–"
VERDICTS = {True: "met", False: "missed", None: "not measured"}


@dataclass(frozen=True)
class Result:
    work: Work
    rows: list[Row]
    size: int
    """Bytes of the file, where the work moves one."""


def markdown(result: Result) -> str:
    work, rows = result.work, result.rows
    size = f", {result.size / MEGABYTE:.0f} MB" if work.measure == "bytes" else ""
    columns, cells = COLUMNS[work.measure]
    headings = ["contender", *(heading.format(yardstick=work.yardstick) for heading in columns)]
    yardstick = find(rows, work.yardstick)
    body = [
        [row.contender.name, *(cells(row, yardstick, result.size) if row.measured else _none(row, columns))]
        for row in ranked(rows)
    ]
    parts = [f"### {work.title}{size}", _table(headings, body, numbers=len(columns))]
    parts += [f"{row.contender.name} is missing: {row.missing}" for row in rows if row.missing]
    parts += [f"{row.contender.name} FAILED:\n\n{row.failed.strip()}" for row in rows if row.failed]
    if judged := verdicts(work.name, rows):
        parts.append(_table(TARGET_HEADINGS, list(map(_judged, judged)), numbers=0))
    return "\n\n".join(parts)


TARGET_HEADINGS = ("target of", "", "measured", "", "processor")


def _judged(verdict: Verdict) -> list[str]:
    said = VERDICTS[verdict.met]
    return [verdict.target.contender, verdict.wanted, verdict.measured, said, verdict.processor]


def _none(row: Row, columns: Sequence[str]) -> list[str]:
    return ["FAILED" if row.failed else "missing", *[NO_FIGURE] * (len(columns) - 1)]


def _time(row: Row, yardstick: Row | None, size: int) -> list[str]:
    return [
        f"{median(row.wall) * 1e6:.1f}",
        _times(ratio, row, yardstick),
        f"{median(row.processor) * 1e6:.1f}",
        _times(processor_ratio, row, yardstick),
    ]


def _calls(row: Row, yardstick: Row | None, size: int) -> list[str]:
    return [
        f"{1 / median(row.wall):,.0f}",
        _speed(row, yardstick),
        f"{median(row.processor) * 1e6:.1f}",
        _times(processor_ratio, row, yardstick),
    ]


def _bytes(row: Row, yardstick: Row | None, size: int) -> list[str]:
    return [
        f"{size / median(row.wall) / 1e6:,.0f}",
        _speed(row, yardstick),
        f"{median(row.processor):.3f}",
        _megabytes(row),
    ]


def _start(row: Row, yardstick: Row | None, size: int) -> list[str]:
    called = [both - imported for both, imported in zip(row.wall, row.imported, strict=True)]
    milliseconds = [f"{median(seconds) * 1e3:.1f}" for seconds in (row.imported, called, row.wall)]
    return [*milliseconds, _times(ratio, row, yardstick), str(row.modules), _megabytes(row)]


def _times(of: Callable[[Row, Row], float], row: Row, yardstick: Row | None) -> str:
    return NO_FIGURE if yardstick is None else f"{of(row, yardstick):.2f}"


def _speed(row: Row, yardstick: Row | None) -> str:
    return NO_FIGURE if yardstick is None else f"{ratio(yardstick, row):.2f}"


def _megabytes(row: Row) -> str:
    return NO_FIGURE if row.memory is None else f"{row.memory / MEGABYTE:.1f}"


Cells = Callable[[Row, Row | None, int], list[str]]

COLUMNS: dict[Measure, tuple[tuple[str, ...], Cells]] = {
    "time": (("µs a call", "× {yardstick}", "processor, µs", "× {yardstick}"), _time),
    "calls": (("calls a second", "× {yardstick}", "processor, µs a call", "× {yardstick}"), _calls),
    "bytes": (("MB a second", "× {yardstick}", "processor, s", "more memory, MB"), _bytes),
    "start": (
        ("import, ms", "first call, ms", "together", "× {yardstick}", "modules", "memory, MB"),
        _start,
    ),
}


def _table(headings: Sequence[str], body: Sequence[Sequence[str]], *, numbers: int) -> str:
    """The last columns, as many as there are numbers, to the right."""
    widths = [max(3, *map(len, column)) for column in zip(headings, *body, strict=True)]
    texts = len(headings) - numbers
    rule = ["-" * (width - 1) + (":" if at >= texts else "-") for at, width in enumerate(widths)]
    lines = [
        [cell.rjust(width) if at >= texts else cell.ljust(width) for at, (cell, width) in enumerate(line)]
        for line in (list(zip(row, widths, strict=True)) for row in (headings, rule, *body))
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def as_json(about: dict[str, Any], results: Sequence[Result]) -> str:
    return json.dumps({**about, "works": [_work_as_json(result) for result in results]}, indent=1)


def _work_as_json(result: Result) -> dict[str, Any]:
    work, rows = result.work, result.rows
    yardstick = find(rows, work.yardstick)
    return {
        "work": work.name,
        "title": work.title,
        "yardstick": work.yardstick,
        "file_bytes": result.size if work.measure == "bytes" else None,
        "rows": [_row_as_json(row, yardstick) for row in ranked(rows)],
        "targets": [dataclasses.asdict(each) for each in verdicts(work.name, rows)],
    }


def _row_as_json(row: Row, yardstick: Row | None) -> dict[str, Any]:
    return {
        "contender": row.contender.name,
        "seconds": median(row.wall) if row.measured else None,
        "processor_seconds": median(row.processor) if row.measured and row.processor else None,
        "times_the_yardstick": ratio(row, yardstick) if row.measured and yardstick else None,
        "memory_bytes": row.memory,
        "modules": row.modules,
        "missing": row.missing,
        "failed": row.failed,
        "rounds": {"seconds": row.wall, "processor": row.processor, "import": row.imported},
    }
