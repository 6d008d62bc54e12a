"""Confidence intervals of shares, and the test whether two shares differ by more than chance."""

from __future__ import annotations

from math import erfc, sqrt

Z95 = 1.959963984540054
"""The normal quantile of a two-sided 95 % interval."""


def get_wilson_interval(count: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Return the Wilson score interval of a share. It also holds for few weighings and near 0 % and 100 %.

    Args:
        count: How often it happened, 0 … total.
        total: The number of trials. Without any, nothing is known: 0 to 1.
        z: The normal quantile; the default gives a 95 % interval.
    """
    if not 0 <= count <= total:
        raise ValueError(f"{count} of {total} is not a share")
    if total == 0:
        return 0.0, 1.0
    share = count / total
    denominator = 1 + z * z / total
    center = (share + z * z / (2 * total)) / denominator
    half = z / denominator * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    # Rounding must not cut off the ends, which are exact.
    low = 0.0 if count == 0 else max(0.0, center - half)
    high = 1.0 if count == total else min(1.0, center + half)
    return low, high


def get_difference_interval(
    before: tuple[int, int], after: tuple[int, int], z: float = Z95
) -> tuple[float, float]:
    """Return Newcombe's interval of the difference of two shares, after minus before.

    Args:
        before, after: How often it happened, and the number of trials; both numbers of trials above 0.
        z: The normal quantile; the default gives a 95 % interval.
    """
    (count1, total1), (count2, total2) = before, after
    share1, share2 = count1 / total1, count2 / total2
    low1, high1 = get_wilson_interval(count1, total1, z)
    low2, high2 = get_wilson_interval(count2, total2, z)
    difference = share2 - share1
    low = difference - sqrt((share2 - low2) ** 2 + (high1 - share1) ** 2)
    high = difference + sqrt((high2 - share2) ** 2 + (share1 - low1) ** 2)
    return low, high


def get_p_value(before: tuple[int, int], after: tuple[int, int]) -> float:
    """Return how likely chance alone makes two shares differ this much: the two-sided two-proportion z-test.

    Args:
        before, after: How often it happened, and the number of trials; both numbers of trials above 0.
    """
    (count1, total1), (count2, total2) = before, after
    pooled = (count1 + count2) / (total1 + total2)
    variance = pooled * (1 - pooled) * (1 / total1 + 1 / total2)
    if variance == 0:
        return 1.0
    return erfc(abs(count2 / total2 - count1 / total1) / sqrt(2 * variance))
