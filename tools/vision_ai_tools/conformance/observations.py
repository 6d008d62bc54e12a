"""What an examination has seen: all that verdicts and reports are made of."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from attrs import define, field, frozen

from vision_ai_generated.operation import Effect

from .capture import Exchange

EFFECTS: tuple[Effect, ...] = ("read", "set", "act", "destructive")
"""How far an examination may go; each level includes those before it."""

Further = Literal["reboot", "reset_device"]
FURTHER: tuple[Further, ...] = ("reboot", "reset_device")
"""What even "destructive" leaves out unless it is asked for by name."""

Spelling = Literal["id", "item_id", "both"]
SPELLINGS: tuple[Spelling, ...] = ("id", "item_id", "both")

UNKNOWN_COMMAND = "/api/no_such_command"
"""A path that no firmware has."""

Outcome = Literal["complete", "unreachable", "not_a_module", "broken_off"]


@frozen
class SpellingTry:
    """A request that named its fields in one way (A1)."""

    spelling: Spelling
    exchange: Exchange
    understood: bool | None
    """Whether the module found the fields; None where its answer does not tell."""


@frozen
class RestoreTry:
    """A restore with the file under one part name (A4)."""

    part_name: str | None
    exchanges: tuple[Exchange, ...]
    """The uploads: a second one where the module did not know the first path (A3)."""
    accepted: bool
    """Whether the module said that the file has arrived."""
    completed: bool
    """Whether it then said that the restore is complete."""


@define
class Seen:
    """Filled as the examination goes on; true at any moment of it."""

    url: str
    effects: Effect
    further: tuple[Further, ...] = ()
    started: datetime | None = None
    exchanges: list[Exchange] = field(factory=list[Exchange])
    device_info: dict[str, object] | None = None
    spellings: list[SpellingTry] = field(factory=list[SpellingTry])
    restores: list[RestoreTry] = field(factory=list[RestoreTry])
    left_out: list[str] = field(factory=list[str])
    """What could not be tried although it was allowed, and why."""
    traces: list[str] = field(factory=list[str])
    """What is not as it was before."""
    outcome: Outcome = "complete"
    stopped_because: str = ""

    def asked(self, *operations: str) -> list[Exchange]:
        """The exchanges of these operations that have a whole answer."""
        return [each for each in self.exchanges if each.operation in operations and each.whole]

    @property
    def unknown_command(self) -> Exchange | None:
        """The answer to a command that no firmware has."""
        return next((each for each in self.exchanges if each.target.endswith(UNKNOWN_COMMAND)), None)


def is_unknown(exchange: Exchange) -> bool:
    """Whether the module said that it knows no such command, in one of the ways that A3 names."""
    return exchange.code == -6117 or exchange.status in (404, 405)
