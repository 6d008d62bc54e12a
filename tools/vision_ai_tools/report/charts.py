"""Pictures of the figures, as SVG for the page.

Matplotlib draws them. Their texts stay texts, so that the browser's fonts show them in any language, and their colors
become the page's CSS variables, so that they follow light and dark.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from io import StringIO
from typing import Any, cast
from zlib import crc32

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from .figure_data import DayFigures, ScoreBin

COLORS = {
    "#000001": "var(--text)",
    "#000002": "var(--muted)",
    "#000003": "var(--line)",
    "#000004": "var(--accent)",
    "#000005": "var(--accent-soft)",
    "#000006": "var(--second)",
    "#000007": "var(--surface)",
}
"""Colors that Matplotlib draws with, and what the page makes of them."""
TEXT, MUTED, LINE, ACCENT, SOFT, SECOND, SURFACE = COLORS
SIZES = {"narrow": (4.2, 2.7), "wide": (10.5, 3)}
"""Inches, in which the texts have a size that can be read on a phone and on a desktop."""
MAX_DAYS = 400
"""The chart of days shows no more; a module with a wrong clock would make it useless otherwise."""

_SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "vision-ai",
    "font.size": 9,
    "font.family": "sans-serif",
    "text.color": TEXT,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "figure.facecolor": "none",
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "date.autoformatter.day": "%m-%d",
}
_DATE_FORMATS = ["%Y", "%Y-%m", "%m-%d", "%m-%d", "%m-%d", "%m-%d"]


def draw_days(days: Sequence[DayFigures], label: str) -> str:
    """Draw the share of weighings in which the right product came first, by day, with its interval."""
    shown = [each for each in _get_newest(days) if each.hits.weighings]

    def draw(axes: Any) -> None:
        x = [date.fromisoformat(each.day) for each in shown]
        rates = [each.hits.first for each in shown]
        axes.fill_between(
            x, [each.low for each in rates], [each.high for each in rates], color=SOFT, linewidth=0
        )
        # An interval of one day has no width.
        axes.vlines(x, [each.low for each in rates], [each.high for each in rates], color=SOFT, linewidth=3)
        axes.plot(x, [each.share for each in rates], color=ACCENT, linewidth=1.6, **_get_markers(shown))
        axes.set_ylim(0, 1.02)
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        _set_days(axes)

    return _draw(draw, label, *SIZES)


def draw_latencies(
    days: Sequence[DayFigures],
    label: str,
    median: str,
    percentile: str,
    format_seconds: Callable[[float], str],
) -> str:
    """Draw the median and the 95th percentile of the latency by day, in seconds."""
    shown = [each for each in _get_newest(days) if each.latency.count]

    def format_tick(value: float, _: object) -> str:
        return format_seconds(value)

    def draw(axes: Any) -> None:
        x = [date.fromisoformat(each.day) for each in shown]
        style: dict[str, Any] = {"linewidth": 1.6, **_get_markers(shown)}
        axes.plot(x, [each.latency.p95 for each in shown], color=SECOND, label=percentile, **style)
        axes.plot(x, [each.latency.median for each in shown], color=ACCENT, label=median, **style)
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(format_tick)
        axes.legend(loc="lower left", ncols=2)
        _set_days(axes)

    return _draw(draw, label, *SIZES)


def draw_reliability(bins: Sequence[ScoreBin], label: str, score: str, right: str, ideal: str) -> str:
    """Draw how many guesses were right, by score, with intervals, beside the diagonal of honest scores."""
    shown = [each for each in bins if each.right.total]

    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=(0, (4, 3)), label=ideal)
        x = [(each.low + each.high) / 2 for each in shown]
        axes.vlines(
            x,
            [each.right.low for each in shown],
            [each.right.high for each in shown],
            color=SOFT,
            linewidth=7,
        )
        axes.plot(
            x, [each.right.share for each in shown], color=ACCENT, linewidth=1.6, marker="o", markersize=4
        )
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1.02)
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set_xticks([each / 5 for each in range(6)])
        axes.set_xlabel(score)
        axes.set_ylabel(right)
        axes.legend(loc="upper left")

    return _draw(draw, label, "narrow")


def _get_newest(days: Sequence[DayFigures]) -> Sequence[DayFigures]:
    if not days:
        return days
    last = date.fromisoformat(days[-1].day).toordinal()
    return [each for each in days if last - date.fromisoformat(each.day).toordinal() < MAX_DAYS]


def _get_markers(points: Sequence[object]) -> dict[str, Any]:
    return {"marker": "o", "markersize": 2.5} if len(points) <= 60 else {}


def _set_days(axes: Any) -> None:
    locator = AutoDateLocator(minticks=2, maxticks=5)
    axes.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(
        locator, formats=_DATE_FORMATS, zero_formats=_DATE_FORMATS, offset_formats=["", *_DATE_FORMATS[:5]]
    )
    axes.xaxis.set_major_formatter(formatter)
    axes.yaxis.set_major_locator(MaxNLocator(5))


def _draw(draw: Callable[[Any], None], label: str, *sizes: str) -> str:
    """Return a chart as SVG, in each of the sizes. `label` names it to those who cannot see it."""
    return "".join(_draw_size(draw, label, each if len(sizes) > 1 else "", SIZES[each]) for each in sizes)


def _draw_size(draw: Callable[[Any], None], label: str, name: str, size: tuple[float, float]) -> str:
    with cast("Any", mpl).rc_context(_SETTINGS), warnings.catch_warnings():
        # The texts are measured with a font that lacks Chinese; the browser has its own.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=size, layout="constrained")
        draw(cast("Any", figure).add_subplot())
        target = StringIO()
        cast("Any", FigureCanvasSVG(figure)).print_svg(target, metadata={"Date": None, "Creator": None})
    return _fit_into_page(target.getvalue(), label, name)


def _fit_into_page(svg: str, label: str, name: str) -> str:
    """Take what an SVG inside HTML needs, and give it the page's colors and fonts."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<style.*?</style>", "", svg, flags=re.DOTALL)  # it would apply to the whole page
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    for color, variable in COLORS.items():
        svg = svg.replace(color, variable)
    svg = re.sub(r"font-family: [^;\"]*", "font-family: var(--sans)", svg)
    # Ids have to differ between the charts of a page.
    prefix = f"c{crc32((name + label).encode()):x}"
    svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
    svg = re.sub(r'(xlink:href="#|url\(#)', rf"\1{prefix}-", svg)
    opening, rest = svg.split(">", 1)
    opening = re.sub(r'\s(?:width|height|xmlns(?::\w+)?|version)="[^"]*"', "", opening)
    return f'{opening} class="{f"chart {name}".strip()}" role="img" aria-label="{escape(label, quote=True)}">{rest}'
