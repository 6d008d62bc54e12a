"""The effect of changes: how often the right product came first before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from .figure_data import ChangeFigures, ChangeSummary, Comparison, Rate
from .intervals import get_difference_interval, get_p_value
from .sums import Change, ChangeKind, Hits, Sums

SIGNIFICANCE = 0.01
"""A difference that chance alone makes less often than this is more than chance."""
MIN_WEIGHINGS = 10
"""With fewer weighings on one side, nothing is said about a difference."""
MAX_CHANGES = 100
"""Only the newest changes are listed. The summaries count all."""


def make_changes(sums: Sums, names: Mapping[str, str]) -> tuple[ChangeFigures, ...]:
    """Make the figures of the newest changes, the newest first."""
    newest = sorted(sums.changes, key=lambda each: each.time, reverse=True)[:MAX_CHANGES]
    return tuple(
        ChangeFigures(
            each.kind,
            each.serial_number,
            _format_time(each),
            each.products,
            tuple(names.get(id) for id in each.products),
            each.engines,
            compare(each.before, each.after),
            compare(each.products_before, each.products_after) if each.kind == "taught" else None,
        )
        for each in newest
    )


def make_change_summaries(sums: Sums) -> tuple[ChangeSummary, ...]:
    """Make the figures of all changes of each kind together."""
    groups: defaultdict[tuple[ChangeKind, tuple[str, str] | None], list[Change]] = defaultdict(list)
    for change in sums.changes:
        groups[change.kind, change.engines].append(change)
    summaries: list[ChangeSummary] = []
    for (kind, engines), changes in sorted(groups.items(), key=lambda each: (each[0][0], each[0][1] or ())):
        if kind == "taught":
            before = _add([each.products_before for each in changes])
            after = _add([each.products_after for each in changes])
        else:
            before, after = _add([each.before for each in changes]), _add([each.after for each in changes])
        summaries.append(ChangeSummary(kind, engines, len(changes), compare(before, after)))
    return tuple(summaries)


def compare(before: Hits, after: Hits) -> Comparison:
    """Compare how often the right product came first."""
    first, second = Rate.of(*before), Rate.of(*after)
    if not first.total or not second.total:
        return Comparison(first, second, None, None, None, None, "too_few")
    difference = after[0] / after[1] - before[0] / before[1]
    low, high = get_difference_interval(before, after)
    p_value = get_p_value(before, after)
    if min(first.total, second.total) < MIN_WEIGHINGS:
        verdict = "too_few"
    elif p_value >= SIGNIFICANCE:
        verdict = "chance"
    else:
        verdict = "better" if difference > 0 else "worse"
    return Comparison(first, second, difference, low, high, p_value, verdict)


def _add(hits: list[Hits]) -> Hits:
    return sum(first for first, _ in hits), sum(total for _, total in hits)


def _format_time(change: Change) -> str:
    zone = timezone(timedelta(seconds=change.utc_offset))
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=change.time)
    return moment.astimezone(zone).isoformat(timespec="seconds")
