from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_ai_tools.report.intervals import get_difference_interval, get_p_value, get_wilson_interval

COUNTS = st.integers(0, 10_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (3, 4, 0.3006, 0.9544),  # 3 of 4 is anything from 30 to 95 %
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (1, 1, 0.2065, 1.0),
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, Statistics in Medicine 17, page 857
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson_intervals_are_those_of_the_literature(
    count: int, total: int, low: float, high: float
) -> None:
    assert get_wilson_interval(count, total) == pytest.approx((low, high), abs=6e-5)


@given(COUNTS)
def test_an_interval_holds_its_share_and_lies_between_0_and_1(counts: tuple[int, int]) -> None:
    count, total = counts
    low, high = get_wilson_interval(count, total)
    assert 0 <= low <= high <= 1
    if total:
        assert low <= count / total <= high


@given(COUNTS)
def test_an_interval_mirrors_that_of_the_opposite(counts: tuple[int, int]) -> None:
    count, total = counts
    low, high = get_wilson_interval(count, total)
    assert get_wilson_interval(total - count, total) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(COUNTS)
def test_more_trials_with_the_same_share_narrow_an_interval(counts: tuple[int, int]) -> None:
    count, total = counts
    low, high = get_wilson_interval(count, total)
    more_low, more_high = get_wilson_interval(count * 4, total * 4)
    assert more_high - more_low <= high - low + 1e-12


@pytest.mark.parametrize(("count", "total"), [(-1, 3), (4, 3)])
def test_what_is_no_share_is_refused(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="is not a share"):
        get_wilson_interval(count, total)


def test_the_interval_of_a_difference_is_newcombes() -> None:
    # Newcombe 1998, Statistics in Medicine 17, page 880, method 10: 56/70 and 48/80.
    assert get_difference_interval((48, 80), (56, 70)) == pytest.approx((0.0524, 0.3339), abs=6e-5)


@pytest.mark.parametrize(
    ("before", "after", "p_value"),
    [
        ((48, 80), (56, 70), 0.00819),
        ((50, 100), (50, 100), 1.0),
        ((10, 10), (20, 20), 1.0),
        ((40, 100), (60, 100), 0.00468),
    ],
)
def test_the_p_value_is_that_of_the_two_proportion_test(
    before: tuple[int, int], after: tuple[int, int], p_value: float
) -> None:
    assert get_p_value(before, after) == pytest.approx(p_value, abs=2e-4)
    assert get_p_value(after, before) == pytest.approx(p_value, abs=2e-4)
