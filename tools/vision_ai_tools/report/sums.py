"""The sums of one or more journals: all that the figures need, small, and ready to be added up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Literal, cast

from .journals import Problem

BINS = 1000
"""Scores are counted in steps of 1/BINS."""

ChangeKind = Literal["restored", "taught", "engine"]
Hits = tuple[int, int]
"""How often the right product came first, of how many weighings."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module with one version of its engine. None: the journal does not know."""

    serial_number: str | None = None
    engine: str | None = None


Scale = tuple[str, str]
"""The names of a store and of a scale in it."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed what a module recognizes, and the weighings before and after it."""

    kind: ChangeKind
    serial_number: str | None
    time: int
    """Microseconds since 1970-01-01 UTC."""
    utc_offset: int
    products: tuple[str, ...] = ()
    """The products that were taught."""
    engines: tuple[str, str] | None = None
    """The versions before and after."""
    before: Hits = (0, 0)
    after: Hits = (0, 0)
    products_before: Hits = (0, 0)
    """Of the weighings before, those of the products that were taught."""
    products_after: Hits = (0, 0)

    @property
    def day(self) -> int:
        """The local day, in days since 1970-01-01."""
        return (self.time // 1_000_000 + self.utc_offset) // 86_400


@dataclass(frozen=True, slots=True)
class Source:
    """A file, and what was read from it or why nothing was."""

    path: str
    recognitions: int = 0
    problem: Problem | None = None
    detail: str = ""
    skipped: int = 0
    """Rows that are not in the form of a journal."""


@dataclass(slots=True)
class Sums:
    """Sums of journals. A weighing is a recognition whose product was confirmed.

    A place counts from 1; 0: the product is not among the guesses; None: no product was confirmed.
    """

    days: Counter[tuple[int, int | None]] = field(default_factory=Counter[tuple[int, int | None]])
    """Recognitions by local day (days since 1970-01-01) and place."""
    modules: Counter[tuple[Module, int | None]] = field(default_factory=Counter[tuple[Module, int | None]])
    """Recognitions by module and place."""
    products: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])
    """Weighings by confirmed product and place."""
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    """Weighings whose best guess was wrong, by confirmed product and best guess."""
    best_guesses: Counter[str] = field(default_factory=Counter[str])
    """Recognitions by best guess."""
    scores: Counter[int] = field(default_factory=Counter[int])
    """Guesses of weighings, by score in steps of 1/BINS."""
    first_scores: Counter[int] = field(default_factory=Counter[int])
    """The right ones among them that came first."""
    later_scores: Counter[int] = field(default_factory=Counter[int])
    """The right ones among them that did not come first."""
    wrong_scores: Counter[int] = field(default_factory=Counter[int])
    """The wrong ones among them that came first."""
    latencies: Counter[tuple[int, int | None]] = field(default_factory=Counter[tuple[int, int | None]])
    """Recognitions by local day and latency in milliseconds, None where it is not known."""
    scales: Counter[tuple[Scale, int | None]] = field(default_factory=Counter[tuple[Scale, int | None]])
    """Recognitions by store and scale, where the rows name them, and place."""
    events: Counter[tuple[int, str]] = field(default_factory=Counter[tuple[int, str]])
    """Events by local day and kind."""
    names: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    """The name of each product, with the time of the newest recognition in the journal that it comes from."""
    changes: list[Change] = field(default_factory=list[Change])
    sources: list[Source] = field(default_factory=list[Source])

    def add(self, other: Sums) -> None:
        """Add the sums of other journals."""
        for each in fields(self):
            mine: object = getattr(self, each.name)
            if isinstance(mine, Counter):
                cast("Counter[object]", mine).update(getattr(other, each.name))
        self.changes += other.changes
        self.sources += other.sources
        self.add_names(other.names)

    def add_names(self, names: dict[str, tuple[str, int]]) -> None:
        """Add the names of products: the newer one counts."""
        for product, name in names.items():
            if product not in self.names or self.names[product][1] <= name[1]:
                self.names[product] = name
