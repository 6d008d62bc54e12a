"""The figures as CSV: one table for each section of the page."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from .figure_data import Comparison, Figures, Hits, Rate

_RATE = ("count", "total", "share", "low", "high")
_HITS = (
    "weighings",
    *(
        f"{name}_{part}"
        for name in ("first", "first3", "first5", "absent")
        for part in _RATE
        if part != "total"
    ),
)
_COMPARISON = (
    *(f"before_{part}" for part in _RATE),
    *(f"after_{part}" for part in _RATE),
    *("difference", "difference_low", "difference_high", "p_value", "verdict"),
)


def make_tables(figures: Figures) -> dict[str, str]:
    """Return the CSV text of each table by its name. The columns are those of --json, and never translated."""
    return _make_tables(figures) | (_make_store_tables(figures) if figures.stores else {})


def _make_store_tables(figures: Figures) -> dict[str, str]:
    return {
        "stores": _make_csv(
            ("store", "recognitions", *_HITS),
            ((each.store, each.recognitions, *_get_hits(each.hits)) for each in figures.stores),
        ),
        "scales": _make_csv(
            ("store", "scale", "recognitions", *_HITS),
            ((each.store, each.scale, each.recognitions, *_get_hits(each.hits)) for each in figures.scales),
        ),
    }


def _make_tables(figures: Figures) -> dict[str, str]:
    return {
        "summary": _make_csv(
            ("since", "until", "journals", "recognitions", "confirmed", *_HITS, "one_press_seconds_saved"),
            [
                (
                    figures.since,
                    figures.until,
                    figures.journals,
                    figures.recognitions,
                    figures.confirmed.count,
                    *_get_hits(figures.overall),
                    figures.time.seconds_saved,
                )
            ],
        ),
        "days": _make_csv(
            (
                "day",
                "recognitions",
                *_HITS,
                "latency_median",
                "latency_p95",
                "connections_lost",
                "device_errors",
            ),
            (
                (
                    *(each.day, each.recognitions, *_get_hits(each.hits)),
                    *(each.latency.median, each.latency.p95, each.connections_lost, each.device_errors),
                )
                for each in figures.days
            ),
        ),
        "products": _make_csv(
            ("id", "name", *_HITS), ((each.id, each.name, *_get_hits(each.hits)) for each in figures.products)
        ),
        "modules": _make_csv(
            ("serial_number", "recognitions", *_HITS),
            ((each.name, each.recognitions, *_get_hits(each.hits)) for each in figures.modules),
        ),
        "engines": _make_csv(
            ("engine", "recognitions", *_HITS),
            ((each.name, each.recognitions, *_get_hits(each.hits)) for each in figures.engines),
        ),
        "confusions": _make_csv(
            ("id", "name", "taken_for", "taken_for_name", *_RATE),
            (
                (each.id, each.name, each.taken_for, each.taken_for_name, *_get_rate(each.rate))
                for each in figures.confusions
            ),
        ),
        "teach": _make_csv(
            ("id", "name", "reason", *_RATE, "taken_for", "taken_for_name", *_HITS),
            (
                (
                    *(each.id, each.name, each.reason, *_get_rate(each.rate)),
                    *(each.taken_for, each.taken_for_name, *_get_hits(each.hits)),
                )
                for each in figures.teach
            ),
        ),
        "unconfirmed": _make_csv(
            ("id", "name", "recognitions"),
            ((each.id, each.name, each.recognitions) for each in figures.unconfirmed),
        ),
        "reliability": _make_csv(
            ("score_low", "score_high", *_RATE),
            ((each.low, each.high, *_get_rate(each.right)) for each in figures.reliability),
        ),
        "automatic": _make_csv(
            ("target", "state", "score", *_RATE, *(f"covered_{part}" for part in _RATE)),
            [
                (
                    *(figures.automatic.target, figures.automatic.state, figures.automatic.score),
                    *(*_get_rate(figures.automatic.right), *_get_rate(figures.automatic.covered)),
                )
            ],
        ),
        "changes": _make_csv(
            (
                "time",
                "serial_number",
                "kind",
                "products",
                "engine_before",
                "engine_after",
                "of",
                *_COMPARISON,
            ),
            (
                (
                    *(each.time, each.serial_number, each.kind, " ".join(each.products)),
                    *(*(each.engines or (None, None)), scope, *_get_comparison(comparison)),
                )
                for each in figures.changes
                for scope, comparison in (("all", each.all_products), ("taught", each.taught_products))
                if comparison is not None
            ),
        ),
        "change_summaries": _make_csv(
            ("kind", "engine_before", "engine_after", "changes", *_COMPARISON),
            (
                (each.kind, *(each.engines or (None, None)), each.changes, *_get_comparison(each.comparison))
                for each in figures.change_summaries
            ),
        ),
        "problems": _make_csv(
            ("path", "problem", "detail", "skipped"),
            ((each.path, each.problem, each.detail, each.skipped) for each in figures.problems),
        ),
    }


def _get_rate(rate: Rate) -> tuple[object, ...]:
    return rate.count, rate.total, rate.share, rate.low, rate.high


def _get_hits(hits: Hits) -> tuple[object, ...]:
    rates = (hits.first, hits.first3, hits.first5, hits.absent)
    return hits.weighings, *(
        value for each in rates for value in (each.count, each.share, each.low, each.high)
    )


def _get_comparison(value: Comparison) -> tuple[object, ...]:
    numbers = (value.difference, value.low, value.high, value.p_value, value.verdict)
    return *_get_rate(value.before), *_get_rate(value.after), *numbers


def _make_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_make_cell(each) for each in row] for row in rows)
    return text.getvalue()


def _make_cell(value: object) -> object:
    """Return a value for a spreadsheet, which would run a text that looks like a formula."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, str):
        value = value.encode("utf-8", "replace").decode()
        return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
    return value
