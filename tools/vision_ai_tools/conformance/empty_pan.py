"""Finds out how the module answers with an empty pan, and which settings of `watch` follow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from vision_ai import ERROR_CODES

from .capture import Exchange
from .observations import EmptyPanTrial, Observations

# Categories of errors that do not depend on what is on the pan.
_OTHER_ERRORS = frozenset({"camera", "activation", "command", "request", "network", "update"})
# Above it, a score of an empty pan cannot be told from the score of a product.
_HIGHEST_SCORE = 0.5
_MARGIN = 0.05
"""The least distance between the scores of an empty pan and `min_score`, which is a multiple of it."""


@frozen
class EmptyPanFinding:
    """What the module returns for an empty pan."""

    found: str
    watch: Mapping[str, Any] | None
    """The arguments of `watch` that differ from its defaults; None if they are not known."""
    evidence: tuple[Exchange, ...]


def find_empty_pan(observations: Observations) -> EmptyPanFinding | None:
    """Return what the recognitions of the empty pan show; None if the operator did not say that it is empty."""
    if observations.pan is None:
        return None
    trials = observations.empty_pan
    evidence = _select_evidence(trials)
    if not trials:
        return EmptyPanFinding("No recognition of the empty pan had a usable response.", None, ())
    if not observations.knows_products:
        text = "The module knows no products, so it has no guesses, whatever is on the pan. Teach some first."
        return EmptyPanFinding(text, None, evidence)
    codes = sorted({code for each in trials if (code := each.exchange.code) not in (None, 0)})
    for code in codes:
        if code in ERROR_CODES and ERROR_CODES[code].category in _OTHER_ERRORS:
            text = f"A recognition returned the error {code}, which does not depend on the pan."
            return EmptyPanFinding(text, None, evidence)
    scores = [each.best_score for each in trials if each.best_score is not None]
    without_guesses = len(trials) - len(scores) - sum(each.exchange.code != 0 for each in trials)
    if scores and max(scores) >= _HIGHEST_SCORE:
        text = (
            f"The empty pan is recognized as a product, with scores of up to {max(scores):.2f}: it cannot be told"
            " from a product. Make sure that it is empty and clean; otherwise watch(when=…) with the weight."
        )
        return EmptyPanFinding(text, None, evidence)
    watch: dict[str, Any] = {}
    results: list[str] = []
    if without_guesses:
        results.append(f"{without_guesses} had no guesses")
    else:
        watch["empty_without_guesses"] = False
    if scores:
        results.append(f"{len(scores)} had scores of up to {max(scores):.2f}")
        watch["min_score"] = _choose_min_score(max(scores))
    if codes:
        errors = len(trials) - len(scores) - without_guesses
        results.append(f"{errors} returned the error {' or '.join(map(str, codes))}")
        watch["empty_codes"] = codes
    text = f"Of {len(trials)} recognitions of the empty pan, {', '.join(results)}."
    return EmptyPanFinding(text, watch, evidence)


def format_watch(watch: Mapping[str, Any]) -> str:
    """Return the call of `watch` with these arguments, as Python."""
    return f"watch({', '.join(f'{name}={value!r}' for name, value in watch.items())})"


def _choose_min_score(score: float) -> float:
    return round(math.ceil((score + _MARGIN) / _MARGIN - 1e-9) * _MARGIN, 2)


def _select_evidence(trials: list[EmptyPanTrial]) -> tuple[Exchange, ...]:
    """Return one recognition of each kind, and of those with guesses the one with the highest score."""
    kinds: dict[object, EmptyPanTrial] = {}
    for each in trials:
        kind = (each.exchange.code, each.best_score is None)
        if kind not in kinds or (each.best_score or 0) > (kinds[kind].best_score or 0):
            kinds[kind] = each
    return tuple(each.exchange for each in kinds.values())
