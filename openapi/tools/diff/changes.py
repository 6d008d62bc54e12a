"""A change of the contract, and the consumers that it breaks."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from document import Node


class Impact(enum.IntEnum):
    EDITORIAL = 0
    ADDITION = 1
    BREAKING = 2


class Consumer(enum.Enum):
    SENDER = "clients that send it"
    READER = "clients that read it"
    GENERATED = "programs that use a generated client"


# The headings of Keep a Changelog.
ADDED, CHANGED, DEPRECATED, REMOVED = "Added", "Changed", "Deprecated", "Removed"


@dataclass(frozen=True)
class Change:
    where: str
    text: str
    impact: Impact
    heading: str = CHANGED
    breaks: tuple[Consumer, ...] = ()

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" if self.where else self.text


class Changes:
    """A list of changes without duplicates: a schema can be compared by several paths."""

    def __init__(self) -> None:
        self._changes: dict[tuple[str, str], Change] = {}

    def all(self) -> list[Change]:
        return list(self._changes.values())

    def add_editorial(self, where: str) -> None:
        self._add(Change(where, "descriptions or examples", Impact.EDITORIAL))

    def add_addition(self, where: str, text: str, heading: str = ADDED) -> None:
        self._add(Change(where, text, Impact.ADDITION, heading))

    def add_breaking(self, where: str, text: str, *breaks: Consumer, heading: str = CHANGED) -> None:
        self._add(Change(where, text, Impact.BREAKING, heading, breaks))

    def add_narrowed(self, side: Consumer, where: str, text: str) -> None:
        """Add a change that allows fewer values. It breaks senders only."""
        if side is Consumer.READER:
            self.add_addition(where, text, CHANGED)
        else:
            self.add_breaking(where, text, side)

    def add_widened(self, side: Consumer, where: str, text: str) -> None:
        """Add a change that allows more values. It breaks readers only."""
        if side is Consumer.READER:
            self.add_breaking(where, text, side)
        else:
            self.add_addition(where, text, CHANGED)

    def add_unknown(self, where: str, old: Node, new: Node, known: Iterable[str]) -> None:
        """Add each difference in keywords that this comparison does not know. It counts as breaking."""
        known = set(known)
        for key in [*old, *(key for key in new if key not in old)]:
            if key not in known and old.get(key) != new.get(key):
                text = f"`{key}` changed. This comparison does not know it, so the change counts as breaking"
                self.add_breaking(where, text, *Consumer)

    def _add(self, change: Change) -> None:
        self._changes.setdefault((change.where, change.text), change)
