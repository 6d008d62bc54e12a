"""The report finds what is known of a simulated till."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from shared_journal import NAMES, NEVER_SOLD, NEVER_TAUGHT, TAUGHT, SimulatedTill

from vision_ai_tools.report.aggregate import aggregate
from vision_ai_tools.report.figure_data import Figures, Rate
from vision_ai_tools.report.figures import make_figures
from vision_ai_tools.report.intervals import get_wilson_interval

TILL = SimulatedTill(seed=1, days=24)


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    path = tmp_path_factory.mktemp("till") / "recognitions.db"
    TILL.write(path)
    return make_figures(aggregate([path]))


def check_intervals(rates: Iterable[tuple[Rate, float]]) -> None:
    """Check that intervals hold the true shares: 95 of 100 of those reported, and each of the wider ones."""
    pairs = list(rates)
    assert all(rate.total > 20 for rate, _ in pairs)
    found = [rate.low <= truth <= rate.high for rate, truth in pairs]
    assert sum(found) >= 0.8 * len(found), pairs
    for rate, truth in pairs:
        low, high = get_wilson_interval(rate.count, rate.total, z=3.5)
        assert low <= truth <= high, (rate, truth)


def test_it_finds_the_errors(figures: Figures) -> None:
    products = {each.id: each.hits for each in figures.products}
    assert set(products) == set(NAMES) - {NEVER_SOLD}
    assert products[NEVER_TAUGHT].absent.share == 1
    others = set(products) - {TAUGHT, NEVER_TAUGHT}
    check_intervals(
        [
            *((products[id].first, 1 - TILL.errors[id]) for id in others),
            (figures.overall.absent, 0.02),
            (figures.confirmed, 1 - TILL.unconfirmed),
        ]
    )


def test_it_finds_the_confusions(figures: Figures) -> None:
    pairs = {(each.id, each.taken_for): each.rate for each in figures.confusions}
    # Three of four errors, and one of six of the others.
    other = 0.75 + 0.25 / 6
    check_intervals([(pairs["003", "004"], 0.25 * other), (pairs["002", "001"], 0.06 * other)])
    assert set(list(pairs)[:2]) == {("003", "004"), (TAUGHT, "001")}


def test_it_finds_what_to_teach_again_and_what_is_never_sold(figures: Figures) -> None:
    reasons = {each.id: (each.reason, each.taken_for) for each in figures.teach}
    assert reasons["003"] == ("confused", "004")
    assert reasons[NEVER_TAUGHT][0] == "absent"
    assert reasons[TAUGHT] == ("confused", "001")
    assert not {"001", "004", "006", "007"} & set(reasons)
    assert [each.id for each in figures.unconfirmed] == [NEVER_SOLD]


def test_it_finds_the_effect_of_the_lesson_and_none_of_the_engine(figures: Figures) -> None:
    effects = {each.kind: each for each in figures.changes}
    taught = effects["taught"].taught_products
    assert taught is not None
    check_intervals([(taught.before, 1 - TILL.errors[TAUGHT]), (taught.after, 1 - TILL.error_after_lesson)])
    assert taught.verdict == "better"
    assert taught.low is not None and taught.high is not None
    assert taught.low <= TILL.errors[TAUGHT] - TILL.error_after_lesson <= taught.high


def test_it_finds_the_scores_that_can_be_trusted(figures: Figures) -> None:
    # Right guesses have 0.75 to 1, wrong ones 0.4 to 0.9.
    assert figures.automatic.state == "found"
    assert figures.automatic.score is not None and 0.8 < figures.automatic.score <= 0.91
    assert figures.automatic.right.low >= 0.99


def test_it_finds_latencies_and_lost_connections(figures: Figures) -> None:
    first, last = figures.days[0].latency, figures.days[-1].latency
    assert first.median == pytest.approx(0.25, abs=0.02) and last.median == pytest.approx(0.225, abs=0.01)
    assert first.p95 == pytest.approx(0.295, abs=0.01)
    assert figures.connections_lost == 2


def test_the_standard_library_gives_the_same_sums(
    figures: Figures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vision_ai_tools.report.row_counter.decode_json", json.loads)
    path = tmp_path / "recognitions.db"
    TILL.write(path)
    without = make_figures(aggregate([path]))
    assert (without.products, without.reliability) == (figures.products, figures.reliability)
