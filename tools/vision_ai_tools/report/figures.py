"""Sums → figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from .change_figures import make_change_summaries, make_changes
from .figure_data import (
    FORMAT,
    AutomaticFigures,
    Confusion,
    DayFigures,
    Figures,
    HeatMap,
    Hits,
    Latency,
    ModuleFigures,
    ProductFigures,
    Rate,
    ScaleFigures,
    ScoreBin,
    SourceFigures,
    StoreFigures,
    TeachAdvice,
    TimeFigures,
    UnconfirmedProduct,
)
from .sums import BINS, Sums

AUTOMATIC_TARGET = 0.99
SECONDS_PER_SEARCH = 3.0
"""Seconds that finding a product by hand takes longer than one press. An assumption: a till's own measure is better."""
TOLERATED_ERRORS = 0.05
"""A product is to be taught again if it is wrong more often than this, beyond chance."""
MIN_ERRORS = 3
"""So many weighings of a product have to be wrong before it is to be taught again."""
MAX_CONFUSIONS = 50
HEAT_MAP_SIZE = 12
SCORE_BINS = 10

Places = Mapping[int | None, int]
Key = TypeVar("Key")


def make_figures(sums: Sums, *, seconds_per_search: float = SECONDS_PER_SEARCH) -> Figures:
    """Make the figures of journals.

    Args:
        sums: See `aggregate`.
        seconds_per_search: What finding a product by hand takes longer than one press, in seconds.
    """
    names = {id: name for id, (name, _) in sums.names.items()}
    places: Counter[int | None] = Counter()
    for (_, place), count in sums.days.items():
        places[place] += count
    overall = make_hits(places)
    days = sorted({day for day, _ in sums.days} | {day for day, _ in sums.events})
    used_days = sorted({day for day, _ in sums.days})
    return Figures(
        format=FORMAT,
        since=_format_day(used_days[0]) if used_days else None,
        until=_format_day(used_days[-1]) if used_days else None,
        journals=sum(each.problem is None for each in sums.sources),
        problems=tuple(
            SourceFigures(each.path, each.problem, each.detail, each.skipped)
            for each in sums.sources
            if each.problem is not None or each.skipped
        ),
        recognitions=places.total(),
        confirmed=Rate.of(overall.weighings, places.total()),
        overall=overall,
        days=_make_days(sums, days),
        products=_make_products(sums, names),
        modules=_make_modules(sums, lambda module: module.serial_number),
        engines=_make_modules(sums, lambda module: module.engine),
        stores=_make_stores(sums),
        scales=_make_scales(sums),
        confusions=_make_confusions(sums, names),
        heat_map=_make_heat_map(sums, names),
        teach=_make_teach_advice(sums, names),
        unconfirmed=_make_unconfirmed(sums, names),
        reliability=_make_reliability(sums),
        automatic=make_automatic(sums, AUTOMATIC_TARGET),
        latency=_make_latency(_sum_by(sums.latencies, 1)),
        connections_lost=_count_events(sums, "connection_lost"),
        device_errors=_count_events(sums, "device_error"),
        restarts=_count_events(sums, "restarted"),
        time=TimeFigures(overall.first, seconds_per_search, overall.first.count * seconds_per_search),
        changes=make_changes(sums, names),
        change_summaries=make_change_summaries(sums),
    )


def make_hits(places: Places) -> Hits:
    """Make the hits of recognitions by place. Those without a confirmed product do not count."""
    counts = {place: count for place, count in places.items() if place is not None}
    weighings = sum(counts.values())

    def rate(low: int, high: int) -> Rate:
        return Rate.of(sum(count for place, count in counts.items() if low <= place <= high), weighings)

    return Hits(weighings, rate(1, 1), rate(1, 3), rate(1, 5), rate(0, 0))


def _group(counts: Mapping[tuple[Key, Any], int]) -> dict[Key, Counter[Any]]:
    """Return counts by pairs as counters of the second, by the first."""
    result: defaultdict[Key, Counter[Any]] = defaultdict(Counter)
    for (first, second), count in counts.items():
        result[first][second] += count
    return result


def _sum_by(counts: Mapping[tuple[Any, Any], int], part: int) -> Counter[Any]:
    result: Counter[Any] = Counter()
    for key, count in counts.items():
        result[key[part]] += count
    return result


def _format_day(day: int) -> str:
    return date.fromordinal(date(1970, 1, 1).toordinal() + day).isoformat()


def _count_events(sums: Sums, kind: str) -> int:
    return sum(count for (_, each), count in sums.events.items() if each == kind)


def _make_days(sums: Sums, days: Iterable[int]) -> tuple[DayFigures, ...]:
    places = _group(sums.days)
    latencies = _group(sums.latencies)
    return tuple(
        DayFigures(
            _format_day(day),
            places[day].total(),
            make_hits(places[day]),
            _make_latency(latencies[day]),
            sums.events[day, "connection_lost"],
            sums.events[day, "device_error"],
        )
        for day in days
    )


def _make_latency(milliseconds: Mapping[int | None, int]) -> Latency:
    counts = sorted((each, count) for each, count in milliseconds.items() if each is not None)
    total = sum(count for _, count in counts)

    def get_percentile(share: float) -> float | None:
        """Return the smallest value that at least this share does not exceed."""
        seen = 0
        for value, count in counts:
            seen += count
            if seen >= share * total:
                return value / 1000
        return None

    return Latency(total, get_percentile(0.5), get_percentile(0.95))


def _make_products(sums: Sums, names: Mapping[str, str]) -> tuple[ProductFigures, ...]:
    products = [
        ProductFigures(id, names.get(id), make_hits(places)) for id, places in _group(sums.products).items()
    ]
    return tuple(sorted(products, key=lambda each: (-each.hits.weighings, each.id)))


def _make_modules(sums: Sums, get_name: Callable[[Any], str | None]) -> tuple[ModuleFigures, ...]:
    places: defaultdict[str | None, Counter[int | None]] = defaultdict(Counter)
    for (module, place), count in sums.modules.items():
        places[get_name(module)][place] += count
    modules = [ModuleFigures(name, each.total(), make_hits(each)) for name, each in places.items()]
    return tuple(sorted(modules, key=lambda each: (each.name is None, each.name or "")))


def _make_stores(sums: Sums) -> tuple[StoreFigures, ...]:
    places: defaultdict[str, Counter[int | None]] = defaultdict(Counter)
    for ((store, _), place), count in sums.scales.items():
        places[store][place] += count
    stores = [StoreFigures(store, each.total(), make_hits(each)) for store, each in places.items()]
    return tuple(sorted(stores, key=lambda each: (each.hits.first.high, each.store)))


def _make_scales(sums: Sums) -> tuple[ScaleFigures, ...]:
    scales = [
        ScaleFigures(*scale, each.total(), make_hits(each)) for scale, each in _group(sums.scales).items()
    ]
    return tuple(sorted(scales, key=lambda each: (each.hits.first.high, each.store, each.scale)))


def _make_confusions(sums: Sums, names: Mapping[str, str]) -> tuple[Confusion, ...]:
    weighings = _sum_by(sums.products, 0)
    worst = sorted(sums.confusions.items(), key=lambda each: (-each[1], each[0]))[:MAX_CONFUSIONS]
    return tuple(
        Confusion(id, names.get(id), other, names.get(other), Rate.of(count, weighings[id]))
        for (id, other), count in worst
    )


def _make_heat_map(sums: Sums, names: Mapping[str, str]) -> HeatMap:
    involved: Counter[str] = Counter()
    for (id, other), count in sums.confusions.items():
        involved[id] += count
        involved[other] += count
    chosen = [id for id, _ in sorted(involved.items(), key=lambda each: (-each[1], each[0]))][:HEAT_MAP_SIZE]
    ids = tuple(sorted(chosen))
    weighings = _sum_by(sums.products, 0)
    counts = tuple(
        tuple(sums.products[id, 1] if id == other else sums.confusions[id, other] for other in ids)
        for id in ids
    )
    return HeatMap(
        ids,
        tuple(names.get(id) for id in ids),
        counts,
        tuple(weighings[id] - sum(row) for id, row in zip(ids, counts, strict=True)),
    )


def _make_teach_advice(sums: Sums, names: Mapping[str, str]) -> tuple[TeachAdvice, ...]:
    confusions = _group(sums.confusions)
    ranked: list[tuple[float, TeachAdvice]] = []
    for id, places in _group(sums.products).items():
        hits = make_hits(places)
        wrong = Rate.of(hits.weighings - hits.first.count, hits.weighings)
        if wrong.count < MIN_ERRORS or wrong.low <= TOLERATED_ERRORS:
            continue
        others = sorted(confusions[id].items(), key=lambda each: (-each[1], each[0]))
        other, count = others[0] if others else (None, 0)
        if 2 * hits.absent.count >= wrong.count:
            reason, rate = "absent", hits.absent
        elif 2 * count >= wrong.count:
            reason, rate = "confused", Rate.of(count, hits.weighings)
        else:
            reason, rate = "low", wrong
        other_name = None if other is None else names.get(other)
        advice = TeachAdvice(id, names.get(id), reason, hits, rate, other, other_name)
        # What teaching saves at least: the errors that are not chance.
        ranked.append((-wrong.low * hits.weighings, advice))
    return tuple(advice for _, advice in sorted(ranked, key=lambda each: (each[0], each[1].id)))


def _make_unconfirmed(sums: Sums, names: Mapping[str, str]) -> tuple[UnconfirmedProduct, ...]:
    confirmed = {id for id, _ in sums.products}
    products = [
        UnconfirmedProduct(id, names.get(id), count)
        for id, count in sums.best_guesses.items()
        if id not in confirmed
    ]
    return tuple(sorted(products, key=lambda each: (-each.recognitions, each.id)))


def _make_reliability(sums: Sums) -> tuple[ScoreBin, ...]:
    step = BINS // SCORE_BINS
    guesses: Counter[int] = Counter()
    right: Counter[int] = Counter()
    for counts, total in ((sums.scores, guesses), (sums.first_scores, right), (sums.later_scores, right)):
        for score, count in counts.items():
            total[min(max(score // step, 0), SCORE_BINS - 1)] += count
    return tuple(
        ScoreBin(each / SCORE_BINS, (each + 1) / SCORE_BINS, Rate.of(right[each], guesses[each]))
        for each in range(SCORE_BINS)
    )


def make_automatic(sums: Sums, target: float) -> AutomaticFigures:
    """Find the lowest score of the best guess from which it is right often enough, beyond chance."""
    weighings = sum(sums.products.values())
    scores = sorted({*sums.first_scores, *sums.wrong_scores}, reverse=True)
    right = total = 0
    found: tuple[int, Rate] | None = None
    candidate: tuple[int, Rate] | None = None
    for score in scores:
        right += sums.first_scores[score]
        total += sums.first_scores[score] + sums.wrong_scores[score]
        rate = Rate.of(right, total)
        if rate.low >= target:
            found = score, rate
        if right >= target * total:
            candidate = score, rate
    chosen = found or candidate
    if chosen is None:
        return AutomaticFigures(
            target, "never_right" if weighings else "too_few", None, Rate.of(0, 0), Rate.of(0, weighings)
        )
    score, rate = chosen
    return AutomaticFigures(
        target, "found" if found else "too_few", score / BINS, rate, Rate.of(rate.total, weighings)
    )
