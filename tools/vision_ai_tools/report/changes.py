"""What changed a module, and how often the right product came first before and after.

Weighings are counted in the days before and after a change, up to the nearest restore or engine version of the same
module on that side: these replace everything that the module knows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from .sums import Change, Hits, Module

DAYS_COMPARED = 14
"""Weighings of so many days before and after a change are compared."""
SESSION_PAUSE = 3600
"""Seconds. Lessons with a shorter pause between them belong to one teaching session."""

_SECOND = 1_000_000
_WINDOW = DAYS_COMPARED * 86_400 * _SECOND


class ChangeCounter:
    """Counts the weighings around the changes of one journal."""

    def __init__(self, changes: Sequence[Change], modules: Mapping[int, Module]) -> None:
        self._changes = changes
        self._modules = modules
        ends = {end for each in changes for end in (each.time - _WINDOW, each.time, each.time + _WINDOW)}
        self._ends = sorted(ends)
        self._taught = {product for each in changes for product in each.products}
        self._all: Counter[tuple[int, int | None, int | None]] = Counter()
        """Recognitions by segment between two ends, device and place."""
        self._products: Counter[tuple[int, int | None, int | None, str | None]] = Counter()
        """The same of the products that were taught, with the product."""

    def add(
        self,
        times: Sequence[int],
        devices: Sequence[int | None],
        choices: Sequence[str | None],
        places: Sequence[int | None],
    ) -> None:
        """Count recognitions."""
        if not self._changes:
            return
        ends, taught = self._ends, self._taught
        segments = [bisect_right(ends, time) for time in times]
        self._all.update(zip(segments, devices, places, strict=True))
        if taught:
            rows = zip(segments, devices, places, choices, strict=True)
            self._products.update([row for row in rows if row[3] in taught])

    def get_changes(self) -> list[Change]:
        """Return the changes with the weighings around them."""
        by_module: dict[str | None, list[Change]] = defaultdict(list)
        for change in self._changes:
            by_module[change.serial_number].append(change)
        totals: dict[tuple[str | None, str | None], _Segments] = defaultdict(_Segments)
        for (segment, device, place), count in self._all.items():
            totals[self._get_serial_number(device), None].add(segment, place, count)
        for (segment, device, place, product), count in self._products.items():
            totals[self._get_serial_number(device), product].add(segment, place, count)
        result: list[Change] = []
        for changes in by_module.values():
            result += self._count_around(changes, totals)
        return sorted(result, key=lambda each: each.time)

    def _get_serial_number(self, device: int | None) -> str | None:
        return get_module(self._modules, device).serial_number

    def _count_around(
        self, changes: list[Change], totals: Mapping[tuple[str | None, str | None], _Segments]
    ) -> Iterable[Change]:
        """Yield the changes of one module with the weighings around them."""
        serial_number = changes[0].serial_number
        everything = _Sums(totals.get((serial_number, None)), len(self._ends))
        products = {
            product: _Sums(totals.get((serial_number, product)), len(self._ends))
            for product in {product for each in changes for product in each.products}
        }
        replacements = sorted(each.time for each in changes if each.kind != "taught")
        for change in changes:
            low, high = change.time - _WINDOW, change.time + _WINDOW
            earlier = [each for each in replacements if low < each < change.time]
            later = [each for each in replacements if change.time < each < high]
            first = bisect_right(self._ends, earlier[-1] if earlier else low)
            middle = bisect_right(self._ends, change.time)
            last = bisect_right(self._ends, later[0] if later else high)
            taught = [products[each] for each in change.products]
            yield replace(
                change,
                before=everything.get(first, middle),
                after=everything.get(middle, last),
                products_before=_add_hits(each.get(first, middle) for each in taught),
                products_after=_add_hits(each.get(middle, last) for each in taught),
            )


class _Segments:
    """Hits by segment."""

    def __init__(self) -> None:
        self.firsts: Counter[int] = Counter()
        self.weighings: Counter[int] = Counter()

    def add(self, segment: int, place: int | None, count: int) -> None:
        """Count recognitions; those without a confirmed product are no weighings."""
        if place is not None:
            self.weighings[segment] += count
            self.firsts[segment] += count if place == 1 else 0


class _Sums:
    """Hits of any run of segments."""

    def __init__(self, segments: _Segments | None, ends: int) -> None:
        segments = segments or _Segments()
        self._firsts = [0, *accumulate(segments.firsts[each] for each in range(ends + 1))]
        self._weighings = [0, *accumulate(segments.weighings[each] for each in range(ends + 1))]

    def get(self, start: int, end: int) -> Hits:
        """Return the hits of the segments from `start` to before `end`."""
        return self._firsts[end] - self._firsts[start], self._weighings[end] - self._weighings[start]


def _add_hits(hits: Iterable[Hits]) -> Hits:
    firsts, weighings = 0, 0
    for first, count in hits:
        firsts += first
        weighings += count
    return firsts, weighings


Event = tuple[int, int, str | None, str, object]
"""Time, difference to UTC, serial number, kind and detail."""
Start = tuple[int, int, Module]
"""Time, difference to UTC, and the module whose first recognition that is."""


def find_changes(events: Iterable[Event], starts: Iterable[Start]) -> list[Change]:
    """Find the changes of one till's modules, without the weighings around them.

    Args:
        events: What happened to the modules, in the order of time.
        starts: The first recognition of each version of each module.
    """
    changes: list[Change] = []
    sessions: dict[str | None, Change] = {}
    last_lessons: dict[str | None, int] = {}
    for time, utc_offset, serial_number, kind, detail in events:
        if kind == "restored":
            changes.append(Change("restored", serial_number, time, utc_offset))
            continue
        session = sessions.get(serial_number)
        if session is None or time - last_lessons[serial_number] > SESSION_PAUSE * _SECOND:
            if session is not None:
                changes.append(session)
            session = Change("taught", serial_number, time, utc_offset)
        if isinstance(detail, str) and detail not in session.products:
            session = replace(session, products=(*session.products, detail))
        sessions[serial_number] = session
        last_lessons[serial_number] = time
    changes += sessions.values()
    changes += _find_engine_changes(starts)
    return changes


def get_only_serial_number(modules: Iterable[Module]) -> str | None:
    """Return the serial number of all modules, if it is one: an event may come before the module has said its own."""
    serial_numbers = {each.serial_number for each in modules}
    return next(iter(serial_numbers)) if len(serial_numbers) == 1 else None


def _find_engine_changes(starts: Iterable[Start]) -> Iterable[Change]:
    engines: dict[str, str] = {}
    seen: set[Module] = set()
    for time, utc_offset, module in sorted(starts, key=lambda each: each[0]):
        if module.serial_number is None or module.engine is None or module in seen:
            continue
        seen.add(module)
        previous = engines.get(module.serial_number)
        engines[module.serial_number] = module.engine
        if previous is not None:
            yield Change("engine", module.serial_number, time, utc_offset, engines=(previous, module.engine))


def get_module(modules: Mapping[int, Module], device: object) -> Module:
    """Return a row's module; one without a name where the row has none."""
    return modules.get(device, Module()) if isinstance(device, int) else Module()
