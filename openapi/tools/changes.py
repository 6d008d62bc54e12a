"""What a change of the contract is, whom it hurts, and which rise of the version it asks for."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from document import Node


class Impact(enum.IntEnum):
    WORDS = 0
    ADDITION = 1
    BREAKING = 2


class Consumer(enum.Enum):
    SENDS = "a client that sends"
    READS = "a client that reads"
    BUILT = "a program built with a generated client"


# Keep a Changelog's headings.
ADDED, CHANGED, DEPRECATED, REMOVED = "Added", "Changed", "Deprecated", "Removed"


@dataclass(frozen=True)
class Change:
    where: str
    text: str
    impact: Impact
    heading: str = CHANGED
    hurts: tuple[Consumer, ...] = ()

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" if self.where else self.text


class Changes:
    """A list in which the same sentence stands once, however many ways lead to it."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Change] = {}

    def all(self) -> list[Change]:
        return list(self._found.values())

    def words(self, where: str) -> None:
        self._add(Change(where, "words or examples", Impact.WORDS))

    def addition(self, where: str, text: str, heading: str = ADDED) -> None:
        self._add(Change(where, text, Impact.ADDITION, heading))

    def breaking(self, where: str, text: str, *hurts: Consumer, heading: str = CHANGED) -> None:
        self._add(Change(where, text, Impact.BREAKING, heading, hurts))

    def narrower(self, side: Consumer, where: str, text: str) -> None:
        """Fewer values than before: what a client sends may be refused; what it reads it understands."""
        if side is Consumer.READS:
            self.addition(where, text, CHANGED)
        else:
            self.breaking(where, text, side)

    def wider(self, side: Consumer, where: str, text: str) -> None:
        """More values than before: what a client sends is still good; what it reads may be new to it."""
        if side is Consumer.READS:
            self.breaking(where, text, side)
        else:
            self.addition(where, text, CHANGED)

    def unknown(self, where: str, old: Node, new: Node, known: Iterable[str]) -> None:
        """Nothing gets past in silence: a difference in what is not known here counts as breaking."""
        known = set(known)
        for key in [*old, *(key for key in new if key not in old)]:
            if key not in known and old.get(key) != new.get(key):
                self.breaking(
                    where,
                    f"`{key}` has changed, which this comparison does not understand: it counts as breaking",
                    *Consumer,
                )

    def _add(self, change: Change) -> None:
        self._found.setdefault((change.where, change.text), change)
