"""The report: tables in Markdown, which are readable in a terminal too, and the same data as JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from ..registry import Unit
from .ratios import find, processor_ratio, rank, time_ratio
from .records import MEGABYTE, ContenderResult, WorkloadResult
from .targets import Verdict, evaluate_targets

NO_VALUE = "–"
VERDICTS = {True: "met", False: "missed", None: "not measured"}


def render_markdown(result: WorkloadResult) -> str:
    workload, contenders = result.workload, result.contenders
    size = f", {result.file_size / MEGABYTE:.0f} MB" if workload.unit == "bytes per second" else ""
    columns, cells = COLUMNS[workload.unit]
    headings = ["contender", *(heading.format(reference=workload.reference) for heading in columns)]
    reference = find(contenders, workload.reference)
    body = [
        [
            each.contender.name,
            *(cells(each, reference, result.file_size) if each.measured else _empty_cells(each, columns)),
        ]
        for each in rank(contenders)
    ]
    parts = [f"### {workload.title}{size}", _render_table(headings, body, numbers=len(columns))]
    parts += [f"{each.contender.name} is missing: {each.missing}" for each in contenders if each.missing]
    parts += [f"{each.contender.name} FAILED:\n\n{each.failed.strip()}" for each in contenders if each.failed]
    if verdicts := evaluate_targets(workload.name, contenders):
        parts.append(_render_table(TARGET_HEADINGS, list(map(_verdict_cells, verdicts)), numbers=0))
    return "\n\n".join(parts)


TARGET_HEADINGS = ("target for", "requirement", "measured", "verdict", "processor time")


def _verdict_cells(verdict: Verdict) -> list[str]:
    target = verdict.target
    return [
        target.contender,
        verdict.requirement,
        verdict.measured,
        VERDICTS[verdict.met],
        verdict.processor,
    ]


def _empty_cells(result: ContenderResult, columns: Sequence[str]) -> list[str]:
    return ["FAILED" if result.failed else "missing", *[NO_VALUE] * (len(columns) - 1)]


def _time_cells(result: ContenderResult, reference: ContenderResult | None, _: int) -> list[str]:
    return [
        f"{median(result.wall) * 1e6:.1f}",
        _format_ratio(time_ratio, result, reference),
        f"{median(result.processor) * 1e6:.1f}",
        _format_ratio(processor_ratio, result, reference),
    ]


def _call_rate_cells(result: ContenderResult, reference: ContenderResult | None, _: int) -> list[str]:
    return [
        f"{1 / median(result.wall):,.0f}",
        _format_speed(result, reference),
        f"{median(result.processor) * 1e6:.1f}",
        _format_ratio(processor_ratio, result, reference),
    ]


def _transfer_cells(result: ContenderResult, reference: ContenderResult | None, file_size: int) -> list[str]:
    return [
        f"{file_size / median(result.wall) / 1e6:,.0f}",
        _format_speed(result, reference),
        f"{median(result.processor):.3f}",
        _format_memory(result),
    ]


def _startup_cells(result: ContenderResult, reference: ContenderResult | None, _: int) -> list[str]:
    first_call = [total - imported for total, imported in zip(result.wall, result.imported, strict=True)]
    milliseconds = [f"{median(seconds) * 1e3:.1f}" for seconds in (result.imported, first_call, result.wall)]
    ratio = _format_ratio(time_ratio, result, reference)
    return [*milliseconds, ratio, str(result.modules), _format_memory(result)]


def _format_ratio(
    ratio: Callable[[ContenderResult, ContenderResult], float],
    result: ContenderResult,
    reference: ContenderResult | None,
) -> str:
    return NO_VALUE if reference is None else f"{ratio(result, reference):.2f}"


def _format_speed(result: ContenderResult, reference: ContenderResult | None) -> str:
    return NO_VALUE if reference is None else f"{time_ratio(reference, result):.2f}"


def _format_memory(result: ContenderResult) -> str:
    return NO_VALUE if result.memory is None else f"{result.memory / MEGABYTE:.1f}"


Cells = Callable[[ContenderResult, ContenderResult | None, int], list[str]]

COLUMNS: dict[Unit, tuple[tuple[str, ...], Cells]] = {
    "time per call": (
        ("µs per call", "× {reference}", "processor, µs", "× {reference}"),
        _time_cells,
    ),
    "calls per second": (
        ("calls per second", "× {reference}", "processor, µs per call", "× {reference}"),
        _call_rate_cells,
    ),
    "bytes per second": (
        ("MB per second", "× {reference}", "processor, s", "memory growth, MB"),
        _transfer_cells,
    ),
    "startup": (
        ("import, ms", "first call, ms", "total, ms", "× {reference}", "modules", "peak memory, MB"),
        _startup_cells,
    ),
}


def _render_table(headings: Sequence[str], body: Sequence[Sequence[str]], *, numbers: int) -> str:
    """Render a table whose last columns, as many as `numbers`, are aligned to the right."""
    widths = [max(3, *map(len, column)) for column in zip(headings, *body, strict=True)]
    texts = len(headings) - numbers
    rule = ["-" * (width - 1) + (":" if column >= texts else "-") for column, width in enumerate(widths)]
    rows = [
        [
            cell.rjust(width) if column >= texts else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in (headings, rule, *body)
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def render_json(facts: dict[str, Any], results: Sequence[WorkloadResult]) -> str:
    return json.dumps({**facts, "workloads": [_workload_data(result) for result in results]}, indent=1)


def _workload_data(result: WorkloadResult) -> dict[str, Any]:
    workload, contenders = result.workload, result.contenders
    reference = find(contenders, workload.reference)
    return {
        "workload": workload.name,
        "title": workload.title,
        "reference": workload.reference,
        "file_bytes": result.file_size if workload.unit == "bytes per second" else None,
        "contenders": [_contender_data(each, reference) for each in rank(contenders)],
        "targets": [dataclasses.asdict(each) for each in evaluate_targets(workload.name, contenders)],
    }


def _contender_data(result: ContenderResult, reference: ContenderResult | None) -> dict[str, Any]:
    return {
        "contender": result.contender.name,
        "seconds": median(result.wall) if result.measured else None,
        "processor_seconds": median(result.processor) if result.measured and result.processor else None,
        "reference_ratio": time_ratio(result, reference) if result.measured and reference else None,
        "memory_bytes": result.memory,
        "modules": result.modules,
        "missing": result.missing,
        "failed": result.failed,
        "rounds": {"seconds": result.wall, "processor": result.processor, "import": result.imported},
    }
