"""The report as one HTML page that needs no network."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from vision_ai_translations import Language, translate_key

from .charts import draw_days, draw_latencies, draw_reliability
from .figure_data import (
    ChangeFigures,
    ChangeSummary,
    Comparison,
    Figures,
    HeatMap,
    Rate,
    SourceFigures,
    TeachAdvice,
)

SECTIONS = ("hits", "confusions", "teach", "scores", "speed", "changes")
FEW = 20
"""Of fewer trials the count is shown and no percentage: 3 of 4 is not 75 %."""
MAX_ROWS = 200
"""The page shows no more rows of a table, so that it stays small."""
MAX_NAME = 60
"""Characters of a name."""
MAX_NAMED = 5
"""Products of a teaching session that are named."""

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What a browser would not show as it is: control characters, directions of text, lone surrogates."""


def render_page(figures: Figures, language: Language = "en", made: datetime | None = None) -> str:
    """Render the page of a report.

    Args:
        figures: See `make_figures`.
        language: Of the page. Names of products stay as they are.
        made: The time that the page names; now by default.
    """
    formats = Formats(language)
    return _load_template().render(_make_context(figures, formats, made or datetime.now().astimezone()))


@cache
def _load_template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2")


def shorten(text: str, limit: int = MAX_NAME) -> str:
    """Return a text that fits into a table and changes nothing around it."""
    text = _UNSAFE.sub("\ufffd", text[: limit + 1])
    return text if len(text) <= limit else text[: limit - 1] + "…"


class Formats:
    """Texts and numbers in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def get_text(self, code: str, **values: object) -> str:
        """Return the text for a code."""
        return translate_key("report", code, self.language, **values)

    def format_number(self, value: float, decimals: int) -> str:
        """Format a number with the decimal sign of the language."""
        text = f"{value:.{decimals}f}"
        return text.replace(".", ",") if self.language == "ru" else text

    def format_count(self, value: int) -> str:
        """Format a number of things, with groups of three digits."""
        return f"{value:,}" if self.language != "ru" else f"{value:,}".replace(",", "\u202f")

    def format_percent(self, value: float, decimals: int) -> str:
        """Format a share."""
        return self.format_number(value * 100, decimals) + ("\u00a0%" if self.language == "ru" else "%")

    def format_share(self, rate: Rate) -> str:
        """Format a share, as a count where it says little."""
        if rate.share is None:
            return "–"
        if is_few(rate):
            return self.get_text("few", count=rate.count, total=rate.total)
        return self.format_percent(rate.share, get_decimals(rate))

    def format_interval(self, rate: Rate) -> str:
        """Format the interval of a share."""
        if not rate.total:
            return ""
        decimals = get_decimals(rate)
        low = self.format_number(rate.low * 100, decimals)
        return f"{low}–{self.format_percent(rate.high, decimals)}"

    def format_seconds(self, value: float | None) -> str:
        """Format a latency."""
        return "–" if value is None else self.get_text("seconds", value=self.format_number(value, 2))

    def format_difference(self, value: Comparison) -> str:
        """Format a difference of two shares, in percentage points, with its interval."""
        if value.difference is None or value.low is None or value.high is None:
            return "–"
        difference, low, high = (
            ("−" if each < 0 else "+") + self.format_number(abs(each) * 100, 1)
            for each in (value.difference, value.low, value.high)
        )
        return f"{self.get_text('points', value=difference)} ({low} … {high})"

    def format_duration(self, seconds: float) -> str:
        """Format a long time."""
        if seconds >= 3600:
            return self.get_text("hours", value=self.format_number(seconds / 3600, 1))
        return self.get_text("minutes", value=self.format_number(seconds / 60, 1))


def is_few(rate: Rate) -> bool:
    """Return whether a rate comes from so few trials that a percentage would mislead."""
    return rate.total < FEW


def get_decimals(rate: Rate) -> int:
    """Return how many decimals of the percentage mean anything."""
    return 1 if rate.high - rate.low < 0.05 else 0


def _make_context(figures: Figures, formats: Formats, made: datetime) -> dict[str, Any]:
    text = formats.get_text
    return {
        "figures": figures,
        "language": formats.language,
        "style": Markup((Path(__file__).parent / "style.css").read_text(encoding="utf-8")),
        "t": text,
        "sections": SECTIONS,
        "period": text("period", since=figures.since, until=figures.until),
        "made": made.strftime("%Y-%m-%d %H:%M"),
        "problems": [_shorten_path(each) for each in figures.problems[:MAX_ROWS]],
        "days": figures.days[::-1][:MAX_ROWS],
        "products": figures.products[:MAX_ROWS],
        "stores": figures.stores[:MAX_ROWS],
        "modules": figures.modules[:MAX_ROWS],
        "engines": figures.engines[:MAX_ROWS],
        "teach": figures.teach[:30],
        "unconfirmed": figures.unconfirmed[:50],
        "summaries": figures.change_summaries[:MAX_ROWS],
        "changes": figures.changes[:50],
        "heat_names": [
            shorten(name or id, 24)
            for id, name in zip(figures.heat_map.ids, figures.heat_map.names, strict=True)
        ],
        "heat_rows": _make_heat_rows(figures.heat_map),
        "charts": _draw_charts(figures, formats),
        "automatic": _describe_automatic(figures, formats),
        "time_saved": text(
            "time.text",
            share=formats.format_share(figures.time.one_press),
            seconds=formats.format_number(figures.time.seconds_per_search, 1),
            saved=formats.format_duration(figures.time.seconds_saved),
        ),
        "is_few": is_few,
        "short": shorten,
        "product_name": _get_product_name,
        "teach_reason": partial(_describe_reason, formats=formats),
        "change_title": partial(_describe_change, text=text),
        "format_share": formats.format_share,
        "format_interval": formats.format_interval,
        "format_count": formats.format_count,
        "format_number": formats.format_number,
        "format_seconds": formats.format_seconds,
        "format_difference": formats.format_difference,
    }


def _get_product_name(name: str | None, id: str) -> str:
    return shorten(name or id)


def _shorten_path(source: SourceFigures) -> SourceFigures:
    return replace(source, path=shorten(source.path, 200))


def _draw_charts(figures: Figures, formats: Formats) -> dict[str, Markup | None]:
    text = formats.get_text
    charts: dict[str, str | None] = {
        "days": draw_days(figures.days, text("chart.days")) if figures.overall.weighings else None,
        "reliability": draw_reliability(
            figures.reliability, text("chart.scores"), text("score"), text("right"), text("ideal")
        )
        if figures.overall.weighings
        else None,
        "latencies": draw_latencies(
            figures.days, text("chart.latency"), text("median"), text("p95"), formats.format_seconds
        )
        if figures.latency.count
        else None,
    }
    # Drawn from numbers and texts of this package; the label is escaped.
    return {name: None if svg is None else Markup(svg) for name, svg in charts.items()}


def _make_heat_rows(heat_map: HeatMap) -> list[list[dict[str, object]]]:
    """Make the cells of the heat map: a cell is the darker, the larger its share of the row is."""
    rows: list[list[dict[str, object]]] = []
    for position, (counts, other) in enumerate(zip(heat_map.counts, heat_map.others, strict=True)):
        total = sum(counts) + other
        rows.append(
            [
                {
                    "count": count,
                    "kind": "right" if column == position else "wrong" if count else "",
                    "heat": 0 if column == position or not count else round(12 + 78 * count / total),
                }
                for column, count in enumerate((*counts, other))
            ]
        )
    return rows


def _describe_automatic(figures: Figures, formats: Formats) -> str:
    automatic = figures.automatic
    target = formats.format_percent(automatic.target, 0)
    if automatic.score is None:
        code = "automatic.never_right" if automatic.state == "never_right" else "automatic.none"
        return formats.get_text(code, target=target)
    return formats.get_text(
        f"automatic.{automatic.state}",
        score=formats.format_number(automatic.score, 3),
        target=target,
        count=formats.format_count(automatic.right.count),
        total=formats.format_count(automatic.right.total),
        low=formats.format_percent(automatic.right.low, 1),
        high=formats.format_percent(automatic.right.high, 1),
        covered=formats.format_share(automatic.covered),
    )


def _describe_reason(advice: TeachAdvice, formats: Formats) -> str:
    return formats.get_text(
        f"reason.{advice.reason}",
        count=formats.format_count(advice.rate.count),
        total=formats.format_count(advice.rate.total),
        other=isolate(shorten(advice.taken_for_name or advice.taken_for or "")),
    )


def _describe_change(change: ChangeFigures | ChangeSummary, text: Callable[..., str]) -> str:
    if change.engines is not None:
        before, after = (isolate(shorten(each, 30)) for each in change.engines)
        return text("change.engine", before=before, after=after)
    if change.kind == "taught":
        if isinstance(change, ChangeSummary):
            return text("change.taught_all")
        names = [
            isolate(shorten(name or id, 30))
            for id, name in zip(change.products[:MAX_NAMED], change.product_names, strict=False)
        ]
        more = [f"+{len(change.products) - MAX_NAMED}"] if len(change.products) > MAX_NAMED else []
        return text("change.taught", products=", ".join([*names, *more]))
    return text("change.restored")


def isolate(name: str) -> str:
    """Keep a name from changing the direction of the sentence around it."""
    return f"\u2068{name}\u2069"
