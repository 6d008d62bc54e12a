"""Rows of a journal → sums."""

from __future__ import annotations

import gc
import json
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, cast

try:  # twice as fast as the standard library, and in the extra `report`
    from orjson import loads as decode_json
except ImportError:
    from json import loads as decode_json

from .sums import BINS, Sums

LAST_TIME = 250_000_000_000 * 1_000_000
"""Microseconds; later times, in the year 9892, are none."""
LAST_OFFSET = 90_000
"""Seconds; no place is further from UTC."""

Row = tuple[int, int, int, int | None, str, int | None, str | None, int | None]
"""Local day, time, difference to UTC, device, guesses, milliseconds, confirmed product, place."""


@contextmanager
def pause_collector() -> Generator[None]:
    """Pause the collector of cycles, which would look through millions of guesses and find none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class RowChangeCounter(Protocol):
    """Counts the weighings around changes."""

    def add(
        self,
        times: Sequence[int],
        devices: Sequence[int | None],
        choices: Sequence[str | None],
        places: Sequence[int | None],
    ) -> None:
        """Count recognitions."""
        ...


class RowCounter:
    """Counts the rows of one journal, or of one file of rows."""

    def __init__(self, sums: Sums, changes: RowChangeCounter) -> None:
        self.sums = sums
        self.devices: Counter[tuple[int | None, int | None]] = Counter()
        """Recognitions by device and place."""
        self.skipped = 0
        self._changes = changes

    def add(self, rows: list[Row]) -> None:
        """Count rows, except those that are not in the form of a journal."""
        try:
            # Decoded at once: a call for each row takes longer than the row.
            guesses = decode_json(f"[{','.join([row[4] for row in rows])}]")
            if len(guesses) == len(rows) and _have_form(rows):
                self._count(rows, guesses)
                return
        except _NOT_GUESSES:
            pass
        pairs = [
            (row, each)
            for row in rows
            if _have_form([row])
            and (each := _read_guesses(row[4])) is not None
            and (row[7] or 0) <= len(each)
        ]
        self.skipped += len(rows) - len(pairs)
        if pairs:
            self._count([row for row, _ in pairs], [each for _, each in pairs])

    def _count(self, rows: list[Row], guesses: list[Any]) -> None:
        """Count all rows, or raise and count none."""
        sums = self.sums
        days, times, _, devices, _, latencies, choices, places = zip(*rows, strict=True)
        bests = [each[0][0] for each in guesses if each]
        if not _are_all(bests, str):
            raise TypeError("the number of a product is a text")
        weighings = [
            (choice, place, each)
            for choice, place, each in zip(choices, places, guesses, strict=True)
            if choice is not None
        ]
        wrong = [each for each in weighings if each[1] != 1]
        scores = [int(score * BINS + 1e-6) for _, _, each in weighings for _, score in each]
        first_scores = [int(each[0][1] * BINS + 1e-6) for _, place, each in weighings if place == 1]
        later_scores = [int(each[place - 1][1] * BINS + 1e-6) for _, place, each in wrong if place]
        sums.scores.update(scores)
        sums.first_scores.update(first_scores)
        sums.later_scores.update(later_scores)
        sums.wrong_scores.update([int(each[0][1] * BINS + 1e-6) for _, _, each in wrong if each])
        sums.confusions.update([(choice, each[0][0]) for choice, _, each in wrong if each])
        sums.products.update(zip(choices, places, strict=True))
        cast("Counter[Any]", sums.products).pop((None, None), None)  # rows without a choice
        sums.best_guesses.update(bests)
        sums.days.update(zip(days, places, strict=True))
        sums.latencies.update(zip(days, latencies, strict=True))
        self.devices.update(zip(devices, places, strict=True))
        self._changes.add(times, devices, choices, places)


def _have_form(rows: list[Row]) -> bool:
    """Return whether the columns of all rows have the form of a journal. Guesses only have to be texts."""
    _, times, utc_offsets, devices, guesses, _, choices, places = zip(*rows, strict=True)
    # Sets of columns with few values: looking at each value of each row would take as long as counting them.
    return (
        _are_all(times, int)
        and min(times) >= 0
        and max(times) <= LAST_TIME
        and all(type(each) is int and abs(each) <= LAST_OFFSET for each in {*utc_offsets})
        and _are_all({*devices}, int, type(None))
        and _are_all(guesses, str)
        and {*zip(map(type, choices), map(type, places), strict=True)} <= _CHOICE_TYPES
        and all(each is None or each >= 0 for each in {*places})
    )


_CHOICE_TYPES = {(str, int), (type(None), type(None))}


def _are_all(values: Iterable[object], *types: type) -> bool:
    return set(map(type, values)) <= set(types)


_NOT_GUESSES = (TypeError, ValueError, LookupError, OverflowError, RecursionError)


def _read_guesses(text: str) -> list[tuple[str, float]] | None:
    """Return guesses of which not all are in the form of a journal; None where they are no guesses."""
    try:
        guesses = [(id, float(score)) for id, score in json.loads(text)]
        int(sum(score for _, score in guesses))  # infinity is no score
        if not _are_all([id for id, _ in guesses], str):
            return None
    except _NOT_GUESSES:
        return None
    return guesses
