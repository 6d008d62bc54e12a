"""The figures of small journals, counted by hand."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from shared_journal import START, JournalFile

from vision_ai_tools.report.aggregate import aggregate
from vision_ai_tools.report.figure_data import Figures, Rate
from vision_ai_tools.report.figures import make_figures

DAY = timedelta(days=1)
APPLE, PEAR, LEMON = ("001", 0.9), ("002", 0.5), ("003", 0.1)


def read(journal: JournalFile, **options: date) -> Figures:
    return make_figures(aggregate([journal.path], **options))


def count(rate: Rate) -> tuple[int, int]:
    return rate.count, rate.total


def test_places_of_the_right_product(journal: JournalFile) -> None:
    six = [(f"00{each}", 0.9 / each) for each in range(1, 7)]
    for choice in ("001", "001", "001", "002", "003", "004", "006", "777"):
        journal.add(six, choice)
    journal.add(six)
    journal.add([])
    figures = read(journal)
    hits = figures.overall
    assert (figures.recognitions, count(figures.confirmed)) == (10, (8, 10))
    assert hits.weighings == 8
    assert [count(each) for each in (hits.first, hits.first3, hits.first5, hits.absent)] == [
        (3, 8),
        (5, 8),
        (6, 8),
        (1, 8),
    ]
    assert (hits.first.share, hits.first.low, hits.first.high) == pytest.approx(
        (0.375, 0.1368, 0.6943), abs=1e-4
    )


def test_days_are_those_of_the_till(journal: JournalFile) -> None:
    journal.add([APPLE], "001", at=START.replace(hour=20, minute=59))  # 23:59 at the till
    journal.add([APPLE], "002", at=START.replace(hour=21))  # midnight at the till
    journal.add([APPLE], at=START + DAY)
    journal.add_event("connection_lost", at=START + DAY)
    journal.add_event("device_error", at=START + 2 * DAY)
    days = read(journal).days
    assert [(each.day, each.recognitions, count(each.hits.first)) for each in days] == [
        ("2026-10-01", 1, (1, 1)),
        ("2026-10-02", 2, (0, 1)),
        ("2026-10-03", 0, (0, 0)),
    ]
    assert [(each.connections_lost, each.device_errors) for each in days] == [(0, 0), (1, 0), (0, 1)]


def test_since_and_until_are_days_of_the_till(journal: JournalFile) -> None:
    for day in range(5):
        journal.add([APPLE], "001", at=START + day * DAY)
        journal.add_event("connection_lost", at=START + day * DAY)
    figures = read(journal, since=date(2026, 10, 2), until=date(2026, 10, 4))
    assert (figures.since, figures.until, figures.recognitions) == ("2026-10-02", "2026-10-04", 3)
    assert figures.connections_lost == 3


def test_products_modules_and_engines(journal: JournalFile) -> None:
    journal.add_device(2, "12345678", "1.3.0")
    journal.add_device(3, "99999999", "1.3.0")
    journal.add_product("001", "Apple")
    journal.add([APPLE, PEAR], "001", device=1)
    journal.add([APPLE, PEAR], "002", device=2)
    journal.add([APPLE, PEAR], "002", device=3)
    journal.add([APPLE, PEAR], "001", device=None)
    figures = read(journal)
    assert [(each.id, each.name, count(each.hits.first)) for each in figures.products] == [
        ("001", "Apple", (2, 2)),
        ("002", None, (0, 2)),
    ]
    assert [(each.name, count(each.hits.first)) for each in figures.modules] == [
        ("12345678", (1, 2)),
        ("99999999", (0, 1)),
        (None, (1, 1)),
    ]
    assert [(each.name, count(each.hits.first)) for each in figures.engines] == [
        ("1.2.0", (1, 1)),
        ("1.3.0", (0, 2)),
        (None, (1, 1)),
    ]


def test_confusions_and_their_map(journal: JournalFile) -> None:
    for choice, times in (("001", 4), ("002", 3), ("777", 1)):
        for _ in range(times):
            journal.add([APPLE, PEAR], choice)
    journal.add([PEAR, APPLE], "001")
    journal.add([], "001")
    figures = read(journal)
    assert [(each.id, each.taken_for, count(each.rate)) for each in figures.confusions] == [
        ("002", "001", (3, 3)),
        ("001", "002", (1, 6)),
        ("777", "001", (1, 1)),
    ]
    assert figures.heat_map.ids == ("001", "002", "777")
    assert figures.heat_map.counts == ((4, 1, 0), (3, 0, 0), (1, 0, 0))
    assert figures.heat_map.others == (1, 0, 0)


def test_products_to_teach_again_and_why(journal: JournalFile) -> None:
    fruits = [("001", 0.9), ("002", 0.5), ("003", 0.1), ("004", 0.05)]
    for _ in range(8):
        journal.add(fruits, "777")  # the module does not know it
    for _ in range(6):
        journal.add(fruits, "002")  # taken for 001
    for best in ("001", "002", "004", "001", "002", "004"):
        journal.add([(best, 0.5), ("003", 0.4)], "003")  # taken for anything
    for _ in range(2):
        journal.add(fruits, "004")  # too few to say
    for _ in range(300):
        journal.add(fruits, "001")
    for _ in range(10):
        journal.add([PEAR, APPLE], "001")  # wrong, but rarely
    teach = read(journal).teach
    assert [(each.id, each.reason, count(each.rate)) for each in teach] == [
        ("777", "absent", (8, 8)),
        ("002", "confused", (6, 6)),
        ("003", "low", (6, 6)),
    ]
    assert teach[1].taken_for == "001"


def test_products_that_are_recognized_but_never_confirmed(journal: JournalFile) -> None:
    journal.add([PEAR, APPLE], "001")
    journal.add([PEAR])
    journal.add([APPLE])
    journal.add([LEMON])
    assert [(each.id, each.recognitions) for each in read(journal).unconfirmed] == [("002", 2), ("003", 1)]


def test_reliability_counts_all_guesses_of_weighings(journal: JournalFile) -> None:
    journal.add([("001", 0.85), ("002", 0.1), ("003", 0.0999)], "001")
    journal.add([("001", 0.8), ("002", 0.29)], "002")  # 0.29 * 100 is a little under 29
    journal.add([("001", 1.0)], "001")
    journal.add([("001", 0.85)])
    bins = {round(each.low, 1): count(each.right) for each in read(journal).reliability}
    assert bins == {
        0.0: (0, 1),
        0.1: (0, 1),
        0.2: (1, 1),
        0.3: (0, 0),
        0.4: (0, 0),
        0.5: (0, 0),
        0.6: (0, 0),
        0.7: (0, 0),
        0.8: (1, 2),
        0.9: (1, 1),
    }


def test_the_score_to_act_on_needs_381_weighings_without_an_error(journal: JournalFile) -> None:
    assert read(journal).automatic.state == "too_few"
    for _ in range(380):
        journal.add([("001", 0.95)], "001")
    journal.add([("001", 0.6)], "002")
    automatic = read(journal).automatic
    assert (automatic.state, automatic.score, count(automatic.right)) == ("too_few", 0.6, (380, 381))
    journal.add([("001", 0.95)], "001")
    automatic = read(journal).automatic
    assert (automatic.state, automatic.score, count(automatic.right)) == ("found", 0.95, (381, 381))
    assert count(automatic.covered) == (381, 382)


def test_no_score_to_act_on_if_the_best_guesses_are_wrong(journal: JournalFile) -> None:
    journal.add([("001", 0.99)], "002")
    assert read(journal).automatic.state == "never_right"


def test_latencies_are_percentiles_in_seconds(journal: JournalFile) -> None:
    for milliseconds in range(1, 101):
        journal.add([APPLE], latency=milliseconds / 1000)
    journal.add([APPLE], latency=None)
    latency = read(journal).latency
    assert (latency.count, latency.median, latency.p95) == (100, 0.05, 0.095)


def test_time_saved_by_one_press(journal: JournalFile) -> None:
    for choice in ("001", "001", "002"):
        journal.add([APPLE, PEAR], choice)
    sums = aggregate([journal.path])
    time = make_figures(sums, seconds_per_search=2.5).time
    assert (count(time.one_press), time.seconds_saved) == ((2, 3), 5.0)


def test_the_effect_of_a_restore(journal: JournalFile) -> None:
    for number in range(30):
        journal.add([APPLE, PEAR], "001" if number < 10 else "002", at=START + number * timedelta(hours=1))
    restored = START + 3 * DAY
    journal.add_event("restored", at=restored)
    journal.add([APPLE], "001", at=restored)  # at the same moment: after
    for number in range(30):
        journal.add([APPLE], "001", at=restored + number * timedelta(hours=1))
    journal.add([APPLE], "002", at=restored + 15 * DAY)  # too late to compare
    [change] = read(journal).changes
    assert (change.kind, change.serial_number, change.time) == (
        "restored",
        "12345678",
        "2026-10-04T11:00:00+03:00",
    )
    effect = change.all_products
    assert (count(effect.before), count(effect.after)) == ((10, 30), (31, 31))
    assert (effect.verdict, effect.difference) == ("better", pytest.approx(2 / 3))


def test_the_effect_of_a_teaching_session_on_the_taught_products(journal: JournalFile) -> None:
    lesson = START + 3 * DAY
    for at, best in ((START, APPLE), (lesson + DAY, PEAR)):
        for _ in range(12):
            journal.add([best], "002", at=at)
        journal.add([APPLE], "001", at=at)
    journal.add_event("taught", at=lesson, detail="002")
    journal.add_event("taught", at=lesson + timedelta(minutes=50), detail="003")
    journal.add_event("taught", at=lesson + timedelta(minutes=100), detail="002")
    journal.add_event("taught", at=lesson + 9 * DAY, detail="001", device=None)
    figures = read(journal)
    assert [each.products for each in figures.changes] == [("001",), ("002", "003")]
    effect = figures.changes[1].taught_products
    assert effect is not None
    assert (count(effect.before), count(effect.after), effect.verdict) == ((0, 12), (12, 12), "better")
    assert count(figures.changes[1].all_products.before) == (1, 13)
    assert figures.changes[0].serial_number == "12345678"
    [summary] = figures.change_summaries
    assert (summary.changes, count(summary.comparison.before)) == (2, (2, 14))


def test_the_effect_of_an_engine_version_and_chance(journal: JournalFile) -> None:
    journal.add_device(2, engine="1.3.0")
    for number in range(20):
        journal.add([APPLE], "001" if number % 2 else "002", at=START, device=1)
        journal.add([APPLE], "001" if number % 2 else "002", at=START + DAY, device=2)
    [change] = read(journal).changes
    assert (change.kind, change.engines) == ("engine", ("1.2.0", "1.3.0"))
    assert (count(change.all_products.before), change.all_products.verdict) == ((10, 20), "chance")


def test_windows_end_at_the_nearest_restore(journal: JournalFile) -> None:
    journal.add_event("restored", at=START + 2 * DAY)
    journal.add_event("restored", at=START + 4 * DAY)
    for day in range(6):
        journal.add([APPLE], "001", at=START + day * DAY + timedelta(hours=1))
    second, first = read(journal).changes
    assert (first.all_products.before.total, first.all_products.after.total) == (2, 2)
    assert (second.all_products.before.total, second.all_products.after.total) == (2, 2)
    assert first.all_products.verdict == "too_few"


def test_the_form_for_programs_is_json(journal: JournalFile) -> None:
    journal.add([APPLE], "001")
    journal.add_event("taught", at=START, detail="001")
    form = read(journal).to_dict()
    assert json.loads(json.dumps(form, allow_nan=False))["overall"]["first"]["count"] == 1
    assert form["format"] == 1
